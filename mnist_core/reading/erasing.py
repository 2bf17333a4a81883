"""Erasing: which strokes an eraser has touched on its way over the paper."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.strokes import Stroke

ERASER_RADIUS = 8.0
"""Pixels of the paper: about a fingertip's on a phone."""
_STEP = 4.0
"""Pixels of the paper between the places of the eraser that are looked at: less than any pen is thick."""


def erase_strokes(strokes: Sequence[Stroke], path: NDArray[np.float32]) -> tuple[Stroke, ...]:
    """Return the strokes that an eraser leaves: those that it has not touched anywhere.

    Args:
        strokes: of the drawing, in pixels of the paper.
        path: float32 (n, 2), n >= 1; where the eraser was, one place after another, in the same pixels.
    """
    places = _filled_in(path)
    return tuple(stroke for stroke in strokes if _distance(stroke, places) > ERASER_RADIUS + stroke.width / 2)


def _filled_in(path: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return a path with no more than _STEP between its places: a fast hand is seen seldom."""
    lengths = np.hypot(*np.diff(path, axis=0).T) if len(path) > 1 else np.zeros(0)
    way = np.concatenate([[0.0], np.cumsum(lengths)])
    at = np.linspace(0.0, way[-1], int(way[-1] / _STEP) + 2)
    return np.column_stack([np.interp(at, way, path[:, 0]), np.interp(at, way, path[:, 1])])


def _distance(stroke: Stroke, places: NDArray[np.float64]) -> float:
    """Compute how near the eraser has come to the middle of a stroke, in pixels."""
    starts = stroke.points.astype(np.float64)
    ends = np.concatenate([starts[1:], starts[-1:]])
    along = ends - starts
    lengths = np.maximum((along**2).sum(axis=1), 1e-9)
    nearest = np.inf
    for place in places:
        share = np.clip(((place - starts) * along).sum(axis=1) / lengths, 0.0, 1.0)
        nearest = min(nearest, float(np.hypot(*(starts + share[:, np.newaxis] * along - place).T).min()))
    return nearest
