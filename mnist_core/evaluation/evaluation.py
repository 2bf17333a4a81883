"""A model's predictions for its test cells: computed, saved beside the model, loaded without tensorflow."""

import hashlib
import io
import lzma
import struct
import tokenize
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES, AppPaths, ModelFiles
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.mnist import HOW_TO_GET_MNIST, load_mnist, locate_mnist
from mnist_core.errors import DataError, ModelError
from mnist_core.evaluation.metrics import EvaluationReport
from mnist_core.reading.normalization import to_batch
from mnist_core.reading.recognizer import Recognizer
from mnist_core.storage.atomic import write_whole
from mnist_core.storage.shelf import show_model

MOST_CELLS = 50_000
"""Of a larger test part only so many are saved, the first ones."""
_MAX_BYTES = 200_000_000
"""A file that unpacks to more is refused."""

# What zipfile, zlib and numpy raise on damaged bytes; an array's header is parsed by tokenize and ast.
_DAMAGE = (
    OSError,
    LookupError,
    ValueError,
    TypeError,
    EOFError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    MemoryError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Evaluation:
    """A model's predictions together with the cells, so that these can be looked at.

    Attributes:
        name: of the model.
        data: what cells these are.
        cells: uint8 (n, 28, 28).
        report: labels and predictions.
    """

    name: str
    data: str
    cells: NDArray[np.uint8]
    report: EvaluationReport


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
    """Load a model's evaluation on its test cells; for a model without one, compute it on MNIST and cache it.

    Args:
        name: of the model on the shelf.
        paths: where the shelf is, and MNIST.
    Raises:
        ModelError: there is no such model, or it is damaged.
        DataError: it was never evaluated here, and MNIST is not on this machine.
    """
    entry = show_model(name, paths)
    if entry.problem is not None:
        raise ModelError(entry.problem)
    if entry.files.evaluation.is_file():
        return replace(load_evaluation_file(entry.files.evaluation), name=name)
    fingerprint = hashlib.sha256(entry.files.onnx.read_bytes()).hexdigest()[:16]
    cached = paths.home / "evaluations" / f"{name}-{fingerprint}.npz"
    if cached.is_file():
        try:
            return replace(load_evaluation_file(cached), name=name)
        except ModelError:  # it can be computed again
            cached.unlink(missing_ok=True)
    if locate_mnist(paths) is None:  # looking at a model is no reason to download anything
        raise DataError(f"MNIST is not on this machine. {HOW_TO_GET_MNIST}")
    mnist = load_mnist(paths)
    evaluation = evaluate_on(entry.files, f"{mnist.name}, test cells", mnist.test)
    with suppress(OSError):  # without a cache it is computed again next time
        cached.parent.mkdir(parents=True, exist_ok=True)
        save_evaluation(evaluation, cached)
    return evaluation


def evaluate_on(files: ModelFiles, data: str, cells: LabelledCells) -> Evaluation:
    """Compute a model's predictions for labelled cells, and return them with the cells.

    Args:
        files: of the model.
        data: what cells these are.
        cells: left unchanged.
    Raises:
        ModelError: the model is missing or broken.
    """
    return Evaluation(files.name, data, cells.cells, evaluate_model(files, cells))


def load_evaluation_file(path: Path) -> Evaluation:
    """Load an evaluation's file and check it.

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
    except (*_DAMAGE, DataError) as error:
        raise ModelError(f"The evaluation {path} is damaged: it can't be read to its end.") from error
    if not sound:
        raise ModelError(f"The evaluation {path} is damaged.")
    return Evaluation(path.parent.name, data, cells, EvaluationReport(labels, probabilities))


def evaluate_model(files: ModelFiles, cells: LabelledCells) -> EvaluationReport:
    """Compute a model's predictions for labelled cells, as the product does.

    Args:
        files: of the model.
        cells: left unchanged.
    Returns:
        The report; every cell is counted.
    Raises:
        ModelError: the model is missing or broken.
    """
    recognizer = Recognizer.open(files)
    batch = to_batch(cells.cells)
    return EvaluationReport(cells.labels, recognizer.probabilities(batch[..., 0]))
