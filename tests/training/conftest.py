"""A network that trains in seconds, and cells that it learns at once.

Tests import tensorflow where they need it, not above: it takes seconds, and warns while it starts.
"""

from dataclasses import replace

import numpy as np
import pytest

from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.training.layers import Conv, Flatten, Pool
from mnist_core.training.recipes import RECIPES

TINY_LAYERS = (Conv(8, 5, 2), Pool(), Conv(8, 3, padding="valid"), Flatten())


def bars(count, seed=0):
    """Easy 'digits': an upright bar each, further right for each label."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 10
    cells = rng.integers(0, 40, (count, 28, 28), np.uint8)
    for cell, label in zip(cells, labels, strict=True):
        cell[4:24, 4 + 2 * label : 6 + 2 * label] = 255
    return LabelledCells(cells, labels)


@pytest.fixture(scope="module")
def tiny():
    """The name of a recipe as `best` is, but for its network's size."""
    with pytest.MonkeyPatch.context() as patch:
        recipe = replace(RECIPES["best"], name="tiny", layers=TINY_LAYERS, averaged_steps=30)
        patch.setitem(RECIPES, "tiny", recipe)
        yield "tiny"


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """The path of an .npz with 400 bars to train on and 200 to test on."""
    cells = bars(600)
    path = tmp_path_factory.mktemp("data") / "bars.npz"
    np.savez(
        path,
        x_train=cells.cells[:400],
        y_train=cells.labels[:400],
        x_test=cells.cells[400:],
        y_test=cells.labels[400:],
    )
    return path
