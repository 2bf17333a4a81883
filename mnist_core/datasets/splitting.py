"""Which of a dataset's cells a run trains on, validates with and tests on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mnist_core.datasets.labelled_cells import Dataset, LabelledCells, split_stratified

ENOUGH_TO_TEST = 480
"""With so many test cells, 95 % of them read right, the accuracy's 95 % interval is four points wide."""
_LARGEST_TEST_SHARE = 1 / 3
"""Of a table without a test part; a small table has to leave enough to learn from."""
_LEAST_PER_DIGIT = 2
"""One for either side of a further split."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Split:
    """A dataset's cells, each in one part.

    Attributes:
        train: to fit the weights to.
        validation: for the curves, and to calibrate with.
        test: no choice is made by them.
    """

    train: LabelledCells
    validation: LabelledCells
    test: LabelledCells


@dataclass(frozen=True, slots=True)
class SplitSizes:
    """How many cells each part of a split has."""

    train: int
    validation: int
    test: int

    @property
    def words(self) -> str:
        """The sizes in words, and what a small test part means for the accuracy."""
        sizes = (
            f"{self.train:,} images to train on, {self.validation:,} to validate with, "
            f"{self.test:,} to test on"
        )
        if self.test >= ENOUGH_TO_TEST:
            return sizes
        reach = 196 * math.sqrt(0.95 * 0.05 / max(1, self.test))  # 1.96 standard errors, in points
        return f"{sizes}, so few that an accuracy of 95 % will be uncertain by {reach:.0f} points either way"


def split_dataset(dataset: Dataset, validation_share: float, data_share: float, seed: int) -> Split:
    """Split a dataset for a run; a table without a test part gives one up.

    Args:
        dataset: left unchanged.
        validation_share: of the training part, to validate with; above 0 and below 1.
        data_share: of the training part, to be used at all; above 0 and at most 1.
        seed: the same seed gives the same split.
    Raises:
        DataError: too few of some digit.
    """
    train, test = dataset.train, dataset.test
    if data_share < 1:
        _, train = split_stratified(train, data_share, seed)
    train, validation = split_stratified(train, validation_share, seed)
    if not len(test):
        share = _test_share(len(train), validation_share)
        train, test = split_stratified(train, share, seed + 1, _LEAST_PER_DIGIT)
    return Split(train, validation, test)


def split_sizes(
    counts: Sequence[int], test_cells: int, validation_share: float, data_share: float
) -> SplitSizes:
    """Compute how many cells each part will have, from how many of each digit there are.

    Args:
        counts: training cells of each digit.
        test_cells: in the dataset's own test part; 0 where it has none.
        validation_share: as for `split_dataset`.
        data_share: likewise.
    """
    if data_share < 1:
        counts = _part_of(counts, data_share)
    validation = _part_of(counts, validation_share)
    train = [count - part for count, part in zip(counts, validation, strict=True)]
    if test_cells:
        return SplitSizes(sum(train), sum(validation), test_cells)
    test = _part_of(train, _test_share(sum(train), validation_share))
    return SplitSizes(sum(train) - sum(test), sum(validation), sum(test))


def _test_share(cells: int, validation_share: float) -> float:
    """Return the share to test on: enough for a narrow interval, while most cells are left to learn from."""
    return max(validation_share, min(_LARGEST_TEST_SHARE, ENOUGH_TO_TEST / max(1, cells)))


def _part_of(counts: Sequence[int], share: float) -> list[int]:
    """Compute how many of each digit `split_stratified` splits off."""
    return [max(1, round(share * count)) for count in counts]
