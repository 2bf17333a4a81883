import numpy as np

from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.scanned_digits import renormalized_cells


def test_renormalized_cells_keep_order_and_leave_the_digits_alone():
    bars = np.zeros((6, 28, 28), np.uint8)
    bars[::2, 4:24, 12:15] = 255
    bars[1::2, 12:15, 4:24] = 255
    before = bars.copy()
    cells = renormalized_cells(LabelledCells(bars, np.arange(6)), np.random.default_rng(0)) > 127
    assert [cell.any(axis=1).sum() > cell.any(axis=0).sum() for cell in cells] == [True, False] * 3
    np.testing.assert_array_equal(bars, before)


def test_pens_differ_and_no_cell_is_lost():
    cells = np.zeros((60, 28, 28), np.uint8)
    cells[:, 4:24, 12:15] = 255
    renormalized = renormalized_cells(LabelledCells(cells, np.ones(60, int)), np.random.default_rng(0))
    assert (renormalized.max(axis=(1, 2)) > 200).all()
    widths = (renormalized > 127).any(axis=1).sum(axis=1)
    assert len(set(widths.tolist())) >= 3  # of pens that differ


def test_faint_cells_are_not_thresholded_away():
    faint = np.zeros((30, 28, 28), np.uint8)
    faint[:, 4:24, 13:14] = 90
    renormalized = renormalized_cells(LabelledCells(faint, np.ones(30, int)), np.random.default_rng(0))
    assert (renormalized.max(axis=(1, 2)) > 60).all()
