"""MNIST's own files: gzipped idx, a big-endian header and then bytes."""

import gzip
from pathlib import Path
from zlib import error as ZlibError

import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import DataError

IDX_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
_IDX_CELLS = 0x803  # unsigned bytes, three dimensions
_IDX_LABELS = 0x801  # unsigned bytes, one dimension


def find_idx(folder: Path) -> tuple[Path, ...] | None:
    """Return the paths of MNIST's four files, in the order of IDX_FILES; None where one is missing."""
    paths = tuple(folder / f"{name}.gz" for name in IDX_FILES)
    return paths if all(path.is_file() for path in paths) else None


def load_idx(path: Path) -> NDArray[np.uint8]:
    """Load one of MNIST's own files.

    Args:
        path: of a .gz file.
    Returns:
        uint8 (n, 28, 28) cells, or uint8 (n,) labels.
    Raises:
        DataError: missing, damaged, or something else.
    """
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
