"""Metrics of predictions for labelled cells: every cell counted, intervals beside shares."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import DIGIT_CLASSES

_Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class DigitScore:
    """How well one digit is read; shares in [0, 1]."""

    digit: int
    precision: float
    """Of what was read as this digit, the share that is."""
    recall: float
    """Of this digit's cells, the share that was read so."""
    f1: float
    count: int
    """Cells of this digit."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Predictions of about the same confidence, and how many of them are right; shares in [0, 1]."""

    low: float
    high: float
    count: int
    confidence: float
    """Mean of the bin."""
    accuracy: float
    interval: tuple[float, float]
    """The accuracy's 95 % interval."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class EvaluationReport:
    """A model's predictions for labelled cells, and their metrics.

    Attributes:
        labels: integers (n,), the true digits.
        probabilities: float32 (n, 10), the predicted ones.
    """

    labels: NDArray[np.integer]
    probabilities: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.probabilities.shape != (len(self.labels), DIGIT_CLASSES):
            raise ValueError(f"{len(self.labels)} labels but probabilities of {self.probabilities.shape}")

    @property
    def readings(self) -> NDArray[np.int64]:
        """The likeliest digit of each cell, (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1), np.int64)

    @property
    def confidences(self) -> NDArray[np.float32]:
        """The probability of each cell's likeliest digit, (n,)."""
        return np.asarray(self.probabilities.max(axis=1), np.float32)

    @property
    def right(self) -> int:
        """Cells that were read right."""
        return int((self.readings == self.labels).sum())

    @property
    def total(self) -> int:
        """All cells."""
        return len(self.labels)

    @property
    def accuracy(self) -> float:
        """The share read right; 0 of no cells."""
        return self.right / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The accuracy's 95 % interval, after Wilson."""
        return wilson_interval(self.right, self.total)

    @property
    def confusion_matrix(self) -> NDArray[np.int64]:
        """Counts (10, 10): a row is a true digit, a column what it was read as."""
        matrix = np.zeros((DIGIT_CLASSES, DIGIT_CLASSES), np.int64)
        np.add.at(matrix, (self.labels, self.readings), 1)
        return matrix

    @property
    def per_digit(self) -> tuple[DigitScore, ...]:
        """Each digit's score; 0 where there was nothing to divide by."""
        matrix = self.confusion_matrix
        read_right, read_as, counts = matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1)
        precisions = read_right / np.maximum(read_as, 1)
        recalls = read_right / np.maximum(counts, 1)
        f1s = 2 * read_right / np.maximum(read_as + counts, 1)
        columns = zip(precisions.tolist(), recalls.tolist(), f1s.tolist(), counts.tolist(), strict=True)
        return tuple(DigitScore(digit, *row) for digit, row in enumerate(columns))

    def indices_of(self, label: int, reading: int) -> NDArray[np.int64]:
        """Return the indices (k,) of one field of the confusion matrix, the most confident first."""
        return self._by_confidence((self.labels == label) & (self.readings == reading))

    def confident_mistakes(self, limit: int = 24) -> NDArray[np.int64]:
        """Return the indices (k,) of the most confident mistakes, k at most `limit`."""
        return self._by_confidence(self.labels != self.readings)[:limit]

    def reliability(self, bins: int = 10) -> tuple[ReliabilityBin, ...]:
        """Compute confidence and accuracy in bins of equal width; empty bins are left out."""
        confidences, right = self.confidences, self.readings == self.labels
        indices = np.minimum((confidences * bins).astype(int), bins - 1)
        found = []
        for index in np.unique(indices).tolist():
            inside = indices == index
            hits, count = int(right[inside].sum()), int(inside.sum())
            mean = float(confidences[inside].mean())
            low, high = index / bins, (index + 1) / bins
            found.append(ReliabilityBin(low, high, count, mean, hits / count, wilson_interval(hits, count)))
        return tuple(found)

    def _by_confidence(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        indices = np.flatnonzero(chosen)
        return indices[np.argsort(-self.confidences[indices], kind="stable")]


def wilson_interval(right: int, total: int) -> tuple[float, float]:
    """Compute Wilson's 95 % interval of a share, which stays within [0, 1] and is exact enough near its ends.

    Args:
        right: how many.
        total: of how many; 0 gives the whole of [0, 1].
    Returns:
        Lower and upper bound.
    """
    if not total:
        return 0.0, 1.0
    share, z2 = right / total, _Z_95**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    reach = _Z_95 * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return max(0.0, middle - reach), min(1.0, middle + reach)
