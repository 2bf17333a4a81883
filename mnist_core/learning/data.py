"""Cells to learn from and to be measured by: MNIST, found or fetched, and the split for validation."""

import gzip
import hashlib
import os
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from zlib import error as ZlibError

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES, Places
from mnist_core.errors import DataError
from mnist_core.learning.tables import LabelledCells, read_csv, read_npz

MNIST_SHA256 = "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"
"""Of MNIST's cells and labels, however they are packed: see `_fingerprint`."""
MINIMUM_PER_DIGIT = 10
"""Fewer examples of a digit can't be learned, nor split for validation."""

_IDX_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
_IDX_CELLS = 0x803  # unsigned bytes, three dimensions
_IDX_LABELS = 0x801  # unsigned bytes, one dimension
_KERAS_CACHE = Path(".keras") / "datasets" / "mnist.npz"
_KERAS_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
_KERAS_BYTES = 20_000_000
"""A download larger than this is not MNIST (11.5 MB)."""
_THREE_WAYS = (
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
        train, test = read_npz(_download())
    elif all((places.mnist / f"{name}.gz").is_file() for name in _IDX_FILES):
        arrays = [_read_idx(places.mnist / f"{name}.gz") for name in _IDX_FILES]
        train, test = LabelledCells(arrays[0], arrays[1]), LabelledCells(arrays[2], arrays[3])
    elif (places.mnist / "mnist.npz").is_file():
        train, test = read_npz(places.mnist / "mnist.npz")
    else:
        raise DataError(
            f"{places.mnist} holds neither MNIST's four idx .gz files nor mnist.npz. {_THREE_WAYS}"
        )
    sha256 = _fingerprint(train, test)
    if sha256 != MNIST_SHA256:
        raise DataError(
            f"These are not MNIST's cells: their SHA-256 is {sha256}, not {MNIST_SHA256}. {_THREE_WAYS}"
        )
    return Dataset("MNIST", sha256, train, test)


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


def _read_idx(path: Path) -> NDArray[np.uint8]:
    """Read one of MNIST's own files: big-endian header, then bytes."""
    try:
        with gzip.open(path) as file:
            content = file.read(64 * 1024 * 1024)  # MNIST's largest unpacks to 47 MB
    except (OSError, EOFError, ZlibError) as error:
        raise DataError(f"{path} can't be read: {error}.") from error
    magic = int.from_bytes(content[:4], "big")
    dimensions = {_IDX_CELLS: 3, _IDX_LABELS: 1}.get(magic)
    if dimensions is None or len(content) < 4 + 4 * dimensions:
        raise DataError(f"{path} is no idx file of cells or labels.")
    shape = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(dimensions)]
    body = np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions)
    if body.size != np.prod(shape):
        raise DataError(f"{path} is cut off: {body.size} values where its header says {shape}.")
    return body.reshape(shape)


def _download() -> Path:
    """Find mnist.npz in Keras' cache, or fetch it to there: whole or not at all."""
    cached = Path.home() / _KERAS_CACHE
    if cached.is_file():
        return cached
    try:
        with urllib.request.urlopen(_KERAS_URL, timeout=20) as answer:
            content = answer.read(_KERAS_BYTES)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise DataError(f"MNIST could not be downloaded ({error}). {_THREE_WAYS}") from error
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cached.parent, suffix=".partial", delete=False) as file:
            file.write(content)
        os.replace(file.name, cached)
    except OSError as error:
        raise DataError(f"MNIST was downloaded but could not be kept in {cached.parent}: {error}.") from error
    return cached
