import numpy as np
import pytest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.explanations.adversarial import STRENGTHS, change_towards, smallest_change
from mnist_core.explanations.probe import Probe
from tests.cells import digit_cell


@pytest.fixture(scope="module")
def probe():
    return Probe.open(ModelFiles(SHIPPED_FOLDER))


@pytest.mark.parametrize("target", [9, 2])
def test_a_seven_becomes_another_digit_within_the_strength(probe, target):
    cell = digit_cell("7")
    change = change_towards(probe, cell, target, 0.3)
    assert change.label == target == probe.logits(change.cell[None])[0].argmax()
    assert np.abs(change.cell - cell).max() <= 0.3 + 1e-6
    assert 0 <= change.cell.min() <= change.cell.max() <= 1


def test_the_smallest_change_fools_and_no_smaller_one_does(probe):
    cell = digit_cell("7")
    change = smallest_change(probe, cell, 7)
    assert change is not None
    assert change.label != 7
    assert np.abs(change.cell - cell).max() <= change.strength + 1e-6
    assert change.strength in STRENGTHS


def test_a_network_that_never_wavers_has_no_smallest_change(probe, monkeypatch):
    certain = np.eye(10, dtype=np.float32)[[7]] * 50
    monkeypatch.setattr(probe, "logits", lambda cells: np.repeat(certain, len(cells), axis=0))
    assert smallest_change(probe, digit_cell("7"), 7) is None


def test_the_cell_is_left_unchanged(probe):
    cell = digit_cell("7")
    before = cell.copy()
    change_towards(probe, cell, 1, 0.2)
    assert np.array_equal(cell, before)
