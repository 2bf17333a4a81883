"""Smooth curves through the corners of a path: cubic pieces between points, each leaving with a slope."""

import numpy as np
from numpy.typing import NDArray


def cardinal_slopes(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the slopes of Catmull and Rom's splines: at each point, half the way between its neighbours.

    Args:
        points: (n, 2), n >= 1; left unchanged.
    Returns:
        (n, 2).
    """
    before, after = np.vstack([points[:1], points[:-1]]), np.vstack([points[1:], points[-1:]])
    slopes: NDArray[np.float64] = (after - before) / 2
    return slopes


def spline(points: NDArray[np.float64], slopes: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """Compute points on the curve through all `points`, leaving each with its slope (Hermite's cubics).

    Args:
        points: (n, 2), n >= 1; left unchanged.
        slopes: (n, 2), in units of one piece; left unchanged.
        steps: points on each piece, its end left out.
    Returns:
        ((n - 1) * steps + 1, 2), the last point included.
    """
    t = np.linspace(0, 1, steps, endpoint=False)[:, np.newaxis]
    rising = t**2 * (3 - 2 * t)
    pieces = [
        (1 - rising) * start + rising * end + (t**3 - 2 * t**2 + t) * slope + (t**3 - t**2) * next_slope
        for start, end, slope, next_slope in zip(points, points[1:], slopes, slopes[1:], strict=False)
    ]
    return np.concatenate([*pieces, points[-1:]])
