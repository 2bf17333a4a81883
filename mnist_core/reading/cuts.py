"""Where touching neighbours may be cut apart: seams from top to bottom through as little ink as possible."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.grouping import DigitCrop
from mnist_core.reading.pieces import Piece, trim_piece

_NARROWEST = 0.6
"""A mark narrower than this share of its height is hardly two digits."""
_WORK_HEIGHT = 48
"""Seams are sought on a picture this high: fine enough for a cut, and quick."""
_SEAMS = 9
"""How many columns of a mark are tried."""
_BAND = 0.3
"""A seam may wander over this share of the mark's height: slanting neighbours lean over each other."""
_LOWEST = 0.6
"""Digits of one number are at least this high, as a share of each other."""
_AIR = 0.02
"""What a step through bare paper costs, where a step through full ink costs 1: the straighter cut wins."""


def may_be_several(crop: DigitCrop) -> bool:
    """Return whether a mark is wide enough to be two digits that touch."""
    return crop.box.width > _NARROWEST * crop.box.height and min(crop.ink.shape) > 4


def cut_crop(crop: DigitCrop) -> list[tuple[DigitCrop, DigitCrop]]:
    """Cut a mark in two, in several places.

    Each cut is the cheapest path from top to bottom within a band, found by dynamic programming as in
    seam carving (Avidan and Shamir 2007, "Seam carving for content-aware image resizing").

    Args:
        crop: the mark; left unchanged.
    Returns:
        Pairs of what is left and what is right of a cut, both about as high as the mark.
    """
    height, width = crop.ink.shape
    scale = min(1.0, _WORK_HEIGHT / height)
    size = max(3, round(width * scale)), max(3, round(height * scale))
    small = np.asarray(cv2.resize(crop.ink, size, interpolation=cv2.INTER_AREA), np.float64)
    band = max(1, round(_BAND * small.shape[0] / 2))
    cuts = []
    seen: set[tuple[int, int]] = set()
    for centre in np.linspace(0.15, 0.85, _SEAMS) * (small.shape[1] - 1):
        low, high = max(0, round(centre) - band), min(small.shape[1], round(centre) + band + 1)
        seam = low + _cheapest_path(small[:, low:high] + _AIR)
        ends = int(seam[0]), int(seam[-1])
        if ends in seen:
            continue
        seen.add(ends)
        rows = np.minimum((np.arange(height) * size[1] / height).astype(int), size[1] - 1)
        border = (seam[rows] + 0.5) * width / size[0]
        on_the_left = np.arange(width)[np.newaxis, :] < border[:, np.newaxis]
        left, right = _part(crop, on_the_left), _part(crop, ~on_the_left)
        if left is not None and right is not None and _stand_alike(left, right):
            cuts.append((left, right))
    return cuts


def _stand_alike(left: DigitCrop, right: DigitCrop) -> bool:
    """Return whether two parts are as high as neighbours in a number are, and beside each other."""
    lower, higher = sorted([left.box.height, right.box.height])
    shared = min(left.box.y + left.box.height, right.box.y + right.box.height) - max(left.box.y, right.box.y)
    return lower > _LOWEST * higher and shared > _LOWEST * lower


def _cheapest_path(cost: NDArray[np.float64]) -> NDArray[np.intp]:
    """Compute the column of the cheapest path in each row, moving at most one column a row."""
    total = cost.copy()
    for row in range(1, len(cost)):
        above = np.pad(total[row - 1], 1, constant_values=np.inf)
        straight = above[1:-1]
        aside = np.minimum(above[:-2], above[2:]) + _AIR / 2
        total[row] += np.minimum(straight, aside)
    path = np.empty(len(cost), np.intp)
    path[-1] = total[-1].argmin()
    for row in range(len(cost) - 2, -1, -1):
        first = max(path[row + 1] - 1, 0)
        near = total[row, first : path[row + 1] + 2] + _AIR / 2
        near[path[row + 1] - first] -= _AIR / 2
        path[row] = first + near.argmin()
    return path


def _part(crop: DigitCrop, side: NDArray[np.bool_]) -> DigitCrop | None:
    """Return what lies on one side of a cut; None where that is no ink."""
    piece = trim_piece(Piece(crop.box, np.where(side, crop.ink, np.float32(0))))
    if piece is None or piece.ink.max() <= 0.5:
        return None
    return DigitCrop(piece.box, piece.ink, crop.line)
