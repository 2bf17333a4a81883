"""Cells to learn from and to be measured by: MNIST, found or fetched, and the split for validation."""

import hashlib
import os
import re
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES, Places
from mnist_core.errors import DataError
from mnist_core.learning.idx import find_idx, read_idx
from mnist_core.learning.tables import LabelledCells, read_csv, read_npz

MNIST_SHA256 = "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"
"""Of MNIST's cells and labels, however they are packed: see `_fingerprint`."""
MINIMUM_PER_DIGIT = 10
"""Fewer examples of a digit can't be learned, nor split for validation."""

_SAMPLES = 8
"""Of each digit, to look at."""
_CELLS_AT_ONCE = 4096
_KERAS_CACHE = Path(".keras") / "datasets" / "mnist.npz"
_KERAS_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
_KERAS_BYTES = 20_000_000
"""A download larger than this is not MNIST (11.5 MB)."""
_KERAS_TYPICAL_BYTES = 11_490_434
_PART_BYTES = 1 << 18
THREE_WAYS = (
    "There are three ways to bring MNIST: connect to the internet once, so that it is downloaded; or set "
    "MNIST_DATA to a folder with the four idx .gz files; or put mnist.npz into such a folder."
)


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Dataset:
    """Cells to learn from, and cells of the same kind that are only measured by.

    Attributes:
        name: for the model's card.
        sha256: of all cells and labels, in hexadecimal.
        train: to learn from.
        test: only to measure by; none in a table without a test part.
    """

    name: str
    sha256: str
    train: LabelledCells
    test: LabelledCells

    @property
    def to_evaluate(self) -> LabelledCells:
        """What a model is measured by: the test part, or all of a table that has none."""
        return self.test if len(self.test) else self.train


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class DataSummary:
    """What a person wants to see of a data set before anything learns from it.

    Attributes:
        name: of the data set.
        sha256: of all cells and labels.
        training_cells: to learn from.
        test_cells: only to measure by.
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


def load_dataset(source: str, places: Places) -> Dataset:
    """Load cells by what a person calls them.

    Args:
        source: "mnist", or the path of a .csv or .npz file.
        places: where MNIST may lie.
    Returns:
        The cells, checked.
    Raises:
        DataError: missing, malformed, or MNIST with other bytes than MNIST's.
    """
    if source == "mnist":
        return load_mnist(places)
    path = Path(source)
    match path.suffix.lower():
        case ".csv":
            train, test = read_csv(path), _no_cells()
        case ".npz":
            train, test = read_npz(path)
        case _:
            raise DataError(f"{source} is neither mnist nor a .csv or .npz file.")
    return Dataset(path.name, _fingerprint(train, test), train, test)


def load_mnist(places: Places) -> Dataset:
    """Load MNIST from the folder that MNIST_DATA names, or Keras' cache, or the internet.

    Raises:
        DataError: not to be had, or not MNIST's bytes.
    """
    if places.mnist is None:
        if not _keras_cache().is_file():
            download_mnist()
        train, test = read_npz(_keras_cache())
    elif (paths := find_idx(places.mnist)) is not None:
        arrays = [read_idx(path) for path in paths]
        train, test = LabelledCells(arrays[0], arrays[1]), LabelledCells(arrays[2], arrays[3])
    elif (places.mnist / "mnist.npz").is_file():
        train, test = read_npz(places.mnist / "mnist.npz")
    else:
        raise DataError(
            f"{places.mnist} holds neither MNIST's four idx .gz files nor mnist.npz. {THREE_WAYS}"
        )
    return Dataset("MNIST", _require_mnist(train, test), train, test)


def describe_dataset(dataset: Dataset) -> DataSummary:
    """Count and sample a data set's training cells."""
    train = dataset.train
    samples = np.zeros((DIGIT_CLASSES, _SAMPLES, CELL_SIZE, CELL_SIZE), np.uint8)
    rng = np.random.default_rng(0)
    for digit in range(DIGIT_CLASSES):
        places = np.flatnonzero(train.labels == digit)
        chosen = rng.choice(places, min(_SAMPLES, len(places)), replace=False)
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


