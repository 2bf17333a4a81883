"""Synthetic negatives: scribbles and signs, several digits in one cell, half a digit, a turned one."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE
from mnist_core.datasets.handwriting import cell_from_drawing
from mnist_core.datasets.labelled_cells import BYTE_SCALE, LabelledCells, as_bytes
from mnist_core.datasets.scribbles import SCRIBBLES, Path
from mnist_core.reading.normalization import normalize_crop
from mnist_core.reading.strokes import Stroke, draw_strokes

_PAPER = 160
"""Pixels of the square that a scribble is drawn on."""
_MARGIN = 20
_HALVED = (3, 7)
"""Digits whose left half is no other digit: half an 8 is a 3, half a 4 a 1, a slanted 2 or 5 stays one."""


def _left(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.rot90(cell)


def _right(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.rot90(cell, -1)


def _upside_down(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.rot90(cell, 2)


def _mirrored(cell: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return cell[:, ::-1]


_NO_DIGIT_AFTER: dict[int, tuple[Callable[[NDArray[np.uint8]], NDArray[np.uint8]], ...]] = {
    2: (_left, _right),
    3: (_left, _right, _upside_down, _mirrored),
    4: (_left, _right, _mirrored),
    5: (_left, _right),
    6: (_left, _right, _mirrored),
    7: (_right, _upside_down),
    9: (_left, _right, _mirrored),
}
"""Changes after which a digit is none: a mirrored 2 is much like a 5, a 7 on its side like a 1."""


def scribble_cells(count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw scribbles and signs with a pen, normalized as the product does.

    Args:
        count: how many.
        rng: decides everything.
    Returns:
        uint8 (count, 28, 28).
    """
    cells = np.zeros((count, CELL_SIZE, CELL_SIZE), np.float32)
    for index in range(count):
        paths = SCRIBBLES[rng.integers(len(SCRIBBLES))](rng)
        cells[index] = cell_from_drawing(_draw(paths, rng))
    return as_bytes(cells)


def crowded_cells(digits: LabelledCells, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return two or three digits side by side in each cell, as a wrong grouping would give them.

    Args:
        digits: to take them from; left unchanged.
        count: how many cells to make.
        rng: decides which digits, and how close they stand.
    Returns:
        uint8 (count, 28, 28).
    """
    cells = np.zeros((count, CELL_SIZE, CELL_SIZE), np.float32)
    for index in range(count):
        chosen = rng.integers(len(digits), size=2 if rng.random() < 0.75 else 3)
        cells[index] = normalize_crop(_side_by_side([digits.cells[k] for k in chosen], rng))
    return as_bytes(cells)


def half_cells(digits: LabelledCells, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return left halves of digits, of those whose half is no digit by itself.

    Args:
        digits: to take them from; left unchanged.
        count: how many cells to make.
        rng: decides which digits, and where they are cut.
    Returns:
        uint8 (count, 28, 28).
    """
    candidates = np.flatnonzero(np.isin(digits.labels, _HALVED))
    cells = np.zeros((count if len(candidates) else 0, CELL_SIZE, CELL_SIZE), np.float32)
    for index in range(len(cells)):
        ink = _trim(digits.cells[rng.choice(candidates)])
        cut = max(1, round(ink.shape[1] * rng.uniform(0.35, 0.5)))
        cells[index] = normalize_crop(np.ascontiguousarray(ink[:, :cut]))
    return as_bytes(cells)


def turned_cells(digits: LabelledCells, count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return digits turned or mirrored, of those that are none then: a page on its side, letters alike.

    Args:
        digits: to take them from; left unchanged.
        count: how many cells to make; none where there are no such digits.
        rng: decides which digits, and how each is turned.
    Returns:
        uint8 (count, 28, 28).
    """
    candidates = np.flatnonzero(np.isin(digits.labels, list(_NO_DIGIT_AFTER)))
    cells = np.zeros((count if len(candidates) else 0, CELL_SIZE, CELL_SIZE), np.float32)
    for index in range(len(cells)):
        chosen = rng.choice(candidates)
        turns = _NO_DIGIT_AFTER[int(digits.labels[chosen])]
        turned = turns[int(rng.integers(len(turns)))](digits.cells[chosen])
        cells[index] = normalize_crop(np.ascontiguousarray(turned).astype(np.float32) * BYTE_SCALE)
    return as_bytes(cells)


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


def _trim(cell: NDArray[np.uint8]) -> NDArray[np.float32]:
    x, y, width, height = cv2.boundingRect((cell > 127).astype(np.uint8))
    return cell[y : y + height, x : x + width].astype(np.float32) * BYTE_SCALE


def _side_by_side(cells: Sequence[NDArray[np.uint8]], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return ink of digits in a row, of slightly different heights, near each other or touching."""
    field = np.zeros((3 * CELL_SIZE, len(cells) * 2 * CELL_SIZE), np.float32)
    x = 4
    for cell in cells:
        ink = _trim(cell)
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
