"""What is no digit, made up: scribbles and signs, several digits in one box, half a digit."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE
from mnist_core.learning.tables import LabelledCells
from mnist_core.learning.tablet import as_bytes, cell_from_drawing
from mnist_core.reading.cells import normalize_crop
from mnist_core.reading.strokes import Stroke, draw_strokes

_PAPER = 160
"""Pixels of the square that a sign is drawn on; signs are drawn in coordinates 0 to 1."""
_MARGIN = 20
_FULL_INK = np.float32(1 / 255)
_HALVED = (3, 7)
"""Digits whose left half is no other digit: half an 8 is a 3, half a 4 a 1, a slanted 2 or 5 stays one."""

_ROUGHENED = 0.6
"""Share of renormalized cells that are roughened first."""


def _left(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.rot90(cell)


def _right(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.rot90(cell, -1)


def _upside_down(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.rot90(cell, 2)


def _mirrored(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cell[:, ::-1]


_NO_DIGIT_WHEN: dict[int, tuple[Callable[[NDArray[np.uint8]], NDArray[np.uint8]], ...]] = {
    2: (_left, _right),
    3: (_left, _right, _upside_down, _mirrored),
    4: (_left, _right, _mirrored),
    5: (_left, _right),
    6: (_left, _right, _mirrored),
    7: (_right, _upside_down),
    9: (_left, _right, _mirrored),
}
"""How a digit must lie to be none: a mirrored 2 is much like a 5, a 7 on its side like a 1."""

Path = NDArray[np.floating]
"""Points (n, 2) of a stroke in coordinates 0 to 1, x to the right and y down."""


def scribble_cells(count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw scribbles and signs with a pen and normalize them as the product would.

    Args:
        count: how many.
        rng: decides everything.
    Returns:
        uint8 (count, 28, 28).
    """
    cells = np.zeros((count, CELL_SIZE, CELL_SIZE), np.float32)
    for number in range(count):
        paths = _SIGNS[rng.integers(len(_SIGNS))](rng)
        cells[number] = cell_from_drawing(_draw(paths, rng))
    return as_bytes(cells)


