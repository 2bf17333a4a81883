"""Digits of our own hand, as pen paths: what tests draw, by the core's pen or by a browser's mouse."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.datasets.splines import cardinal_slopes, spline
from mnist_core.reading.strokes import Stroke, draw_strokes

Path = tuple[tuple[float, float], ...]

_PATHS = {
    # x,y in hundredths of the digit's height, y down; a slash lifts the pen; `smooth` rounds the corners.
    "0": "35,0 10,15 2,50 12,85 35,100 60,85 68,50 58,12 33,0",
    "1": "0,25 20,10 30,0 30,35 30,70 30,100",
    "2": "2,25 12,6 35,0 58,10 60,30 42,60 18,85 0,98 10,97 40,97 68,97",
    "3": "3,12 25,0 50,6 55,25 42,42 22,47 42,50 60,65 57,87 30,100 0,90",
    "4": "35,0 20,28 2,60 30,62 68,60 / 50,30 50,60 48,100",
    "5": "12,0 10,20 7,42 30,36 53,50 56,75 35,97 0,93 / 12,0 35,0 58,0",
    "6": "50,0 22,25 5,60 12,90 35,100 58,85 55,62 32,53 10,70",
    "7": "0,3 30,2 62,0 48,30 34,65 22,100",
    "8": "55,12 30,0 8,15 15,38 40,52 60,72 50,95 28,100 7,85 15,62 40,45 58,28 52,8",
    "9": "55,15 30,0 6,15 8,42 30,52 52,38 56,12 55,50 50,100",
    "7 crossed": "0,3 30,2 62,0 48,30 34,65 22,100 / 12,50 35,49 60,48",
    "5 with its bar apart": "12,6 10,22 7,42 30,36 53,50 56,75 35,97 0,93 / 24,0 40,0 60,-2",
    "4 open": "8,5 5,30 3,55 30,56 60,55 / 48,0 46,50 45,100",
    "scribble": "0,20 90,10 10,50 100,40 5,80 95,60 10,100 100,90 30,0 50,100 70,0",
}

SHAPES: dict[str, tuple[Path, ...]] = {
    name: tuple(
        tuple((int(x) / 100, int(y) / 100) for x, y in (point.split(",") for point in path.split()))
        for path in paths.split("/")
    )
    for name, paths in _PATHS.items()
}
"""Each shape's strokes, in units of its height."""


def smooth(path: Path, steps: int = 8) -> NDArray[np.float32]:
    """Lead a pen through all points of a path without corners, by Catmull and Rom's splines: (n, 2)."""
    points = np.array(path, np.float64)
    return spline(points, cardinal_slopes(points), steps).astype(np.float32)


def strokes_of(
    shape: str, height: float = 160, left: float = 60, top: float = 60, pen: float = 14
) -> tuple[Stroke, ...]:
    """Place one of `SHAPES` on the paper, in pixels."""
    corner = np.array([left, top], np.float32)
    return tuple(Stroke(smooth(path) * np.float32(height) + corner, pen) for path in SHAPES[shape])


def strokes_of_number(
    text: str, height: float = 150, left: float = 40, top: float = 60, pen: float = 12, gap: float = 0.3
) -> tuple[Stroke, ...]:
    """Write digits side by side; `gap` is the space between them as a share of their height."""
    strokes: list[Stroke] = []
    for digit in text:
        strokes += strokes_of(digit, height, left, top, pen)
        left += height * (max(x for path in SHAPES[digit] for x, _ in path) + gap)
    return tuple(strokes)


def drawing(*strokes: Stroke, height: int = 280, width: int = 280) -> NDArray[np.uint8]:
    """Draw strokes as a canvas would: uint8 (height, width, 4)."""
    return draw_strokes(strokes, height, width)
