"""Small files that pass for the real datasets."""

import pytest

from mnist_core.datasets import mnist
from mnist_core.datasets.labelled_cells import fingerprint
from tests.datasets.small_sets import NAMES, cells_of, write_idx


@pytest.fixture
def small_mnist(tmp_path, monkeypatch):
    """A folder of idx files that passes for MNIST."""
    train, test = cells_of(40), cells_of(20, seed=1)
    for name, array in zip(NAMES, (train.cells, train.labels, test.cells, test.labels), strict=True):
        write_idx(tmp_path / f"{name}.gz", array)
    monkeypatch.setattr(mnist, "MNIST_SHA256", fingerprint(train, test))
    return tmp_path, train, test


FILE = """.INCLUDE        dene.doc
.LEXICON "0" "1"
.SEGMENT DIGIT    0 ? "7"
.COMMENT 7 3  224
.PEN_DOWN
 100  400
 300  400
 200  100
.PEN_UP
.DT 100
.PEN_DOWN
 150  250
 280  250
.PEN_UP
.DT 100

.SEGMENT DIGIT    1 ? "1"
.COMMENT 1 12  5
.PEN_DOWN
 200  450
 200  50
.PEN_UP
.DT 100
"""


@pytest.fixture
def pendigits_file(tmp_path):
    path = tmp_path / "strokes.tra"
    path.write_text(FILE)
    return path
