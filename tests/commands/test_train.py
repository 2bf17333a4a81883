"""Training from the command line."""

import sys
from types import SimpleNamespace

import numpy as np

from mnist_core.commands import train
from mnist_core.training.events import Cancelled
from tests.pages.classroom import hand_drawn_cells


def test_training_without_tensorflow_says_how_to_get_it(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    for name in [name for name in sys.modules if name.startswith("mnist_core.training")]:
        monkeypatch.delitem(sys.modules, name)
    status, output, remarks = run("train", "--epochs", "1")
    assert (status, output) == (1, "")
    assert "make install-train" in remarks


def test_what_looks_wrong_with_a_table_is_said_before_training(run, tmp_path, monkeypatch):
    cells, labels = hand_drawn_cells(20)
    path = tmp_path / "mine.npz"
    np.savez(path, x_train=np.uint8(cells > 127), y_train=labels, x_test=cells[:0], y_test=labels[:0])
    training = SimpleNamespace(train=lambda *args, **more: Cancelled(()))
    monkeypatch.setattr(train, "_import_training", lambda: training)
    status, _, remarks = run("train", "--recipe", "quick", "--data", path)
    assert status == 1
    assert "130 images to train on, 10 to validate with, 60 to test on, so few" in remarks
    assert "brightest pixel of this table is 1" in remarks
    assert remarks.count("Please check") == 1
    assert remarks.index("brightest") < remarks.index("Cancelled")
