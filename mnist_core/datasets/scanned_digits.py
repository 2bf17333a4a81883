"""Digits' cells as a scan or a photo of them would come out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE
from mnist_core.datasets.labelled_cells import BYTE_SCALE, LabelledCells, as_bytes
from mnist_core.reading.normalization import normalize_crop

_ROUGHENED = 0.6
"""Share of renormalized cells that are roughened first."""


def renormalized_cells(digits: LabelledCells, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return cells enlarged as a picture of them would be, and normalized as the product does.

    They stay digits: the network sees what a scanned or photographed digit ends up as. Some are drawn with
    another pen and roughened first, as pencil on paper is.

    Args:
        digits: left unchanged.
        rng: decides by how much each is enlarged and roughened.
    Returns:
        uint8 (n, 28, 28), in the same order.
    """
    cells = np.zeros((len(digits), CELL_SIZE, CELL_SIZE), np.float32)
    for index, cell in enumerate(digits.cells):
        scale = rng.uniform(1, 5)
        size = max(CELL_SIZE, round(CELL_SIZE * scale))
        enlarged = cv2.resize(cell, (size, size), interpolation=cv2.INTER_CUBIC)
        ink = enlarged.astype(np.float32) * BYTE_SCALE
        if rng.random() < _ROUGHENED:
            rough = _roughen(ink, rng)
            ink = rough if rough.max() > 0.5 else ink
        cells[index] = normalize_crop(ink)
    return as_bytes(cells)


def _roughen(ink: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return ink as of a thicker or thinner pen with pencil's grain, thresholded as on a photo."""
    pixel = ink.shape[0] / CELL_SIZE
    radius = round(float(rng.uniform(-0.35, 0.8)) * pixel)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(radius) + 1, 2 * abs(radius) + 1))
    changed = cv2.dilate(ink, disc) if radius > 0 else cv2.erode(ink, disc)
    grain = rng.standard_normal(ink.shape, np.float32)
    smooth = cv2.GaussianBlur(grain, (0, 0), float(rng.uniform(0.3, 0.7)) * max(1.0, pixel / 2))
    strength = float(rng.uniform(0, 0.35)) / (float(np.std(smooth)) + 1e-6)
    rough = cv2.GaussianBlur(changed * (1 + strength * smooth), (0, 0), float(rng.uniform(0.2, 0.5)) * pixel)
    # Thresholding a photo puts half ink half way up an edge, and makes edges steep.
    steepness, half = float(rng.uniform(1, 2.5)), float(rng.uniform(0.35, 0.6))
    return np.asarray(np.clip((rough - half) * steepness + 0.5, 0, 1), np.float32)
