"""A classifier that knows nothing learns from a class."""

import numpy as np
import pytest

from mnist_core.classroom.class_cells import ClassCells
from mnist_core.classroom.from_nothing import learn_from_nothing
from mnist_core.datasets.labelled_cells import LabelledCells, no_cells
from mnist_core.errors import DataError
from tests.pages.classroom import hand_drawn_cells


def parts(each: int) -> ClassCells:
    train, test = hand_drawn_cells(each), hand_drawn_cells(5, seed=1)
    return ClassCells(LabelledCells(*train), LabelledCells(*test), 3, 1)


def test_it_gets_better_with_more_digits():
    points = learn_from_nothing(parts(40))
    assert [point.digits for point in points] == [30, 100, 300, 400]
    assert all(point.total == 50 for point in points)
    assert points[0].right < points[-1].right
    assert points[-1].right > 40


def test_the_same_seed_gives_the_same_curve():
    assert learn_from_nothing(parts(4), 3) == learn_from_nothing(parts(4), 3)


def test_where_only_one_digit_was_drawn_it_reads_that():
    zeros = LabelledCells(np.zeros((30, 28, 28), np.uint8), np.zeros(30, np.int64))
    test = LabelledCells(np.zeros((2, 28, 28), np.uint8), np.array([0, 1]))
    assert learn_from_nothing(ClassCells(zeros, test, 1, 1))[0].right == 1


@pytest.mark.parametrize("too_few", ["train", "test"])
def test_too_few_digits_are_said(too_few: str):
    whole = parts(4)
    train = whole.train.select(np.arange(29)) if too_few == "train" else whole.train
    test = no_cells() if too_few == "test" else whole.test
    with pytest.raises(DataError, match="two pupils or more"):
        learn_from_nothing(ClassCells(train, test, 1, 1))