def keep_table(name: str, content: bytes, places: Places) -> Path:
    """Keep a table that came from outside, once it is checked.

    Args:
        name: of the file, as its owner calls it; its ending says what it is.
        content: of the file.
        places: where to keep it.
    Returns:
        Its path, for `load_dataset`; the same table is kept once.
    Raises:
        DataError: malformed, too few of a digit to train on, or nowhere to keep it; nothing is kept.
    """
    stem = re.sub(r"[^a-zA-Z0-9_-]+", "-", Path(name).stem)[:40].strip("-") or "table"
    suffix = Path(name).suffix.lower()
    if suffix not in (".csv", ".npz"):
        raise DataError(f"{name} is neither a .csv nor an .npz file.")
    folder = places.home / "tables"
    target = folder / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".partial-") as partial:
            path = Path(partial) / f"{stem}{suffix}"  # complaints name the file as its owner does
            path.write_bytes(content)
            try:
                split_stratified(load_dataset(str(path), places).train, 0.1, 0)
            except DataError as error:
                raise DataError(str(error).replace(f"{partial}{os.sep}", "")) from error
            os.replace(path, target)
    except OSError as error:
        raise DataError(f"{name} can't be kept in {folder}: {error.strerror}.") from error
    return target


def where_mnist(places: Places) -> str | None:
    """Say where MNIST lies on this machine; None where it would have to be downloaded."""
    if places.mnist is not None:
        if find_idx(places.mnist) is not None:
            return f"MNIST's own files in {places.mnist}"
        return str(places.mnist / "mnist.npz") if (places.mnist / "mnist.npz").is_file() else None
    return str(_keras_cache()) if _keras_cache().is_file() else None


def download_mnist(on_progress: Callable[[float], None] = lambda share: None) -> None:
    """Fetch MNIST into Keras' cache: whole, checked, or not at all.

    Args:
        on_progress: told the share that is done, in [0, 1].
    Raises:
        DataError: no internet, other bytes than MNIST's, or nowhere to keep it.
    """
    try:
        content = _fetch(on_progress)
    except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException) as error:
        raise DataError(f"MNIST could not be downloaded ({error}). {THREE_WAYS}") from error
    cached = _keras_cache()
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cached.parent, prefix=".mnist-") as folder:
            partial = Path(folder) / "mnist.npz"
            partial.write_bytes(content)
            _require_mnist(*read_npz(partial))
            os.replace(partial, cached)
    except OSError as error:
        raise DataError(f"MNIST was downloaded but could not be kept in {cached.parent}: {error}.") from error


def _require_mnist(train: LabelledCells, test: LabelledCells) -> str:
    """Check that these are MNIST's cells, and give their fingerprint."""
    sha256 = _fingerprint(train, test)
    if sha256 != MNIST_SHA256:
        raise DataError(
            f"These are not MNIST's cells: their SHA-256 is {sha256}, not {MNIST_SHA256}. {THREE_WAYS}"
        )
    return sha256


def split_stratified(cells: LabelledCells, share: float, seed: int) -> tuple[LabelledCells, LabelledCells]:
    """Split some cells off, the same share of each digit.

    Args:
        cells: left unchanged.
        share: of each digit to split off, above 0 and below 1; at least one of each is.
        seed: the same seed gives the same split.
    Returns:
        What is left, and what was split off.
    Raises:
        DataError: too few of some digit.
    """
    rng = np.random.default_rng(seed)
    chosen = np.zeros(len(cells), bool)
    for digit in range(DIGIT_CLASSES):
        places = np.flatnonzero(cells.labels == digit)
        if len(places) < MINIMUM_PER_DIGIT:
            raise DataError(
                f"There are {len(places)} examples of the digit {digit}; "
                f"training needs at least {MINIMUM_PER_DIGIT} of each digit."
            )
        chosen[rng.choice(places, max(1, round(share * len(places))), replace=False)] = True
    return cells.select(np.flatnonzero(~chosen)), cells.select(np.flatnonzero(chosen))


def _no_cells() -> LabelledCells:
    return LabelledCells(np.zeros((0, CELL_SIZE, CELL_SIZE), np.uint8), np.zeros(0, np.int64))


def _fingerprint(train: LabelledCells, test: LabelledCells) -> str:
    """Hash cells and labels as plain bytes, so that idx and npz of the same cells agree."""
    sha256 = hashlib.sha256()
    for part in (train, test):
        sha256.update(np.ascontiguousarray(part.cells).data)
        sha256.update(part.labels.astype(np.uint8).data)
    return sha256.hexdigest()


def _keras_cache() -> Path:
    return Path.home() / _KERAS_CACHE


def _fetch(on_progress: Callable[[float], None]) -> bytes:
    """Download mnist.npz, within bounds."""
    parts: list[bytes] = []
    with urllib.request.urlopen(_KERAS_URL, timeout=20) as answer:
        length = int(answer.headers.get("Content-Length") or _KERAS_TYPICAL_BYTES)
        done = 0
        while done < _KERAS_BYTES and (part := answer.read(_PART_BYTES)):
            parts.append(part)
            done += len(part)
            on_progress(min(1.0, done / length))
    return b"".join(parts)