def crowded_cells(digits: LabelledCells, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Squeeze two or three digits into one box, as when finding digits went wrong.

    Args:
        digits: to take them from; left unchanged.
        count: how many cells to make.
        rng: decides which digits, and how close they stand.
    Returns:
        uint8 (count, 28, 28).
    """
    cells = np.zeros((count, CELL_SIZE, CELL_SIZE), np.float32)
    for number in range(count):
        chosen = rng.integers(len(digits), size=2 if rng.random() < 0.75 else 3)
        cells[number] = normalize_crop(_side_by_side([digits.cells[place] for place in chosen], rng))
    return as_bytes(cells)


def half_cells(digits: LabelledCells, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Cut digits in two from top to bottom and keep the left half, of those whose half is no digit by itself.

    Args:
        digits: to take them from; left unchanged.
        count: how many cells to make.
        rng: decides which digits, and where they are cut.
    Returns:
        uint8 (count, 28, 28).
    """
    candidates = np.flatnonzero(np.isin(digits.labels, _HALVED))
    cells = np.zeros((count if len(candidates) else 0, CELL_SIZE, CELL_SIZE), np.float32)
    for number in range(len(cells)):
        ink = _trimmed(digits.cells[rng.choice(candidates)])
        cut = max(1, round(ink.shape[1] * rng.uniform(0.35, 0.5)))
        cells[number] = normalize_crop(np.ascontiguousarray(ink[:, :cut]))
    return as_bytes(cells)


def turned_cells(digits: LabelledCells, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Turn or mirror digits that are none any more then: a page that lies on its side, a letter's like.

    Args:
        digits: to take them from; left unchanged.
        count: how many cells to make; none where there are no such digits.
        rng: decides which digits, and how each is turned.
    Returns:
        uint8 (count, 28, 28).
    """
    candidates = np.flatnonzero(np.isin(digits.labels, list(_NO_DIGIT_WHEN)))
    cells = np.zeros((count if len(candidates) else 0, CELL_SIZE, CELL_SIZE), np.float32)
    for number in range(len(cells)):
        place = rng.choice(candidates)
        turns = _NO_DIGIT_WHEN[int(digits.labels[place])]
        turned = turns[int(rng.integers(len(turns)))](digits.cells[place])
        cells[number] = normalize_crop(np.ascontiguousarray(turned).astype(np.float32) * _FULL_INK)
    return as_bytes(cells)


def renormalized_cells(digits: LabelledCells, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Send MNIST's cells down the product's own path, enlarged first as a picture of them would be.

    These stay digits: they show the network what a scanned or photographed MNIST digit ends up as. Some
    are written with another pen and roughened first, as pencil on paper is.

    Args:
        digits: left unchanged.
        rng: decides by how much each is enlarged and roughened.
    Returns:
        uint8 (n, 28, 28), in the same order.
    """
    cells = np.zeros((len(digits), CELL_SIZE, CELL_SIZE), np.float32)
    for number, cell in enumerate(digits.cells):
        scale = rng.uniform(1, 5)
        size = max(CELL_SIZE, round(CELL_SIZE * scale))
        enlarged = cv2.resize(cell, (size, size), interpolation=cv2.INTER_CUBIC)
        ink = enlarged.astype(np.float32) * _FULL_INK
        if rng.random() < _ROUGHENED:
            rough = _roughened(ink, rng)
            ink = rough if rough.max() > 0.5 else ink
        cells[number] = normalize_crop(ink)
    return as_bytes(cells)


def _roughened(ink: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw ink with a thicker or thinner pen, with pencil's grain, and take it off the paper again."""
    pixel = ink.shape[0] / CELL_SIZE
    radius = round(float(rng.uniform(-0.35, 0.8)) * pixel)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(radius) + 1, 2 * abs(radius) + 1))
    changed = cv2.dilate(ink, disc) if radius > 0 else cv2.erode(ink, disc)
    grain = rng.standard_normal(ink.shape, np.float32)
    smooth = cv2.GaussianBlur(grain, (0, 0), float(rng.uniform(0.3, 0.7)) * max(1.0, pixel / 2))
    strength = float(rng.uniform(0, 0.35)) / (float(np.std(smooth)) + 1e-6)
    rough = cv2.GaussianBlur(changed * (1 + strength * smooth), (0, 0), float(rng.uniform(0.2, 0.5)) * pixel)
    # What takes ink off a photo's paper puts half ink half way up an edge, and makes edges steep.
    steepness, half = float(rng.uniform(1, 2.5)), float(rng.uniform(0.35, 0.6))
    return np.asarray(np.clip((rough - half) * steepness + 0.5, 0, 1), np.float32)


def _draw(paths: Sequence[Path], rng: np.random.Generator) -> NDArray[np.uint8]:
    stretch = np.exp(rng.uniform(-0.35, 0.35, 2))
    turn = np.deg2rad(rng.normal(0, 8))
    change = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * stretch
    pen = float(rng.integers(4, 14))
    moved = [(path - 0.5) @ change.T for path in paths]
    everything = np.concatenate(moved)
    low, extent = everything.min(axis=0), max(float(np.ptp(everything, axis=0).max()), 1e-3)
    scale = (_PAPER - 2 * _MARGIN) / extent
    strokes = [Stroke(((path - low) * scale + _MARGIN).astype(np.float32), pen) for path in moved]
    return draw_strokes(strokes, _PAPER, _PAPER)


def _trimmed(cell: NDArray[np.uint8]) -> NDArray[np.float32]:
    x, y, width, height = cv2.boundingRect((cell > 127).astype(np.uint8))
    return cell[y : y + height, x : x + width].astype(np.float32) * _FULL_INK


def _side_by_side(cells: Sequence[NDArray[np.uint8]], rng: np.random.Generator) -> NDArray[np.float32]:
    """Put digits in a row, of slightly different heights, near each other or touching."""
    field = np.zeros((3 * CELL_SIZE, len(cells) * 2 * CELL_SIZE), np.float32)
    x = 4
    for cell in cells:
        ink = _trimmed(cell)
        if not ink.size:
            continue
        scale = rng.uniform(0.85, 1.2)
        size = max(2, round(ink.shape[1] * scale)), max(2, round(ink.shape[0] * scale))
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        ink = cv2.resize(ink, size, interpolation=interpolation).astype(np.float32, copy=False)
        y = round((field.shape[0] - size[1]) / 2 + rng.uniform(-3, 3))
        target = field[y : y + size[1], x : x + size[0]]
        np.maximum(target, ink, out=target)
        x += size[0] + int(rng.integers(-2, 6))
    return field


def _smooth_path(points: Path, per_knot: int = 10) -> Path:
    """Round a polyline's corners: cubic interpolation through its points."""
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
    """A dash, an equals sign, ruled paper."""
    heights = np.cumsum(rng.uniform(0.12, 0.35, rng.integers(1, 4)))
    wobble = rng.normal(0, 0.02, (len(heights), 2))
    return [np.array([[0, y + bend[0]], [1, y + bend[1]]]) for y, bend in zip(heights, wobble, strict=True)]


def _tall_lines(rng: np.random.Generator) -> list[Path]:
    """Tally marks, a fence."""
    places = np.cumsum(rng.uniform(0.12, 0.4, rng.integers(2, 6)))
    fence = [np.array([[x + rng.normal(0, 0.03), 0], [x + rng.normal(0, 0.03), 1]]) for x in places]
    if rng.random() < 0.5:
        fence.append(np.array([[0, rng.random()], [places[-1] + 0.1, rng.random()]]))
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
    """A five-pointed star in one line, or a triangle."""
    corners = 5 if rng.random() < 0.5 else 3
    turn = np.arange(corners + 1) * (4 if corners == 5 else 2) * np.pi / corners - np.pi / 2
    path = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return [path + rng.normal(0, 0.05, path.shape)]


def _hatching(rng: np.random.Generator) -> list[Path]:
    """A patch filled in, or crossed out: dense strokes to and fro."""
    turns = int(rng.integers(10, 22))
    path = np.stack([np.arange(turns) % 2 + rng.normal(0, 0.1, turns), np.linspace(0, 1, turns)], axis=1)
    return [path]


def _face(rng: np.random.Generator) -> list[Path]:
    turn = np.linspace(0, 2 * np.pi, 40)
    head = np.stack([np.cos(turn), np.sin(turn)], axis=1) * 0.5 + 0.5
    eyes = [np.array([[x, 0.35]]) + rng.normal(0, 0.03, (1, 2)) for x in (0.35, 0.65)]
    mouth = np.array([[0.3, 0.65], [0.5, 0.65 + rng.uniform(-0.1, 0.15)], [0.7, 0.65]])
    return [head, *eyes, _smooth_path(mouth)]


_SIGNS: tuple[Callable[[np.random.Generator], list[Path]], ...] = (
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
"""Each as likely as the others; scribbles stand twice, being what people try first."""
