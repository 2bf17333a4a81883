import numpy as np
import pytest

from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.scanned_digits import renormalized_cells
from mnist_core.datasets.synthetic_negatives import crowded_cells, half_cells, scribble_cells, turned_cells


@pytest.fixture
def digits():
    """Forty plain marks that pass for digits: a bar, each a little elsewhere."""
    cells = np.zeros((40, 28, 28), np.uint8)
    for number, cell in enumerate(cells):
        cell[4:24, 6 + number % 5 : 10 + number % 5] = 255
        cell[4:8, 6:20] = 255
    return LabelledCells(cells, np.arange(40) % 10)


def test_scribbles_are_inked_cells_that_follow_their_seed():
    first, again = (scribble_cells(60, np.random.default_rng(5)) for _ in range(2))
    assert first.shape == (60, 28, 28)
    assert first.dtype == np.uint8
    assert (first.max(axis=(1, 2)) > 200).all()
    np.testing.assert_array_equal(first, again)


def test_crowded_cells_hold_more_than_one_mark(digits):
    cells = crowded_cells(digits, 30, np.random.default_rng(0))
    widths = [np.ptp(np.flatnonzero(cell.max(axis=0) > 127)) for cell in cells]
    heights = [np.ptp(np.flatnonzero(cell.max(axis=1) > 127)) for cell in cells]
    assert cells.shape == (30, 28, 28)
    assert np.mean(np.array(widths) > np.array(heights)) > 0.8


def test_halves_come_of_threes_and_sevens_alone(digits):
    assert half_cells(digits, 12, np.random.default_rng(0)).shape == (12, 28, 28)
    ones = digits.select(np.flatnonzero(digits.labels == 1))
    assert half_cells(ones, 12, np.random.default_rng(0)).shape == (0, 28, 28)


def test_none_asked_for_gives_none(digits):
    assert scribble_cells(0, np.random.default_rng(0)).shape == (0, 28, 28)
    assert crowded_cells(digits, 0, np.random.default_rng(0)).shape == (0, 28, 28)


def test_turned_cells_come_of_digits_that_are_none_then(digits):
    assert turned_cells(digits, 12, np.random.default_rng(0)).shape == (12, 28, 28)
    eights = digits.select(np.flatnonzero(digits.labels == 8))
    assert turned_cells(eights, 12, np.random.default_rng(0)).shape == (0, 28, 28)


def test_turned_cells_lie_otherwise(digits):
    fours = digits.select(np.flatnonzero(digits.labels == 4))
    turned = turned_cells(fours, 20, np.random.default_rng(0))
    upright = renormalized_cells(fours, np.random.default_rng(0))
    gaps = [np.abs(upright.astype(int) - cell).mean(axis=(1, 2)).min() for cell in turned]
    assert min(gaps) > 10
