"""A class's drawings as labelled cells, split by who drew them: tested is on hands that were never seen."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.classroom.drawings import Drawing, State
from mnist_core.config import CELL_SIZE
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.reading.ink import ink_from_rgba
from mnist_core.reading.normalization import normalize_crop
from mnist_core.reading.strokes import draw_strokes

_TEST_SHARE = 0.25
"""Of the members, whose digits are held out."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class ClassCells:
    """A class's digits in two parts, no member in both.

    Attributes:
        train: to learn from.
        test: of the members who were held out; none where only one has drawn.
        train_hands: how many members drew the training part.
        test_hands: how many drew the test part.
    """

    train: LabelledCells
    test: LabelledCells
    train_hands: int
    test_hands: int


def cells_of(drawing: Drawing) -> LabelledCells:
    """Return a drawing's digits, as far as it is known which they are.

    That is each digit of the reading where there are as many as were asked, or else, where one digit was
    asked, all ink as one: a 5 that was read as 51 is still a 5.
    """
    truth, cells = drawing.truth, drawing.cells
    if not truth.isascii() or not truth.isdigit():
        return _none()
    if len(truth) == len(cells):
        return LabelledCells(cells, np.array([int(digit) for digit in truth]))
    if len(truth) == 1:
        return LabelledCells(_whole_ink(drawing)[np.newaxis], np.array([int(truth)]))
    return _none()


def usable(drawings: Iterable[Drawing]) -> tuple[Drawing, ...]:
    """Return the drawings that a network may learn from: not hidden, not drawn to fool it."""
    return tuple(each for each in drawings if each.state != State.HIDDEN and not each.is_challenge)


def all_cells(drawings: Iterable[Drawing]) -> LabelledCells:
    """Return the digits of drawings one after another."""
    return _join([cells_of(each) for each in drawings])


def split_by_member(drawings: Sequence[Drawing], seed: int = 0) -> ClassCells:
    """Split drawings by who drew them: a quarter of the members is held out.

    Args:
        drawings: of a class.
        seed: the same seed holds out the same members.
    """
    members = sorted({each.member_id for each in drawings})
    random.Random(seed).shuffle(members)
    held_out = set(members[: round(_TEST_SHARE * len(members)) or min(1, len(members) - 1)])
    train = [each for each in drawings if each.member_id not in held_out]
    test = [each for each in drawings if each.member_id in held_out]
    return ClassCells(all_cells(train), all_cells(test), len(members) - len(held_out), len(held_out))


def _whole_ink(drawing: Drawing) -> NDArray[np.uint8]:
    ink = ink_from_rgba(draw_strokes(drawing.strokes, drawing.height, drawing.width))
    ys, xs = np.nonzero(ink)
    if not len(ys):
        return np.zeros((CELL_SIZE, CELL_SIZE), np.uint8)
    crop = ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    return np.asarray(np.rint(normalize_crop(crop) * 255), np.uint8)


def _join(parts: Sequence[LabelledCells]) -> LabelledCells:
    if not parts:
        return _none()
    return LabelledCells(
        np.concatenate([part.cells for part in parts]), np.concatenate([part.labels for part in parts])
    )


def _none() -> LabelledCells:
    return LabelledCells(np.zeros((0, CELL_SIZE, CELL_SIZE), np.uint8), np.zeros(0, np.int64))
