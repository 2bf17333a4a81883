"""Reads what a picture file says of itself, where the libraries that decode it don't say or don't look."""

import struct

from PIL import Image, TiffImagePlugin

_HEIF_PARTS = (b"ftyp", b"meta", b"mdat")
"""The boxes of a HEIC file without which there is no picture."""

_START_OF_SCAN = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that begin a frame: its size and its components."""
_PROGRESSIVE_FRAMES = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})
_BLOCK_SIDE, _BLOCK_BYTES = 8, 128
"""A block of a JPEG: 8 by 8 coefficients of two bytes."""
_WIDTH, _HEIGHT, _BITS_PER_SAMPLE, _ORIENTATION, _ROWS_PER_STRIP = 256, 257, 258, 274, 278
_TILE_WIDTH, _TILE_LENGTH = 322, 323
"""Tags of a TIFF."""


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
        if size < 8:  # 0 is up to the end of the file, what is less than a box's header libheif refuses
            return False
        start += size
        if kind in _HEIF_PARTS and start > len(content):
            return True
    return False


def count_jpeg_scans(content: bytes) -> int:
    """Return how many scans a JPEG file has at most; each costs a pass over all pixels.

    Args:
        content: of the file.
    """
    return content.count(bytes((0xFF, _START_OF_SCAN)))


def jpeg_coefficient_bytes(content: bytes) -> int:
    """Compute how much libjpeg holds of a JPEG while it decodes it, however small it is to become.

    Args:
        content: of the file.
    Returns:
        Bytes: all coefficients where they come in several scans, as in a progressive JPEG; 0 where libjpeg
        goes through the picture row by row, or would refuse it.
    """
    held = components = 0
    is_progressive = False
    for marker, segment in _jpeg_segments(content):
        if marker in _FRAMES and len(segment) >= 6:
            is_progressive = marker in _PROGRESSIVE_FRAMES
            components = segment[5]
            held = _coefficient_bytes(segment)
        elif marker == _START_OF_SCAN:
            return held if is_progressive or (segment and segment[0] < components) else 0
    return 0


def _jpeg_segments(content: bytes) -> list[tuple[int, bytes]]:
    """Return the markers of a JPEG with what they hold, up to its first scan."""
    segments = []
    position = 2
    while (position := content.find(b"\xff", position)) >= 0 and position + 4 <= len(content):
        marker = content[position + 1]
        if marker in (0x00, 0xFF) or marker in _WITHOUT_LENGTH:
            position += 1
            continue
        (length,) = struct.unpack_from(">H", content, position + 2)
        segments.append((marker, content[position + 4 : position + 2 + length]))
        if marker == _START_OF_SCAN:
            break
        position += 2 + max(length, 2)
    return segments


def _coefficient_bytes(frame: bytes) -> int:
    """Sum up the coefficients of a frame's components, of which each may be sampled more coarsely."""
    height, width, count = struct.unpack_from(">HHB", frame, 1)
    factors = [
        (frame[at + 1] >> 4, frame[at + 1] & 15) for at in range(6, min(6 + 3 * count, len(frame) - 2), 3)
    ]
    most = [max((factor[axis] for factor in factors), default=0) or 1 for axis in (0, 1)]
    return sum(
        _blocks(width * across, most[0]) * _blocks(height * down, most[1]) * _BLOCK_BYTES
        for across, down in factors
    )


def _blocks(samples: int, coarseness: int) -> int:
    return -(-samples // (coarseness * _BLOCK_SIDE))


def tiff_block_bytes(picture: Image.Image) -> int:
    """Compute how much libtiff unpacks at once.

    Args:
        picture: as Pillow has opened it.
    Returns:
        Bytes of a strip or tile, whatever part of it lies inside the picture; 0 for other formats.
    """
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return 0
    height = int(picture.tag_v2.get(_HEIGHT, picture.height))
    width = int(picture.tag_v2.get(_TILE_WIDTH, stored_width(picture)))
    rows = tiff_tile_rows(picture) or min(int(picture.tag_v2.get(_ROWS_PER_STRIP, height)), height)
    bits = picture.tag_v2.get(_BITS_PER_SAMPLE, (1,))  # one number a channel
    return width * rows * sum(int(depth) for depth in bits) // 8


def tiff_tile_rows(picture: Image.Image) -> int:
    """Return how many rows a TIFF's tile has; 0 where it has none."""
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return 0
    return int(picture.tag_v2.get(_TILE_LENGTH, 0))


def stored_width(picture: Image.Image) -> int:
    """Return a picture's width as its file stores it; of a TIFF, Pillow tells the width once upright."""
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return picture.width
    return int(picture.tag_v2.get(_WIDTH, picture.width))


def is_turned_by_pillow(picture: Image.Image) -> bool:
    """Return whether Pillow turns a picture upright as it decodes it; it does so with TIFFs only."""
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return False
    return bool(picture.tag_v2.get(_ORIENTATION, 1) != 1)
