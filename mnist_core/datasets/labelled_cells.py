"""Cells with their labels: checked when made, split for validation, packed as bytes."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES
from mnist_core.errors import DataError

BYTE_SCALE = np.float32(1 / 255)
"""From a byte to ink: 255 becomes 1, full ink."""
MINIMUM_PER_DIGIT = 10
"""Fewer examples of a digit can't be learned, nor split for validation."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class LabelledCells:
    """Cells and their labels.

    Attributes:
        cells: uint8 (n, 28, 28); 0 is paper, 255 is ink.
        labels: integers (n,), 0 to 9.
    """

    cells: NDArray[np.uint8]
    labels: NDArray[np.integer]

    def __post_init__(self) -> None:
        if self.cells.dtype != np.uint8 or self.cells.shape[1:] != (CELL_SIZE, CELL_SIZE):
            raise DataError(f"Cells are uint8 (n, 28, 28), not {self.cells.dtype} {self.cells.shape}.")
        if self.labels.shape != self.cells.shape[:1]:
            raise DataError(f"There are {len(self.cells)} cells but labels of shape {self.labels.shape}.")
        if len(self.labels) and (self.labels.min() < 0 or self.labels.max() >= DIGIT_CLASSES):
            row = int(np.flatnonzero((self.labels < 0) | (self.labels >= DIGIT_CLASSES))[0])
            raise DataError(f"Label {row + 1} is none of the digits 0 to 9.")

    def __len__(self) -> int:
        return len(self.labels)

    def select(self, indices: NDArray[np.integer]) -> "LabelledCells":
        """Return the cells at these indices, as a copy."""
        return LabelledCells(self.cells[indices], self.labels[indices])


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Dataset:
    """Training cells and test cells of one kind.

    Attributes:
        name: for the model's card.
        sha256: of all cells and labels, in hexadecimal.
        train: training cells.
        test: test cells; none in a table without a test part.
    """

    name: str
    sha256: str
    train: LabelledCells
    test: LabelledCells

    @property
    def to_evaluate(self) -> LabelledCells:
        """The cells to evaluate a model on: the test part, or all of a table that has none."""
        return self.test if len(self.test) else self.train


def split_stratified(
    cells: LabelledCells, share: float, seed: int, least: int = MINIMUM_PER_DIGIT
) -> tuple[LabelledCells, LabelledCells]:
    """Split cells in two at random, by the same share of each digit.

    Args:
        cells: left unchanged.
        share: of each digit to split off, above 0 and below 1; at least one of each is.
        seed: the same seed gives the same split.
        least: so many of each digit there must be.
    Returns:
        What is left, and what was split off.
    Raises:
        DataError: too few of some digit.
    """
    rng = np.random.default_rng(seed)
    chosen = np.zeros(len(cells), bool)
    for digit in range(DIGIT_CLASSES):
        indices = np.flatnonzero(cells.labels == digit)
        if len(indices) < least:
            raise DataError(
                f"There are {len(indices)} examples of the digit {digit}; "
                f"training needs at least {least} of each digit."
            )
        chosen[rng.choice(indices, max(1, round(share * len(indices))), replace=False)] = True
    return cells.select(np.flatnonzero(~chosen)), cells.select(np.flatnonzero(chosen))


def no_cells() -> LabelledCells:
    """Return the set without any cell."""
    return LabelledCells(np.zeros((0, CELL_SIZE, CELL_SIZE), np.uint8), np.zeros(0, np.int64))


def fingerprint(train: LabelledCells, test: LabelledCells) -> str:
    """Return the SHA-256 of cells and labels as plain bytes: idx and npz of the same cells agree."""
    sha256 = hashlib.sha256()
    for part in (train, test):
        sha256.update(np.ascontiguousarray(part.cells).data)
        sha256.update(part.labels.astype(np.uint8).data)
    return sha256.hexdigest()


def as_bytes(cells: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return cells in [0, 1] as bytes, 0 to 255: a quarter of the memory."""
    return np.round(cells * 255).astype(np.uint8)
