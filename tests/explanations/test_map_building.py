import numpy as np
import pytest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.errors import ModelError
from mnist_core.explanations import map_building
from mnist_core.explanations.neighbours import last_features
from mnist_core.explanations.probe import Probe
from tests.pages.classroom import hand_drawn_cells


def test_digits_that_are_alike_are_laid_out_near_each_other(monkeypatch):
    monkeypatch.setattr(map_building, "DIGITS", 100)
    monkeypatch.setattr(map_building, "_ITERATIONS", 300)
    probe = Probe.open(ModelFiles(SHIPPED_FOLDER))
    digits = map_building.build_map(probe, LabelledCells(*hand_drawn_cells(30)))
    assert np.bincount(digits.labels, minlength=10).tolist() == [10] * 10
    cells = (digits.cells / np.float32(255)).astype(np.float32)
    features = last_features(cells, probe.activations(cells))
    nearest = np.array([digits.nearest(row)[1] for row in features])  # the first is the digit itself
    assert np.mean(digits.labels[nearest] == digits.labels) > 0.95
    centres = np.stack([digits.places[digits.labels == digit].mean(axis=0) for digit in range(10)])
    spread = np.mean([digits.places[digits.labels == digit].std() for digit in range(10)])
    assert np.linalg.norm(centres - centres.mean(axis=0), axis=1).mean() > spread


def test_without_mnist_a_sentence_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    monkeypatch.setenv("MNIST_DATA", str(tmp_path))
    with pytest.raises(ModelError, match="holds neither MNIST's"):
        list(map_building.make_map(ModelFiles(SHIPPED_FOLDER)))
    assert not list(tmp_path.iterdir())
