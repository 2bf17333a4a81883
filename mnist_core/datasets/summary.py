"""A summary of a dataset, to look at before training."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES
from mnist_core.datasets.labelled_cells import Dataset

_SAMPLES = 8
"""Of each digit."""
_CELLS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class DataSummary:
    """A dataset's size, balance and statistics, with some of its cells.

    Attributes:
        name: of the dataset.
        sha256: of all cells and labels.
        training_cells: how many.
        test_cells: how many.
        counts: training cells of each digit.
        mean: of the training cells' pixels, 0 being paper and 1 ink.
        deviation: their standard deviation.
        samples: uint8 (10, 8, 28, 28): training cells of each digit; bare paper where there are fewer.
    """

    name: str
    sha256: str
    training_cells: int
    test_cells: int
    counts: tuple[int, ...]
    mean: float
    deviation: float
    samples: NDArray[np.uint8]


def describe_dataset(dataset: Dataset) -> DataSummary:
    """Compute the summary of a dataset's training cells."""
    train = dataset.train
    samples = np.zeros((DIGIT_CLASSES, _SAMPLES, CELL_SIZE, CELL_SIZE), np.uint8)
    rng = np.random.default_rng(0)
    for digit in range(DIGIT_CLASSES):
        indices = np.flatnonzero(train.labels == digit)
        chosen = rng.choice(indices, min(_SAMPLES, len(indices)), replace=False)
        samples[digit, : len(chosen)] = train.cells[chosen]
    # From counts of the 256 values: exact, and no copy of all cells in floating point.
    counts = np.zeros(256, np.int64)
    for first in range(0, len(train), _CELLS_AT_ONCE):
        counts += np.bincount(train.cells[first : first + _CELLS_AT_ONCE].ravel(), minlength=256)
    values = np.arange(256) / 255
    mean = float(np.average(values, weights=counts)) if len(train) else 0.0
    deviation = float(np.sqrt(np.average((values - mean) ** 2, weights=counts))) if len(train) else 0.0
    per_digit = np.bincount(train.labels, minlength=DIGIT_CLASSES)
    return DataSummary(
        name=dataset.name,
        sha256=dataset.sha256,
        training_cells=len(train),
        test_cells=len(dataset.test),
        counts=tuple(int(count) for count in per_digit),
        mean=mean,
        deviation=deviation,
        samples=samples,
    )
