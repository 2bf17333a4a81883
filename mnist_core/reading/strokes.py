"""Pen strokes: what a hand did, and the picture a canvas would show of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

MAX_STROKES = 200
"""Strokes of a drawing from outside."""
MAX_POINTS = 20_000
"""Points of all its strokes together."""
MAX_LENGTH = 100_000.0
"""Pixels of all its strokes together, over a hundred times across the paper."""

_FRACTION_BITS = 4
"""OpenCV draws at 1/16 pixel: its coordinates are fixed-point numbers with this many binary places."""

_SOFT_EDGE = 1.4
"""Pixels by which OpenCV draws an antialiased line thicker than it is asked to, at even thicknesses."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Stroke:
    """One line of the pen, from touching the paper to leaving it.

    Attributes:
        points: float32 (n, 2), n >= 1; x to the right and y down, in pixels of the paper.
        width: the pen's thickness in pixels.
    """

    points: NDArray[np.float32]
    width: float

    def __post_init__(self) -> None:
        if self.points.ndim != 2 or self.points.shape[1] != 2 or not len(self.points):
            raise ValueError(f"points are (n, 2) with n >= 1, not {self.points.shape}")


def draw_strokes(strokes: Sequence[Stroke], height: int, width: int) -> NDArray[np.uint8]:
    """Draw black strokes on white paper, antialiased and with round ends, as a browser's canvas does.

    Args:
        strokes: in the order they were made; parts outside the paper are cut off.
        height: of the paper, in pixels.
        width: of the paper, in pixels.
    Returns:
        uint8 (height, width, 4) RGBA, opaque.
    """
    paper = np.full((height, width), 255, np.uint8)
    for stroke in strokes:
        # OpenCV's pixel centres are whole numbers, a canvas' are halves.
        fixed = np.round((stroke.points - 0.5) * (1 << _FRACTION_BITS)).astype(np.int32)
        if len(fixed) == 1:
            radius = round((stroke.width - _SOFT_EDGE) / 2 * (1 << _FRACTION_BITS))
            radius = max(radius, 1)
            cv2.circle(paper, fixed[0].tolist(), radius, 0, cv2.FILLED, cv2.LINE_AA, _FRACTION_BITS)
        else:
            thickness = max(1, 2 * round((stroke.width - _SOFT_EDGE) / 2))
            cv2.polylines(paper, [fixed], False, 0, thickness, cv2.LINE_AA, _FRACTION_BITS)
    rgba = cv2.cvtColor(paper, cv2.COLOR_GRAY2RGBA)
    return rgba.astype(np.uint8, copy=False)
