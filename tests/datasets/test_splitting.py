import numpy as np
import pytest

from mnist_core.datasets.labelled_cells import Dataset, LabelledCells, no_cells
from mnist_core.datasets.splitting import ENOUGH_TO_TEST, SplitSizes, split_dataset, split_sizes
from mnist_core.errors import DataError
from mnist_core.evaluation.metrics import wilson_interval
from tests.datasets.small_sets import cells_of


def dataset_of(cells, test=None):
    return Dataset("mine.csv", "", cells, test or no_cells())


def sizes(split):
    return SplitSizes(len(split.train), len(split.validation), len(split.test))


def uneven_cells(seed):
    labels = np.repeat(np.arange(10), np.random.default_rng(seed).integers(12, 90, 10))
    return LabelledCells(cells_of(len(labels)).cells, labels)


def width(test_cells):
    low, high = wilson_interval(round(0.95 * test_cells), test_cells)
    return high - low


def test_enough_to_test_gives_an_interval_of_four_points():
    assert 0.039 < width(ENOUGH_TO_TEST) <= 0.04


def test_a_table_of_two_thousand_is_tested_on_enough():
    split = split_dataset(dataset_of(cells_of(2000)), validation_share=0.05, data_share=1, seed=0)
    assert sizes(split) == SplitSizes(1420, 100, 480)


def test_a_small_table_is_tested_on_a_third():
    split = split_dataset(dataset_of(cells_of(300)), validation_share=0.1, data_share=1, seed=0)
    assert sizes(split) == SplitSizes(180, 30, 90)


def test_the_smallest_table_can_be_split():
    assert sizes(split_dataset(dataset_of(cells_of(100)), 0.05, 1, seed=0)) == SplitSizes(60, 10, 30)


def test_a_large_table_gives_up_no_more_than_it_validates_with():
    assert split_sizes([4200] * 10, 0, 0.05, 1) == SplitSizes(37900, 2100, 2000)


def test_a_test_part_of_its_own_is_taken_as_it_is():
    split = split_dataset(dataset_of(cells_of(200), cells_of(40, seed=1)), 0.1, 1, seed=0)
    assert sizes(split) == SplitSizes(180, 20, 40)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("data_share", [1, 0.9])
def test_sizes_are_known_before_the_split(seed, data_share):
    cells = uneven_cells(seed)
    counts = np.bincount(cells.labels, minlength=10).tolist()
    split = split_dataset(dataset_of(cells), 0.07, data_share, seed)
    assert sizes(split) == split_sizes(counts, 0, 0.07, data_share)


def test_sizes_are_said_with_what_a_small_test_part_means():
    assert SplitSizes(37900, 2100, 2000).words.endswith("2,000 to test on")
    assert "90 to test on, so few that an accuracy of 95 % will be uncertain by 5 points" in (
        SplitSizes(180, 30, 90).words
    )


def test_too_few_of_a_digit_are_refused():
    with pytest.raises(DataError, match="9 examples of the digit 9; training needs at least 10"):
        split_dataset(dataset_of(cells_of(99)), 0.1, 1, seed=0)
