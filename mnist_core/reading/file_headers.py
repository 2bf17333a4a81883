"""Reads what a picture file says of itself, where the libraries that decode it don't look closely enough."""

import struct

_HEIF_PARTS = (b"ftyp", b"meta", b"mdat")
"""The boxes of a HEIC file without which there is no picture."""


def is_heif_cut_short(content: bytes) -> bool:
    """Return whether a HEIC file ends before one of its parts does.

    A phone's photo is a grid of tiles; libheif leaves those black whose bytes are missing, without a word.

    Args:
        content: of the file.
    """
    start = 0
    while start + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, start)
        if size == 1 and start + 16 <= len(content):  # too large for 32 bits: 64 bits follow
            (size,) = struct.unpack_from(">Q", content, start + 8)
        if (
            size < 8
        ):  # 0: to the end of the file; less than a box's own header: damaged, so libheif's business
            return False
        start += size
        if kind in _HEIF_PARTS and start > len(content):
            return True
    return False
