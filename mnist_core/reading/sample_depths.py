"""Pictures whose pixels are not bytes: 16 and 32 bits, fractions, holes. Brought to grey of 8 bits."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SAMPLE_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
"""Pillow's modes with more than 8 bits in a pixel's one number."""

_STRIP_PIXELS = 1 << 18
_DEPTHS = (8, 10, 12, 14, 16, 24, 31)
"""Bits that devices really fill: many store 12 where there is room for 16. Pillow's 32 have a sign."""


def sample_converter(picture: Image.Image) -> Callable[[Image.Image], NDArray[np.uint8]]:
    """Return the function that brings parts of a picture of one number a pixel to 8 bits.

    Whole numbers are divided by the smallest usual range that holds them, fractions are taken to run
    from 0 to 1, or else from 0 to 255, or else from their least to their greatest. Holes (NaN and
    infinities) become the picture's mean.

    Args:
        picture: a decoded Pillow picture of one of SAMPLE_MODES.
    Returns:
        From a part of that picture, a Pillow picture of (h, w), to uint8 (h, w).
    Raises:
        ValueError: not one number in it is finite.
    """
    least, greatest, mean = _finite_range(picture)
    low, high = _scale(least, greatest, whole=picture.mode != "F")

    def convert(part: Image.Image) -> NDArray[np.uint8]:
        samples = np.asarray(part).astype(np.float64)
        filled = np.where(np.isfinite(samples), samples, mean)
        return np.clip(np.rint((filled - low) * (255 / (high - low))), 0, 255).astype(np.uint8)

    return convert


def _finite_range(picture: Image.Image) -> tuple[float, float, float]:
    least, greatest, total, count = np.inf, -np.inf, 0.0, 0
    rows = max(1, _STRIP_PIXELS // picture.width)
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        samples = np.asarray(strip).astype(np.float64)
        finite = samples[np.isfinite(samples)]
        if finite.size:
            least = min(least, float(finite.min()))
            greatest = max(greatest, float(finite.max()))
            total += float(finite.sum())
            count += finite.size
    if not count:
        raise ValueError("no finite number in the picture")
    return least, greatest, total / count


def _scale(least: float, greatest: float, whole: bool) -> tuple[float, float]:
    """Choose which number becomes 0 and which 255."""
    if whole:
        return 0.0, next((2.0**depth - 1 for depth in _DEPTHS if greatest < 2**depth), greatest)
    for high in (1.0, 255.0):
        if least >= 0 and greatest <= high:
            return 0.0, high
    return least, max(greatest, least + 1.0)
