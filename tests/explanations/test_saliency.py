import numpy as np
import pytest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.explanations.probe import Probe
from mnist_core.explanations.saliency import (
    COARSE,
    FINE,
    compare_saliency,
    evidence,
    evidence_gradient,
    gradient_saliency,
    integrated_gradients,
    occlusion,
)
from tests.cells import digit_cell

BLANK = np.zeros((28, 28), np.float32)


@pytest.fixture(scope="module")
def probe():
    return Probe.open(ModelFiles(SHIPPED_FOLDER))


def test_evidence_is_the_log_of_the_odds():
    logits = np.log(np.array([[0.8, 0.1, 0.1] + [1e-9] * 7], np.float32))
    assert evidence(logits, 0)[0] == pytest.approx(np.log(4), abs=1e-4)


def test_a_blank_has_no_saliency(probe):
    for digit in (0, 7):
        assert not gradient_saliency(probe, BLANK, digit).any()
        assert not integrated_gradients(probe, BLANK, digit).any()
        assert not compare_saliency(probe, BLANK, digit, 3).any()
        assert not occlusion(probe, BLANK, digit, COARSE).any()


def test_paper_has_no_saliency(probe):
    cell = digit_cell("7")
    assert not gradient_saliency(probe, cell, 7)[cell == 0].any()


def test_the_gradient_of_evidence_is_its_slope(probe):
    """Along a line, where kinks average out: the sum of many small steps is the whole difference."""
    one, other = digit_cell("7"), digit_cell("1")
    shares = (np.arange(400, dtype=np.float32) + 0.5) / 400
    path = one + shares[:, None, None] * (other - one)
    climbed = (evidence_gradient(probe, path, 7) * (other - one)).sum(axis=(1, 2)).mean()
    ends = evidence(probe.logits(np.stack([one, other])), 7)
    assert climbed == pytest.approx(ends[1] - ends[0], rel=0.01)


def test_integrated_gradients_add_up_to_the_evidence(probe):
    cell = digit_cell("3")
    ends = evidence(probe.logits(np.stack([BLANK, cell])), 3)
    assert integrated_gradients(probe, cell, 3).sum() == pytest.approx(ends[1] - ends[0], rel=0.1)


def test_two_digits_are_compared_the_other_way_round_with_the_other_sign(probe):
    cell = digit_cell("4")
    assert np.allclose(compare_saliency(probe, cell, 4, 9), -compare_saliency(probe, cell, 9, 4), atol=1e-6)


@pytest.mark.parametrize("places", [COARSE, FINE])
def test_covering_bare_paper_changes_nothing_and_covering_ink_does(probe, places):
    cell = digit_cell("7")
    losses = occlusion(probe, cell, 7, places)
    assert losses.shape == (places, places)
    assert losses[0, 0] == pytest.approx(0, abs=1e-5)
    assert np.abs(losses).max() > 0.5


def test_cells_are_left_unchanged(probe):
    cell = digit_cell("7")
    before = cell.copy()
    occlusion(probe, cell, 7, COARSE)
    integrated_gradients(probe, cell, 7)
    assert np.array_equal(cell, before)
