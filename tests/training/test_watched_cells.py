import numpy as np

from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.training.watched_cells import WATCHED_CELLS, choose_watched_cells


def cells_of(count):
    rng = np.random.default_rng(0)
    return LabelledCells(rng.integers(0, 256, (count, 28, 28), np.uint8), np.arange(count) % 10)


def test_sixteen_different_cells_of_all_digits_are_chosen_alike_each_time():
    cells = cells_of(400)
    chosen = choose_watched_cells(cells)
    assert len({cell.tobytes() for cell in chosen.cells}) == WATCHED_CELLS
    assert len(chosen) == 16
    assert set(chosen.labels.tolist()) == set(range(10))
    np.testing.assert_array_equal(choose_watched_cells(cells).cells, chosen.cells)


def test_a_hard_one_is_among_them():
    cells = np.zeros((40, 28, 28), np.uint8)
    cells[:, 4:24, 13:15] = 255
    cells[7] = 0
    cells[7, 4:24, 4:20] = 255
    (cell,) = choose_watched_cells(LabelledCells(cells[:8], np.full(8, 9))).cells
    assert not np.array_equal(cell, cells[7])
    unlike_the_rest = cells.copy()
    unlike_the_rest[8:10] = cells[7]
    chosen = choose_watched_cells(LabelledCells(unlike_the_rest, np.full(40, 9))).cells
    np.testing.assert_array_equal(chosen[0], cells[7])


def test_a_cell_of_as_much_ink_elsewhere_is_a_hard_one():
    cells = np.zeros((8, 28, 28), np.uint8)
    cells[:, 4:24, 13:15] = 255
    cells[3:5] = np.roll(cells[3:5], 6, axis=2)
    chosen = choose_watched_cells(LabelledCells(cells, np.full(8, 9))).cells
    np.testing.assert_array_equal(chosen[0], cells[3])


def test_few_cells_give_few():
    assert len(choose_watched_cells(cells_of(3))) == 3
    assert len(choose_watched_cells(cells_of(0))) == 0
