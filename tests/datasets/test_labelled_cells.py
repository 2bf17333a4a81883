import numpy as np
import pytest

from mnist_core.datasets.labelled_cells import LabelledCells, split_stratified
from mnist_core.errors import DataError
from tests.datasets.small_sets import cells_of


def test_split_takes_the_same_share_of_each_digit():
    left, off = split_stratified(cells_of(400), 0.1, seed=3)
    assert np.bincount(off.labels).tolist() == [4] * 10
    assert np.bincount(left.labels).tolist() == [36] * 10


def test_split_loses_no_cell_and_follows_its_seed():
    cells = cells_of(200)
    left, off = split_stratified(cells, 0.2, seed=3)
    together = np.concatenate([left.cells, off.cells]).reshape(200, -1)
    assert {row.tobytes() for row in together} == {row.tobytes() for row in cells.cells.reshape(200, -1)}
    again = split_stratified(cells, 0.2, seed=3)[1]
    np.testing.assert_array_equal(again.cells, off.cells)
    assert not np.array_equal(split_stratified(cells, 0.2, seed=4)[1].cells, off.cells)


def test_too_few_of_a_digit_are_refused():
    with pytest.raises(DataError, match="9 examples of the digit 9"):
        split_stratified(cells_of(99), 0.1, seed=0)


def test_selected_cells_are_a_copy():
    cells = LabelledCells(np.zeros((3, 28, 28), np.uint8), np.array([0, 1, 2]))
    selected = cells.select(np.array([2, 0]))
    selected.cells[...] = 9
    assert selected.labels.tolist() == [2, 0]
    assert not cells.cells.any()
