"""Slashes between digits: straight strokes that lean and stand out above and below, where a 1 would not.

By itself a slash is drawn as some people draw a 1: only its neighbours tell them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.results import Box

_STRAIGHT = 0.14
"""Width of a straight stroke's ink across its direction, as a share of that along it; deviations of both."""
_LEAN = (8.0, 55.0)
"""Degrees from upright, to the right, by which a slash leans."""
_TALLER = 1.1
"""A slash is higher than its higher neighbour by this factor at least."""
_BEYOND = 0.03
"""It stands out above and below both neighbours by this share of its height at least."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Neighbour:
    """A mark of a line of writing: where it stands, its ink float32 (h, w), and whether it reads as a 1."""

    box: Box
    ink: NDArray[np.float32]
    is_one: bool


def find_slashes(line: Sequence[Neighbour]) -> list[int]:
    """Return the indices of marks that read as a 1 and are slashes between their neighbours.

    Args:
        line: a line's marks from left to right; the first and the last have no two neighbours.
    """
    return [
        index
        for index in range(1, len(line) - 1)
        if line[index].is_one
        and _stands_out(line[index].box, line[index - 1].box, line[index + 1].box)
        and _leans(line[index].ink)
    ]


def _stands_out(box: Box, left: Box, right: Box) -> bool:
    beyond = _BEYOND * box.height
    return box.height >= _TALLER * max(left.height, right.height) and all(
        box.y <= other.y - beyond and box.y + box.height >= other.y + other.height + beyond
        for other in (left, right)
    )


def _leans(ink: NDArray[np.float32]) -> bool:
    """Return whether ink is one straight stroke that leans to the right as a slash does."""
    moments = cv2.moments((ink > 0.5).astype(np.uint8), binaryImage=True)
    if not moments["m00"]:
        return False
    covariance = np.array([[moments["mu20"], moments["mu11"]], [moments["mu11"], moments["mu02"]]])
    spreads, axes = np.linalg.eigh(covariance)
    x, y = axes[:, 1] * np.sign(axes[1, 1] or 1.0)  # along the stroke, pointing down
    lean = float(np.degrees(np.arctan2(-x, y)))
    low, high = _LEAN
    return float(np.sqrt(max(spreads[0], 0) / spreads[1])) <= _STRAIGHT and low <= lean <= high
