"""Small sets of cells, and the files they come in."""

import gzip
from pathlib import Path

import numpy as np

from mnist_core.config import AppPaths
from mnist_core.datasets.labelled_cells import LabelledCells

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def cells_of(count, seed=0):
    rng = np.random.default_rng(seed)
    return LabelledCells(rng.integers(0, 256, (count, 28, 28), np.uint8), np.arange(count) % 10)


def write_idx(path, array):
    magic = 0x800 + array.ndim
    header = b"".join(number.to_bytes(4, "big") for number in (magic, *array.shape))
    path.write_bytes(gzip.compress(header + array.astype(np.uint8).tobytes()))


def places_with(mnist):
    return AppPaths(home=Path("unused"), mnist=mnist)


PEAK_MB = (
    "int(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1]) / 1024"
)
"""Python that computes a process's own peak in MB; `ru_maxrss` starts with that of its parent, the tests."""


def csv_of(labels):
    header = ",".join(["label", *(f"pixel{number}" for number in range(784))])
    rows = (",".join([str(label), *["51"] * 784]) for label in labels)
    return ("\n".join([header, *rows]) + "\n").encode()
