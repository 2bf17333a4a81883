"""Datasets by what a person calls them, mnist or their own table; uploaded tables are checked and stored."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from mnist_core.config import AppPaths
from mnist_core.datasets.labelled_cells import Dataset, fingerprint, no_cells, split_stratified
from mnist_core.datasets.mnist import load_mnist
from mnist_core.datasets.npz_archive import load_npz
from mnist_core.datasets.tables import load_csv
from mnist_core.errors import DataError


def load_dataset(source: str, paths: AppPaths) -> Dataset:
    """Load a dataset by what a person calls it.

    Args:
        source: "mnist", or the path of a .csv or .npz file.
        paths: where MNIST may lie.
    Returns:
        The cells, checked.
    Raises:
        DataError: missing, malformed, or MNIST with other bytes than MNIST's.
    """
    if source == "mnist":
        return load_mnist(paths)
    path = Path(source)
    match path.suffix.lower():
        case ".csv":
            train, test = load_csv(path), no_cells()
        case ".npz":
            train, test = load_npz(path)
        case _:
            raise DataError(f"{source} is neither mnist nor a .csv or .npz file.")
    return Dataset(path.name, fingerprint(train, test), train, test)


def store_table(name: str, content: bytes, paths: AppPaths) -> Path:
    """Write a table that was uploaded to the home folder, once it is checked.

    Args:
        name: of the file, as its owner calls it; its ending says what it is.
        content: of the file.
        paths: where to store it.
    Returns:
        Its path, for `load_dataset`; the same table is stored once.
    Raises:
        DataError: malformed, too few of a digit to train on, or the disk can't be written to.
    """
    stem = re.sub(r"[^a-zA-Z0-9_-]+", "-", Path(name).stem)[:40].strip("-") or "table"
    suffix = Path(name).suffix.lower()
    if suffix not in (".csv", ".npz"):
        raise DataError(f"{name} is neither a .csv nor an .npz file.")
    folder = paths.home / "tables"
    target = folder / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".partial-") as partial:
            path = Path(partial) / f"{stem}{suffix}"  # complaints name the file as its owner does
            path.write_bytes(content)
            try:
                split_stratified(load_dataset(str(path), paths).train, 0.1, 0)
            except DataError as error:
                raise DataError(str(error).replace(f"{partial}{os.sep}", "")) from error
            os.replace(path, target)
    except OSError as error:
        raise DataError(f"{name} can't be stored in {folder}: {error.strerror}.") from error
    return target
