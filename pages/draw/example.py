"""Digits to try the page with, for those who have no pen at hand or only a keyboard."""

import numpy as np

from mnist_core.datasets.splines import cardinal_slopes, spline
from mnist_core.reading.strokes import Stroke
from pages.draw.paper import PaperSize

_HEIGHT = 0.6
"""Of a digit, as a share of the paper's."""
_PEN = 0.1
"""Its thickness as a share of its height: MNIST's."""
_STEPS = 8
"""Points from one of a path's to the next."""

# The pen's way, in shares of the digit's height; y goes down.
_PATHS = (
    ((0.03, 0.24), (0.14, 0.06), (0.36, 0.01), (0.58, 0.11), (0.58, 0.32), (0.4, 0.6), (0.16, 0.86),
     (0.02, 0.98), (0.12, 0.97), (0.4, 0.96), (0.68, 0.97)),
    ((0.0, 0.04), (0.3, 0.02), (0.62, 0.01), (0.47, 0.32), (0.34, 0.66), (0.23, 1.0)),
    ((0.04, 0.12), (0.25, 0.01), (0.5, 0.07), (0.54, 0.26), (0.41, 0.42), (0.23, 0.47), (0.42, 0.51),
     (0.59, 0.66), (0.56, 0.87), (0.31, 1.0), (0.01, 0.9)),
)  # fmt: skip


def example_strokes(paper: PaperSize, number: int) -> tuple[Stroke, ...]:
    """Return a digit in the middle of the paper.

    Args:
        paper: its size.
        number: 0 is the first example, and after the last comes the first again.
    """
    path = np.array(_PATHS[number % len(_PATHS)], np.float64)
    height = _HEIGHT * paper.height
    points = height * spline(path, cardinal_slopes(path), _STEPS)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    points += np.array([paper.width, paper.height]) / 2 - middle
    return (Stroke(points.astype(np.float32), _PEN * height),)
