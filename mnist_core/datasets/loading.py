"""Datasets by what a person calls them: mnist, or the path of their own table."""

from pathlib import Path

from mnist_core.config import AppPaths
from mnist_core.datasets.labelled_cells import Dataset, fingerprint, no_cells
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
