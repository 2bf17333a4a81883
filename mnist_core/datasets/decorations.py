"""Digits as other countries write them: zeros slashed or dotted, ones with foot and flag, crossed sevens.

The strokes are added to digits that people drew, since few of the datasets' writers write so.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_core.datasets.pen_strokes import PenDigit

Path = NDArray[np.floating]
"""Points (n, 2) of a stroke."""

PEN_WIDTHS = (4.0, 14.0)
"""Pixels of a canvas of 280: a thicker pen fills a slashed zero in."""
_DOTTED = 0.15
"""Share of the decorated zeros that get a dot, not a slash."""


def decorate_digits(digits: Sequence[PenDigit], count: int, rng: np.random.Generator) -> tuple[PenDigit, ...]:
    """Return zeros, ones and sevens of one stroke with strokes added.

    Args:
        digits: to choose from; left unchanged.
        count: how many to return.
        rng: decides which, and how they are decorated.
    Returns:
        Digits of the same writers with the strokes added; none where there are no such digits.
    """
    plain = [digit for digit in digits if digit.label in _DECORATIONS and len(digit.strokes) == 1]
    if not plain:
        return ()
    chosen = (plain[int(index)] for index in rng.integers(len(plain), size=count))
    return tuple(
        PenDigit(
            digit.label, digit.writer, (*digit.strokes, *_DECORATIONS[digit.label](digit.strokes[0], rng))
        )
        for digit in chosen
    )


def _slash_or_dot(zero: NDArray[np.float32], rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Return a slash that leans either way or stands upright, seldom a dot."""
    low, extent = _box(zero)
    if rng.random() < _DOTTED:
        return [_stroke((0.5 + rng.normal(0, 0.05, (1, 2)) + rng.normal(0, 0.04, (4, 2))) * extent + low)]
    up, down = rng.uniform(0.15, 0.95, 2)
    lean = rng.uniform(-0.2, 1.0) if rng.random() < 0.9 else rng.uniform(-0.9, 0)
    ends = np.array([[0.5 + lean * up, 0.5 - up], [0.5 - lean * down, 0.5 + down]])
    return [_line((ends + rng.normal(0, 0.04, (2, 2))) * extent + low)]


def _foot_or_flag(one: NDArray[np.float32], rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Return a bar under a one, a flag from its top, or both."""
    height = float(_box(one)[1][1])
    top, bottom = (one[np.argmin(one[:, 1])], one[np.argmax(one[:, 1])])
    kind = rng.random()
    strokes = []
    if kind < 0.7:
        reach = rng.uniform(0.15, 0.42, 2) * (-1, 1)
        ends = np.stack([reach, rng.normal(0, 0.025, 2)], axis=1)
        strokes.append(_line(bottom + height * ends))
    if kind > 0.45:
        length = rng.uniform(0.15, 0.5)
        flag = np.array([[0.0, 0.0], [-length * rng.uniform(0.5, 1.0), length * rng.uniform(0.5, 1.0)]])
        strokes.append(_line(top + height * flag))
    return strokes


def _crossbar(seven: NDArray[np.float32], rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Return a bar through a seven's stem."""
    low, extent = _box(seven)
    y, tilt = rng.uniform(0.4, 0.65), rng.normal(0, 0.05)
    ends = np.array([[rng.uniform(0, 0.4), y + tilt], [rng.uniform(0.7, 1.1), y - tilt]])
    return [_line(ends * extent + low)]


_DECORATIONS: dict[int, Callable[[NDArray[np.float32], np.random.Generator], list[NDArray[np.float32]]]] = {
    0: _slash_or_dot,
    1: _foot_or_flag,
    7: _crossbar,
}


def _box(points: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the top left corner, and width and height, at least 1."""
    low = points.min(axis=0)
    return low, np.maximum(np.ptp(points, axis=0), np.float32(1))


def _line(ends: Path) -> NDArray[np.float32]:
    """Return eight points on the line from one point to the other."""
    return _stroke(ends[0] + np.linspace(0, 1, 8)[:, np.newaxis] * (ends[1] - ends[0]))


def _stroke(points: Path) -> NDArray[np.float32]:
    return points.astype(np.float32)
