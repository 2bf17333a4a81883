"""Training from the command line."""

import sys


def test_training_without_tensorflow_says_how_to_get_it(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    for name in [name for name in sys.modules if name.startswith("mnist_core.training")]:
        monkeypatch.delitem(sys.modules, name)
    status, output, remarks = run("train", "--epochs", "1")
    assert (status, output) == (1, "")
    assert "make install-train" in remarks
