"""Decodes large PNG and TIFF files with libvips, row by row, so that only the reduced picture is held.

Pillow holds such a picture whole, in up to four bytes a pixel. libvips is given nothing but these two
formats, whose readers are fuzzed without end (OSS-Fuzz), and these only after Pillow has read the header.
"""

import logging
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_core.reading.file_headers import stored_width, tiff_tile_rows

_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
"""Pillow's modes whose pixels libvips gives as the same bytes."""
_ROWS_HELD = 700
"""Rows that libvips holds on their way, as measured; they count where a picture is very wide..."""
_TILES_HELD = 2.5
"""...and rows of tiles, likewise."""
_FIXED_BYTES = 20_000_000
_CHANNEL_BYTES = 2
"""A channel has one byte or two, which Pillow doesn't tell."""


def can_be_streamed(picture: Image.Image) -> bool:
    """Return whether a picture may be decoded here.

    Args:
        picture: as Pillow has opened it. The rows of an interlaced PNG don't come in order.
    """
    is_png = picture.format == "PNG" and not picture.info.get("interlace")
    return (is_png or picture.format == "TIFF") and picture.mode in _MODES


def streaming_bytes(picture: Image.Image, factor: int, channels: int) -> int:
    """Compute how much memory decoding here takes at most.

    Args:
        picture: as Pillow has opened it.
        factor: by which both sides are reduced.
        channels: 1, 3 or 4, of the result.
    """
    width, height = picture.size
    reduced = (width // factor + 1) * (height // factor + 1) * channels
    rows = max(_ROWS_HELD, int(_TILES_HELD * tiff_tile_rows(picture)))
    held = stored_width(picture) * min(rows, max(width, height)) * channels * _CHANNEL_BYTES
    return _FIXED_BYTES + reduced + held


def decode_streamed(content: bytes, file_format: str, factor: int, channels: int) -> NDArray[np.uint8]:
    """Decode a PNG or TIFF, reduced.

    Args:
        content: of the file.
        file_format: "PNG" or "TIFF".
        factor: by which both sides are reduced; blocks of pixels are averaged.
        channels: 1, 3 or 4, of the result.
    Returns:
        uint8 (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA.
    Raises:
        Exception: libvips' own, where the file is damaged or cut short.
    """
    vips = _libvips()
    load = vips.Image.pngload_buffer if file_format == "PNG" else vips.Image.tiffload_buffer
    image = load(content, access="sequential", fail_on="error")
    if image.format != "uchar":
        image = image.cast("uchar", shift=True)
    if image.bands > channels:  # a TIFF may have channels that mean nothing
        image = image.extract_band(0, n=channels)
    across, down = min(factor, image.width), min(factor, image.height)
    pixels = image.shrink(across, down, ceil=True).numpy()
    if channels == 4 and image.bands == 2:
        grey, alpha = pixels[..., 0], pixels[..., 1]
        pixels = cv2.merge([grey, grey, grey, alpha])
    return np.asarray(pixels, np.uint8).reshape(*pixels.shape[:2], *((channels,) if channels > 1 else ()))


@cache
def _libvips() -> Any:
    """Load libvips, which takes 0.1 s and 9 MB, when the first picture comes that is large: few are."""
    logging.getLogger("pyvips").setLevel(logging.CRITICAL)  # what it says of broken files, our sentences say
    import pyvips

    pyvips.cache_set_max(0)  # it would hold files that are done with
    pyvips.concurrency_set(1)  # each thread has buffers of its own, and unpacking can't be shared out
    return pyvips
