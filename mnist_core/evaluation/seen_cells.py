"""Cells that a model learned from, told apart from those it never saw: only the others measure it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import AppPaths, ModelFiles
from mnist_core.datasets.cell_hashes import find_seen, hash_cells, load_hashes
from mnist_core.datasets.mnist import MNIST_SHA256, load_mnist, locate_mnist
from mnist_core.errors import DataError, ModelError
from mnist_core.evaluation.metrics import EvaluationReport
from mnist_core.storage.model_card import load_card


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class SeenReport:
    """A report in two parts.

    Attributes:
        seen: of the cells that the model learned from.
        unseen: of the others.
    """

    seen: EvaluationReport
    unseen: EvaluationReport

    @property
    def words(self) -> str:
        """What that means for the score, in two sentences; "" where the model saw none of the cells."""
        seen, unseen = self.seen, self.unseen
        if not seen.total:
            return ""
        start = (
            f"It was trained on {seen.total:,} of these {seen.total + unseen.total:,} images: it reads "
            f"{seen.accuracy:.2%} of them correctly, but it may know them by heart."
        )
        if not unseen.total:
            return f"{start} There are no others here to measure it by."
        low, high = unseen.interval
        return (
            f"{start} Of the {unseen.total:,} others it reads {unseen.accuracy:.2%} correctly "
            f"(95 % confidence interval {low:.2%} to {high:.2%}): that is its accuracy on new digits."
        )


def report_seen(
    files: ModelFiles, cells: NDArray[np.uint8], report: EvaluationReport, paths: AppPaths
) -> SeenReport | None:
    """Split a report by whether the model learned from a cell.

    Args:
        files: of the model.
        cells: uint8 (n, 28, 28), those of the report.
        report: the model's predictions for them.
        paths: where MNIST may lie.
    Returns:
        The report's two parts; None where it isn't known what the model learned from.
    """
    hashes = _learned_hashes(files, paths)
    if hashes is None:
        return None
    seen = find_seen(cells, hashes)
    parts = (
        EvaluationReport(report.labels[chosen], report.probabilities[chosen]) for chosen in (seen, ~seen)
    )
    return SeenReport(*parts)


def _learned_hashes(files: ModelFiles, paths: AppPaths) -> NDArray[np.uint64] | None:
    """Load the hashes beside a model; of one without them that learned from MNIST, compute MNIST's."""
    hashes = load_hashes(files.training_hashes)
    if hashes is not None:
        return hashes
    try:
        learned_from = {data.sha256 for data in load_card(files.card).data}
        if MNIST_SHA256 not in learned_from or locate_mnist(paths) is None:
            return None
        return np.sort(hash_cells(load_mnist(paths).train.cells))
    except (ModelError, DataError):
        return None
