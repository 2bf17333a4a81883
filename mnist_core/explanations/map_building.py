"""Builds the map of training digits: `python -m mnist_core.explanations.map_building FOLDER` for a model's.

The map is made on the machine where MNIST is, in a process of its own: laying 2,000 digits out takes half a
minute, and scikit-learn, which does it, is installed with what training needs.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import PROJECT_FOLDER, AppPaths, ModelFiles
from mnist_core.datasets.labelled_cells import LabelledCells, split_stratified
from mnist_core.datasets.mnist import load_mnist
from mnist_core.errors import MnistCoreError, ModelError
from mnist_core.explanations.neighbours import NeighbourMap, find_exciting, map_path, save_map
from mnist_core.explanations.probe import Probe
from mnist_core.logs import log_event
from mnist_core.reading.normalization import to_batch

DIGITS = 2000
"""Of MNIST's training digits, each kind alike."""
_ITERATIONS = 750
_BEFORE = 0.1
"""Share of the time that reading MNIST and computing features takes."""
_ITERATION = re.compile(r"Iteration (\d+)")
_NICENESS = 10


def build_map(probe: Probe, train: LabelledCells, seed: int = 0, verbose: int = 0) -> NeighbourMap:
    """Choose training digits and lay them out by what the network makes of them.

    Args:
        probe: of the network.
        train: the training digits, DIGITS or more.
        seed: the same seed gives the same map.
        verbose: 2 prints a line every 50 iterations.
    """
    from sklearn.manifold import TSNE  # half a second, and only here

    _, chosen = split_stratified(train, DIGITS / len(train), seed)
    cells = to_batch(chosen.cells)[..., 0]
    features, exciting = find_exciting(probe, cells)
    layout = TSNE(
        perplexity=30, max_iter=_ITERATIONS, init="pca", random_state=seed, verbose=verbose, n_jobs=1
    ).fit_transform(features)
    return NeighbourMap(
        chosen.cells,
        chosen.labels.astype(np.uint8),
        features.astype(np.float16),
        _to_bytes(layout),
        exciting,
    )


def make_map(files: ModelFiles) -> Iterator[float]:
    """Have a model's map built by another process, and yield the share that is done, in [0, 1].

    Raises:
        ModelError: MNIST or scikit-learn is missing, or the map can't be written; the message says which.
    """
    command = [
        sys.executable,
        "-u",
        "-m",
        "mnist_core.explanations.map_building",
        str(files.folder.absolute()),
    ]
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=PROJECT_FOLDER,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                lines = [*lines[-20:], line.strip()]
                if found := _ITERATION.search(line):
                    yield _BEFORE + (1 - _BEFORE) * min(1.0, int(found[1]) / _ITERATIONS)
        finally:
            process.terminate()  # where the visitor has left; nothing where it is over
    if process.returncode:
        raise ModelError(lines[-1] if lines else "The map can't be made.", "no map made")
    log_event("map made", model=files.name)


def _to_bytes(layout: NDArray[np.float32]) -> NDArray[np.uint8]:
    lowest, highest = layout.min(axis=0), layout.max(axis=0)
    places: NDArray[np.uint8] = np.rint(255 * (layout - lowest) / (highest - lowest)).astype(np.uint8)
    return places


def main() -> None:
    """Build the map of the model in a folder; exit with status 1 and a sentence where that can't be."""
    os.nice(_NICENESS)
    files, paths = ModelFiles(Path(sys.argv[1])), AppPaths.from_environment()
    try:
        path = map_path(files, paths)
        save_map(build_map(Probe.open(files), load_mnist(paths).train, verbose=2), path)
    except ModuleNotFoundError as error:
        sys.exit(f"The map needs {error.name}, which `make install-train` installs.")
    except MnistCoreError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
