"""Two models on the same cells, and whether the difference between them may be chance."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import AppPaths
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.errors import ModelError
from mnist_core.evaluation.evaluation import Evaluation, evaluate_on, load_evaluation, load_evaluation_file
from mnist_core.storage.shelf import show_model


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Comparison:
    """Two models on the same cells.

    Attributes:
        first: the first model's predictions.
        second: the second model's.
        only_first: indices (k,) of cells that the first alone reads right.
        only_second: of those that the second alone does.
        neither: of those that both read wrong.
        p_value: how likely so uneven a split of the cells that one alone reads would be between models
            that are equally good; McNemar's exact test, two-sided.
    """

    first: Evaluation
    second: Evaluation
    only_first: NDArray[np.int64]
    only_second: NDArray[np.int64]
    neither: NDArray[np.int64]
    p_value: float

    @property
    def summary(self) -> str:
        """Whether the difference may be chance, in a sentence."""
        more, fewer = len(self.only_first), len(self.only_second)
        total = self.first.report.total
        if more == fewer:
            return f"Of {total:,} cells both read as many right: there is no difference to speak of."
        better, worse = (self.first, self.second) if more > fewer else (self.second, self.first)
        more, fewer = max(more, fewer), min(more, fewer)
        split = f"{better.name} alone reads {more:,} cells of {total:,}, {worse.name} alone {fewer:,}"
        if self.p_value < 0.05:
            chance = "less than once in 1,000" if self.p_value < 0.001 else f"{self.p_value:.1%} of"
            return f"{split}: equally good models would differ so {chance} times, so {better.name} is better."
        return (
            f"{split}: equally good models would differ by as much {self.p_value:.0%} of times, so this may "
            "well be chance."
        )


def compare_models(first: str, second: str, paths: AppPaths) -> Comparison:
    """Compare two models on the test cells of the first.

    Args:
        first: a model's name on the shelf.
        second: another's; where its own test cells are others, it is evaluated on the first's now.
        paths: where the shelf is, and MNIST.
    Raises:
        ModelError: there is no such model, or it is damaged.
        DataError: the first was never evaluated here, and MNIST is not on this machine.
    """
    one = load_evaluation(first, paths)
    entry = show_model(second, paths)
    if entry.problem is not None:
        raise ModelError(entry.problem)
    other = load_evaluation_file(entry.files.evaluation) if entry.files.evaluation.is_file() else None
    if other is None or not np.array_equal(one.cells, other.cells):
        other = evaluate_on(entry.files, one.data, LabelledCells(one.cells, one.report.labels))
    other = replace(other, name=second)
    labels = one.report.labels
    first_right, second_right = one.report.readings == labels, other.report.readings == labels
    only_first = np.flatnonzero(first_right & ~second_right)
    only_second = np.flatnonzero(second_right & ~first_right)
    return Comparison(
        first=one,
        second=other,
        only_first=only_first,
        only_second=only_second,
        neither=np.flatnonzero(~first_right & ~second_right),
        p_value=mcnemar(len(only_first), len(only_second)),
    )


def mcnemar(first: int, second: int) -> float:
    """Compute how likely a split at least so uneven is, two-sided, if each cell fell either way evenly.

    Args:
        first: cells that one model alone reads right.
        second: cells that the other alone does.
    Returns:
        The p-value of McNemar's exact test, in (0, 1].
    """
    total, fewer = first + second, min(first, second)
    tail, term = 0, 1
    for k in range(fewer + 1):
        tail += term
        term = term * (total - k) // (k + 1)
    return min(1.0, float(2 * tail / 2**total))
