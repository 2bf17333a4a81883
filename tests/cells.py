"""Cells of hand-drawn digits, as the network would see them."""

import numpy as np

from mnist_core.reading.ink import ink_from_rgba
from mnist_core.reading.normalization import normalize_crop
from tests.drawings import drawing, strokes_of


def digit_cell(digit: str) -> np.ndarray:
    """Return one digit's cell, float32 (28, 28)."""
    return normalize_crop(digit_ink(digit))


def digit_ink(digit: str) -> np.ndarray:
    """Return one digit's ink, cut out, float32 (h, w)."""
    ink = ink_from_rgba(drawing(*strokes_of(digit)))
    ys, xs = np.nonzero(ink)
    return ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
