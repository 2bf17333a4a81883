"""Cuts out what a person says is one digit: the ink in a box that was drawn around it, by eye."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.grouping import DigitCrop
from mnist_core.results import Box

_MEANT = 0.75
"""Connected ink of which this share lies in the box is meant as a whole: a box may be a bit tight."""
_NOT_MEANT = 0.2
"""Connected ink of which no more than this share lies in the box is a neighbour's; else the box cuts it."""


def cut_out(ink: NDArray[np.float32], box: Box) -> DigitCrop | None:
    """Cut one digit out of a picture's ink.

    Args:
        ink: float32 (H, W) in [0, 1]; 1 is ink. Left unchanged.
        box: in pixels of `ink`; it may reach beyond it.
    Returns:
        The digit's ink, its box fitted to it; None where the box is bare.
    """
    # Around the box as much again, so that it shows what else a stroke in it belongs to.
    left, top = max(0, box.x - box.width), max(0, box.y - box.height)
    window = ink[top : max(0, box.y + 2 * box.height), left : max(0, box.x + 2 * box.width)]
    if not window.size:
        return None
    inside = np.zeros(window.shape, np.bool_)
    inside[
        max(0, box.y - top) : box.y + box.height - top, max(0, box.x - left) : box.x + box.width - left
    ] = True
    meant = _meant_ink(window, inside)
    x, y, width, height = cv2.boundingRect((meant > 0).view(np.uint8))
    if not width:
        return None
    return DigitCrop(Box(left + x, top + y, width, height), meant[y : y + height, x : x + width].copy(), 0)


def _meant_ink(window: NDArray[np.float32], inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the ink that belongs to the box: float32 as `window`, 0 where it does not."""
    mask = (window > 0.5).view(np.uint8)
    count, found = cv2.connectedComponents(mask, connectivity=8)
    labels = np.asarray(found)
    total = np.bincount(labels.ravel(), minlength=count)
    shares = np.bincount(labels[inside], minlength=count) / np.maximum(total, 1)
    shares[0] = 0.0  # the paper
    kept = (shares >= _MEANT)[labels] | ((shares > _NOT_MEANT)[labels] & inside)
    edges = cv2.dilate(kept.view(np.uint8), np.ones((3, 3), np.uint8)).view(np.bool_)  # strokes end softly
    return np.where(kept | (edges & (labels == 0)), window, np.float32(0))
