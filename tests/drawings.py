"""Digits of our own hand, as pen paths: what tests draw, by the core's pen or by a browser's mouse."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.strokes import Stroke, draw_strokes

Path = tuple[tuple[float, float], ...]

SHAPES: dict[str, tuple[Path, ...]] = {
    # (x, y) in a box one high; y points down. Corners are few: `smooth` rounds them.
    "0": (((0.35, 0.0), (0.1, 0.15), (0.02, 0.5), (0.12, 0.85), (0.35, 1.0), (0.6, 0.85), (0.68, 0.5), (0.58, 0.12), (0.33, 0.0)),),
    "1": (((0.0, 0.25), (0.2, 0.1), (0.3, 0.0), (0.3, 0.35), (0.3, 0.7), (0.3, 1.0)),),
    "2": (((0.02, 0.25), (0.12, 0.06), (0.35, 0.0), (0.58, 0.1), (0.6, 0.3), (0.42, 0.6), (0.18, 0.85), (0.0, 0.98), (0.1, 0.97), (0.4, 0.97), (0.68, 0.97)),),
    "3": (((0.03, 0.12), (0.25, 0.0), (0.5, 0.06), (0.55, 0.25), (0.42, 0.42), (0.22, 0.47), (0.42, 0.5), (0.6, 0.65), (0.57, 0.87), (0.3, 1.0), (0.0, 0.9)),),
    "4": (((0.35, 0.0), (0.2, 0.28), (0.02, 0.6), (0.3, 0.62), (0.68, 0.6)), ((0.5, 0.3), (0.5, 0.6), (0.48, 1.0))),
    "5": (((0.12, 0.0), (0.1, 0.2), (0.07, 0.42), (0.3, 0.36), (0.53, 0.5), (0.56, 0.75), (0.35, 0.97), (0.0, 0.93)), ((0.12, 0.0), (0.35, 0.0), (0.58, 0.0))),
    "6": (((0.5, 0.0), (0.22, 0.25), (0.05, 0.6), (0.12, 0.9), (0.35, 1.0), (0.58, 0.85), (0.55, 0.62), (0.32, 0.53), (0.1, 0.7)),),
    "7": (((0.0, 0.03), (0.3, 0.02), (0.62, 0.0), (0.48, 0.3), (0.34, 0.65), (0.22, 1.0)),),
    "8": (((0.55, 0.12), (0.3, 0.0), (0.08, 0.15), (0.15, 0.38), (0.4, 0.52), (0.6, 0.72), (0.5, 0.95), (0.28, 1.0), (0.07, 0.85), (0.15, 0.62), (0.4, 0.45), (0.58, 0.28), (0.52, 0.08)),),
    "9": (((0.55, 0.15), (0.3, 0.0), (0.06, 0.15), (0.08, 0.42), (0.3, 0.52), (0.52, 0.38), (0.56, 0.12), (0.55, 0.5), (0.5, 1.0)),),
    "7 crossed": (((0.0, 0.03), (0.3, 0.02), (0.62, 0.0), (0.48, 0.3), (0.34, 0.65), (0.22, 1.0)), ((0.12, 0.5), (0.35, 0.49), (0.6, 0.48))),
    "5 with its bar apart": (((0.12, 0.06), (0.1, 0.22), (0.07, 0.42), (0.3, 0.36), (0.53, 0.5), (0.56, 0.75), (0.35, 0.97), (0.0, 0.93)), ((0.24, 0.0), (0.4, 0.0), (0.6, -0.02))),
    "4 open": (((0.08, 0.05), (0.05, 0.3), (0.03, 0.55), (0.3, 0.56), (0.6, 0.55)), ((0.48, 0.0), (0.46, 0.5), (0.45, 1.0))),
    "scribble": (((0.0, 0.2), (0.9, 0.1), (0.1, 0.5), (1.0, 0.4), (0.05, 0.8), (0.95, 0.6), (0.1, 1.0), (1.0, 0.9), (0.3, 0.0), (0.5, 1.0), (0.7, 0.0)),),
}  # fmt: skip


def smooth(path: Path, steps: int = 8) -> NDArray[np.float32]:
    """Lead a pen through all points of a path without corners, by Catmull and Rom's splines: (n, 2)."""
    points = np.array([path[0], *path, path[-1]], np.float32)
    t = np.linspace(0, 1, steps, endpoint=False, dtype=np.float32)[:, np.newaxis]
    curve = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(points, points[1:], points[2:], points[3:], strict=False)
    ]
    return np.concatenate([*curve, points[-1:]])


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
