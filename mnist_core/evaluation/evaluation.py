"""How well a model reads: measured, kept beside it so that looking needs no tensorflow, and compared."""

import hashlib
import io
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES, AppPaths, ModelFiles
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.mnist import THREE_WAYS, load_mnist, where_mnist
from mnist_core.errors import DataError, ModelError
from mnist_core.evaluation.metrics import DigitScore, EvaluationReport, ReliabilityBin, wilson_interval
from mnist_core.reading.normalization import to_batch
from mnist_core.reading.recognizer import Recognizer
from mnist_core.storage.atomic import write_whole
from mnist_core.storage.shelf import show_model

__all__ = [
    "Comparison",
    "DigitScore",
    "Evaluation",
    "EvaluationReport",
    "ReliabilityBin",
    "compare_models",
    "evaluate_model",
    "evaluate_on",
    "load_evaluation",
    "read_evaluation",
    "save_evaluation",
    "wilson_interval",
]

MOST_CELLS = 50_000
"""Of a larger test part the first so many are kept."""
_MAX_BYTES = 200_000_000
"""What unpacks to more is no evaluation."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Evaluation:
    """A report with the cells it is of, so that they can be looked at.

    Attributes:
        name: of the model.
        data: what cells these are.
        cells: uint8 (n, 28, 28).
        report: what the model made of them.
    """

    name: str
    data: str
    cells: NDArray[np.uint8]
    report: EvaluationReport


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Comparison:
    """Two models on the same cells.

    Attributes:
        first: what the first model made of them.
        second: likewise.
        only_first: places (k,) of cells that the first alone reads right.
        only_second: likewise.
        neither: places of cells that both read wrong.
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
    def words(self) -> str:
        """Whether the difference means anything, in a sentence."""
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


def save_evaluation(evaluation: Evaluation, path: Path) -> None:
    """Save an evaluation: whole or not at all.

    Raises:
        OSError: the disk is full or can't be written to.
    """
    content = io.BytesIO()
    np.savez_compressed(
        content,
        data=np.array(evaluation.data),
        cells=evaluation.cells[:MOST_CELLS],
        labels=evaluation.report.labels[:MOST_CELLS].astype(np.uint8),
        probabilities=evaluation.report.probabilities[:MOST_CELLS],
    )
    write_whole(path, content.getvalue())


def load_evaluation(name: str, paths: AppPaths) -> Evaluation:
    """Load what a model made of its test cells; of a model without that, read MNIST's once and keep it.

    Args:
        name: of the model on the shelf.
        paths: where the shelf is, and MNIST.
    Raises:
        ModelError: there is no such model, or it is damaged.
        DataError: it was never evaluated here, and MNIST is not to be had.
    """
    entry = show_model(name, paths)
    if entry.problem is not None:
        raise ModelError(entry.problem)
    if entry.files.evaluation.is_file():
        return replace(read_evaluation(entry.files.evaluation), name=name)
    fingerprint = hashlib.sha256(entry.files.onnx.read_bytes()).hexdigest()[:16]
    cached = paths.home / "evaluations" / f"{name}-{fingerprint}.npz"
    if cached.is_file():
        try:
            return replace(read_evaluation(cached), name=name)
        except ModelError:  # it can be made again
            cached.unlink(missing_ok=True)
    if where_mnist(paths) is None:  # looking at a model is no reason to download anything
        raise DataError(f"MNIST is not on this machine. {THREE_WAYS}")
    mnist = load_mnist(paths)
    evaluation = evaluate_on(entry.files, f"{mnist.name}, test cells", mnist.test)
    with suppress(OSError):  # where it can't be kept it is made anew next time
        cached.parent.mkdir(parents=True, exist_ok=True)
        save_evaluation(evaluation, cached)
    return evaluation


def evaluate_on(files: ModelFiles, data: str, cells: LabelledCells) -> Evaluation:
    """Read labelled cells with a model.

    Args:
        files: of the model.
        data: what cells these are.
        cells: to read; left unchanged.
    Raises:
        ModelError: the model is missing or broken.
    """
    return Evaluation(files.name, data, cells.cells, evaluate_model(files, cells))


def read_evaluation(path: Path) -> Evaluation:
    """Read an evaluation's file and check it.

    Raises:
        ModelError: missing, damaged or too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _MAX_BYTES:
                raise ModelError(f"The evaluation {path} is too large to be one.")
        with np.load(path, allow_pickle=False) as arrays:
            data, cells = str(arrays["data"]), arrays["cells"]
            labels, probabilities = arrays["labels"].astype(np.int64), arrays["probabilities"]
        sound = (
            cells.dtype == np.uint8
            and cells.shape == (len(labels), CELL_SIZE, CELL_SIZE)
            and probabilities.shape == (len(labels), DIGIT_CLASSES)
            and bool(np.isfinite(probabilities).all())
        )
        LabelledCells(cells, labels)
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, DataError) as error:
        raise ModelError(f"The evaluation {path} can't be read: {error}.") from error
    if not sound:
        raise ModelError(f"The evaluation {path} is damaged.")
    return Evaluation(path.parent.name, data, cells, EvaluationReport(labels, probabilities))


def evaluate_model(files: ModelFiles, cells: LabelledCells) -> EvaluationReport:
    """Read labelled cells with a model, by the same path as the product.

    Args:
        files: of the model.
        cells: to read; left unchanged.
    Returns:
        The report; every cell is counted.
    Raises:
        ModelError: the model is missing or broken.
    """
    recognizer = Recognizer.open(files)
    batch = to_batch(cells.cells)
    return EvaluationReport(cells.labels, recognizer.probabilities(batch[..., 0]))


def compare_models(first: str, second: str, paths: AppPaths) -> Comparison:
    """Compare two models on the test cells of the first.

    Args:
        first: a model's name on the shelf.
        second: another's; where its own test cells are others, it reads the first's now.
        paths: where the shelf is, and MNIST.
    Raises:
        ModelError: there is no such model, or it is damaged.
        DataError: the first was never evaluated here, and MNIST is not to be had.
    """
    one = load_evaluation(first, paths)
    entry = show_model(second, paths)
    if entry.problem is not None:
        raise ModelError(entry.problem)
    other = read_evaluation(entry.files.evaluation) if entry.files.evaluation.is_file() else None
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
    """Find how likely a split at least so uneven is, two-sided, if each of the cells fell either way evenly.

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
