"""Scribbles and signs as pen paths: what people draw to see the network fail."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Path = NDArray[np.floating]
"""Points (n, 2) of a stroke in coordinates 0 to 1, x to the right and y down."""


def _smooth_path(points: Path, per_knot: int = 10) -> Path:
    """Return a polyline with its corners rounded: cubic interpolation through its points."""
    count = len(points) * per_knot
    smooth = cv2.resize(points.astype(np.float64), (2, count), interpolation=cv2.INTER_CUBIC)
    return smooth.astype(np.float64, copy=False)


def _scrawl(rng: np.random.Generator) -> list[Path]:
    return [_smooth_path(rng.random((rng.integers(9, 24), 2)))]


def _tangle(rng: np.random.Generator) -> list[Path]:
    return [_smooth_path(rng.random((rng.integers(4, 8), 2))) for _ in range(rng.integers(2, 5))]


def _zigzag(rng: np.random.Generator) -> list[Path]:
    turns = int(rng.integers(7, 14))  # five would be a 3
    path = np.stack([np.linspace(0, 1, turns), np.arange(turns) % 2 * rng.uniform(0.3, 1)], axis=1)
    path = path + rng.normal(0, 0.04, path.shape)
    path = path if rng.random() < 0.5 else path[:, ::-1]
    return [_smooth_path(path) if rng.random() < 0.5 else path]


def _spiral(rng: np.random.Generator) -> list[Path]:
    turn = np.linspace(0, 2 * np.pi * rng.uniform(2.2, 4.5), 120) + rng.uniform(0, 2 * np.pi)
    radius = np.linspace(rng.uniform(0.02, 0.1), 0.5, 120)
    return [np.stack([np.cos(turn), np.sin(turn)], axis=1) * radius[:, np.newaxis] + 0.5]


def _coil(rng: np.random.Generator) -> list[Path]:
    turn = np.linspace(0, 2 * np.pi * rng.uniform(3, 6), 160)
    drift = np.linspace(0, rng.uniform(0.8, 2.5), 160)
    return [np.stack([np.cos(turn) * 0.3 + drift, np.sin(turn) * 0.4], axis=1)]


def _dots(rng: np.random.Generator) -> list[Path]:
    return [rng.random((1, 2)) for _ in range(rng.integers(1, 7))]


def _flat_lines(rng: np.random.Generator) -> list[Path]:
    """Return a dash, an equals sign or ruled paper."""
    heights = np.cumsum(rng.uniform(0.12, 0.35, rng.integers(1, 4)))
    wobble = rng.normal(0, 0.02, (len(heights), 2))
    return [np.array([[0, y + bend[0]], [1, y + bend[1]]]) for y, bend in zip(heights, wobble, strict=True)]


def _tall_lines(rng: np.random.Generator) -> list[Path]:
    """Return tally marks or a fence."""
    positions = np.cumsum(rng.uniform(0.12, 0.4, rng.integers(2, 6)))
    fence = [np.array([[x + rng.normal(0, 0.03), 0], [x + rng.normal(0, 0.03), 1]]) for x in positions]
    if rng.random() < 0.5:
        fence.append(np.array([[0, rng.random()], [positions[-1] + 0.1, rng.random()]]))
    return fence


def _cross(rng: np.random.Generator) -> list[Path]:
    corners = rng.normal(0, 0.06, (4, 2)) + np.array([[0, 0], [1, 1], [1, 0], [0, 1]])
    paths = [corners[:2], corners[2:]]
    if rng.random() < 0.3:
        paths.append(np.array([[-0.1, 0.5], [1.1, 0.5]]))
    return paths


def _check_mark(rng: np.random.Generator) -> list[Path]:
    corners = np.array([[0, rng.uniform(0.45, 0.7)], [rng.uniform(0.25, 0.4), 1], [1, 0]])
    return [corners + rng.normal(0, 0.03, corners.shape)]


def _star(rng: np.random.Generator) -> list[Path]:
    """Return a five-pointed star in one line, or a triangle."""
    corners = 5 if rng.random() < 0.5 else 3
    turn = np.arange(corners + 1) * (4 if corners == 5 else 2) * np.pi / corners - np.pi / 2
    path = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return [path + rng.normal(0, 0.05, path.shape)]


def _hatching(rng: np.random.Generator) -> list[Path]:
    """Return a patch filled in, or crossed out: dense strokes to and fro."""
    turns = int(rng.integers(10, 22))
    path = np.stack([np.arange(turns) % 2 + rng.normal(0, 0.1, turns), np.linspace(0, 1, turns)], axis=1)
    return [path]


def _face(rng: np.random.Generator) -> list[Path]:
    turn = np.linspace(0, 2 * np.pi, 40)
    head = np.stack([np.cos(turn), np.sin(turn)], axis=1) * 0.5 + 0.5
    eyes = [np.array([[x, 0.35]]) + rng.normal(0, 0.03, (1, 2)) for x in (0.35, 0.65)]
    mouth = np.array([[0.3, 0.65], [0.5, 0.65 + rng.uniform(-0.1, 0.15)], [0.7, 0.65]])
    return [head, *eyes, _smooth_path(mouth)]


SCRIBBLES: tuple[Callable[[np.random.Generator], list[Path]], ...] = (
    _scrawl,
    _scrawl,
    _tangle,
    _tangle,
    _zigzag,
    _zigzag,
    _spiral,
    _coil,
    _dots,
    _flat_lines,
    _tall_lines,
    _cross,
    _check_mark,
    _star,
    _hatching,
    _face,
)
"""Each entry is as likely as the others; what people try first stands twice."""
