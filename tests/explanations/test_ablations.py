import numpy as np
import pytest

from mnist_core.explanations.ablations import ABLATIONS, ablate
from tests.cells import digit_cell, digit_ink


def extent(cell):
    """Height and width of what is inked."""
    ys, xs = np.nonzero(cell > 0.1)
    return np.ptp(ys) + 1, np.ptp(xs) + 1


def without(step, digit="1"):
    return ablate(digit_ink(digit), digit_cell(digit), step)


@pytest.mark.parametrize("step", [each.step for each in ABLATIONS])
def test_every_step_left_out_gives_a_cell(step):
    ink, cell = digit_ink("7"), digit_cell("7")
    before = ink.copy(), cell.copy()
    ablated = ablate(ink, cell, step)
    assert ablated.shape == (28, 28)
    assert ablated.dtype == np.float32
    assert 0 <= ablated.min() <= ablated.max() <= 1
    assert np.array_equal(ablated, cell) == (step == "none")
    assert np.array_equal(ink, before[0])
    assert np.array_equal(cell, before[1])


@pytest.mark.parametrize("step", [each.step for each in ABLATIONS if each.step != "polarity"])
def test_a_blank_stays_blank(step):
    assert not ablate(np.zeros((40, 30), np.float32), np.zeros((28, 28), np.float32), step).any()


def test_a_stretched_one_is_as_broad_as_high():
    assert extent(without("aspect")) == (20, 20)
    assert extent(digit_cell("1"))[1] < 10


def test_half_size_is_half_the_size():
    assert max(extent(without("size", "3"))) == pytest.approx(10, abs=1)


def test_not_centred_is_four_pixels_up_and_left():
    cell = digit_cell("3")
    assert np.array_equal(without("centre", "3")[:-4, :-4], cell[4:, 4:])


def test_not_inverted_swaps_ink_and_paper():
    assert np.array_equal(without("polarity"), 1 - digit_cell("1"))
