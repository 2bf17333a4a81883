"""MNIST: loaded from this machine or downloaded, and refused where its bytes are not MNIST's."""

import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

from mnist_core.config import AppPaths
from mnist_core.datasets.idx import find_idx, load_idx
from mnist_core.datasets.labelled_cells import Dataset, LabelledCells, fingerprint
from mnist_core.datasets.npz_archive import load_npz
from mnist_core.errors import DataError

MNIST_SHA256 = "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"
"""Of MNIST's cells and labels, however they are packed: see `fingerprint`."""
_KERAS_CACHE = Path(".keras") / "datasets" / "mnist.npz"
_KERAS_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
_KERAS_BYTES = 20_000_000
"""A download larger than this is not MNIST (11.5 MB)."""
_KERAS_TYPICAL_BYTES = 11_490_434
_PART_BYTES = 1 << 18
HOW_TO_GET_MNIST = (
    "There are three ways to bring MNIST: connect to the internet once, so that it is downloaded; or set "
    "MNIST_DATA to a folder with the four idx .gz files; or put mnist.npz into such a folder."
)


def load_mnist(paths: AppPaths) -> Dataset:
    """Load MNIST from the folder that MNIST_DATA names, or Keras' cache, or the internet.

    Raises:
        DataError: missing and can't be downloaded, or not MNIST's bytes.
    """
    if paths.mnist is None:
        if not _keras_cache().is_file():
            download_mnist()
        train, test = load_npz(_keras_cache())
    elif (idx_files := find_idx(paths.mnist)) is not None:
        arrays = [load_idx(path) for path in idx_files]
        train, test = LabelledCells(arrays[0], arrays[1]), LabelledCells(arrays[2], arrays[3])
    elif (paths.mnist / "mnist.npz").is_file():
        train, test = load_npz(paths.mnist / "mnist.npz")
    else:
        raise DataError(
            f"{paths.mnist} holds neither MNIST's four idx .gz files nor mnist.npz. {HOW_TO_GET_MNIST}"
        )
    return Dataset("MNIST", _require_mnist(train, test), train, test)


def locate_mnist(paths: AppPaths) -> str | None:
    """Return where MNIST lies on this machine, in words; None where it would have to be downloaded."""
    if paths.mnist is not None:
        if find_idx(paths.mnist) is not None:
            return f"MNIST's own files in {paths.mnist}"
        return str(paths.mnist / "mnist.npz") if (paths.mnist / "mnist.npz").is_file() else None
    return str(_keras_cache()) if _keras_cache().is_file() else None


def download_mnist(on_progress: Callable[[float], None] = lambda share: None) -> None:
    """Download MNIST into Keras' cache: whole, checked, or not at all.

    Args:
        on_progress: called with the share that is done, in [0, 1].
    Raises:
        DataError: no internet, other bytes than MNIST's, or the cache can't be written to.
    """
    try:
        content = _download(on_progress)
    except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException) as error:
        raise DataError(f"MNIST could not be downloaded ({error}). {HOW_TO_GET_MNIST}") from error
    cached = _keras_cache()
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cached.parent, prefix=".mnist-") as folder:
            partial = Path(folder) / "mnist.npz"
            partial.write_bytes(content)
            _require_mnist(*load_npz(partial))
            os.replace(partial, cached)
    except OSError as error:
        raise DataError(
            f"MNIST was downloaded but could not be stored in {cached.parent}: {error}."
        ) from error


def _require_mnist(train: LabelledCells, test: LabelledCells) -> str:
    """Return the cells' fingerprint; raise DataError where it is not MNIST's."""
    sha256 = fingerprint(train, test)
    if sha256 != MNIST_SHA256:
        raise DataError(
            f"These are not MNIST's cells: their SHA-256 is {sha256}, not {MNIST_SHA256}. {HOW_TO_GET_MNIST}"
        )
    return sha256


def _keras_cache() -> Path:
    return Path.home() / _KERAS_CACHE


def _download(on_progress: Callable[[float], None]) -> bytes:
    """Return the bytes of mnist.npz, downloaded within bounds."""
    parts: list[bytes] = []
    with urllib.request.urlopen(_KERAS_URL, timeout=20) as response:
        length = int(response.headers.get("Content-Length") or _KERAS_TYPICAL_BYTES)
        done = 0
        while done < _KERAS_BYTES and (part := response.read(_PART_BYTES)):
            parts.append(part)
            done += len(part)
            on_progress(min(1.0, done / length))
    return b"".join(parts)
