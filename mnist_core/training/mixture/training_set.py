"""The data of one training run, and what one dataset contributes to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.pen_strokes import PenDigit
from mnist_core.storage.model_card import TrainingData

SIGN = -1
"""The label of one whole thing that is no digit: a letter, a sign, a scribble."""
PART = -2
"""The label of a part of something, and of several things in one cell: strokes that were grouped wrongly."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Source:
    """One kind of training cells.

    Attributes:
        cells: uint8 (n, 28, 28).
        labels: integers (n,), 0 to 9, or SIGN, or PART.
        per_epoch: how many of them an epoch uses, drawn anew each time; at most n.
    """

    cells: NDArray[np.uint8]
    labels: NDArray[np.integer]
    per_epoch: int


@dataclass(frozen=True, slots=True, eq=False)
class TestSet:
    """Cells of one kind that the finished model is scored on; no choice is made by them.

    Attributes:
        name: for the card.
        cells: uint8 (n, 28, 28).
        labels: integers (n,), 0 to 9, or SIGN, or PART.
    """

    __test__ = False  # no test class, whatever pytest makes of its name

    name: str
    cells: NDArray[np.uint8]
    labels: NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """What one dataset adds to a run, split so that no writer is in two of the parts.

    Attributes:
        sources: to fit the weights to.
        calibration: digits that the weights never see, an entry a kind.
        test_sets: to score the finished model on.
        data: what was used, for the card.
        calibration_signs: uint8 (n, 28, 28) each; letters and signs that the weights never see.
    """

    sources: tuple[Source, ...] = ()
    calibration: tuple[LabelledCells, ...] = ()
    test_sets: tuple[TestSet, ...] = ()
    data: tuple[TrainingData, ...] = ()
    calibration_signs: tuple[NDArray[np.uint8], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """Everything a run needs.

    Attributes:
        sources: to fit the weights to; the data asked for is the first.
        validation: of the same kind as the data asked for: for the curves.
        calibration: digits that the weights never see, an entry a kind: temperature and threshold are
            chosen with them.
        test_sets: to score the finished model on; the first one gives the confusion matrix.
        data: what was used, for the card.
        calibration_signs: uint8 (n, 28, 28); letters and signs that the weights never see: the threshold is
            chosen with them, too; n may be 0.
    """

    sources: tuple[Source, ...]
    validation: LabelledCells
    calibration: tuple[LabelledCells, ...]
    test_sets: tuple[TestSet, ...]
    data: tuple[TrainingData, ...]
    calibration_signs: NDArray[np.uint8]

    @property
    def cells_asked_for(self) -> NDArray[np.uint8]:
        """The cells of the data asked for that any choice is made by: uint8 (n, 28, 28)."""
        return np.concatenate([self.sources[0].cells, self.validation.cells])


def negatives(cells: NDArray[np.uint8], label: int = SIGN, per_epoch: int | None = None) -> Source:
    """Return cells that show no digit as a source.

    Args:
        cells: uint8 (n, 28, 28).
        label: SIGN or PART.
        per_epoch: how many an epoch uses; None: all. No more than there are.
    """
    count = len(cells) if per_epoch is None else min(per_epoch, len(cells))
    return Source(cells, np.full(len(cells), label), count)


def labels_of(digits: Sequence[PenDigit]) -> NDArray[np.int64]:
    """Return the labels of digits, int64 (n,)."""
    return np.array([digit.label for digit in digits], np.int64)
