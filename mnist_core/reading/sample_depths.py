"""Pictures whose pixels are not bytes: 16 and 32 bits, fractions, holes. Brought to grey of 8 bits."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_STRIP_PIXELS = 1 << 20
_DEPTHS = (8, 10, 12, 14, 16, 24, 31)
"""Bits that devices really fill: many store 12 where there is room for 16. Pillow's 32 have a sign."""


def grey_from_samples(picture: Image.Image) -> NDArray[np.uint8]:
    """Bring a picture of one number a pixel to 8 bits.

    Whole numbers are divided by the smallest usual range that holds them, fractions are taken to run
    from 0 to 1, or else from 0 to 255, or else from their least to their greatest. Holes (NaN and
    infinities) become the picture's mean.

    Args:
        picture: a decoded Pillow picture of mode I, F or I;16 in any byte order.
    Returns:
        uint8 (H, W).
    Raises:
        ValueError: not one number in it is finite.
    """
    least, greatest, mean = _finite_range(picture)
    low, high = _scale(least, greatest, whole=picture.mode != "F")
    grey = np.empty((picture.height, picture.width), np.uint8)
    for top, samples in _strips(picture):
        filled = np.where(np.isfinite(samples), samples, mean)
        scaled = (filled - low) * (255 / (high - low))
        grey[top : top + len(samples)] = np.clip(np.rint(scaled), 0, 255)
    return grey


def _strips(picture: Image.Image) -> Iterator[tuple[int, NDArray[np.float64]]]:
    rows = max(1, _STRIP_PIXELS // picture.width)
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        yield top, np.asarray(strip).astype(np.float64)


def _finite_range(picture: Image.Image) -> tuple[float, float, float]:
    least, greatest, total, count = np.inf, -np.inf, 0.0, 0
    for _, samples in _strips(picture):
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
