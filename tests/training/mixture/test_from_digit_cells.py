import numpy as np
import pytest

from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.training.mixture import from_digit_cells
from mnist_core.training.mixture.from_digit_cells import synthesized_contribution
from mnist_core.training.mixture.training_set import PART, SIGN

SEVENS = np.zeros((60, 28, 28), np.uint8)
SEVENS[:, 4:7, 8:20] = 255
SEVENS[:, 4:24, 16:19] = 255


def contribution(seed=0):
    train, validation = LabelledCells(SEVENS[:50], np.full(50, 7)), LabelledCells(SEVENS[50:], np.full(10, 7))
    return synthesized_contribution(train, validation, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def built():
    return contribution()


def test_each_kind_has_its_share_of_the_training_cells(built):
    assert [(len(source.cells), source.per_epoch) for source in built.sources] == [
        (15, 15),  # rescanned digits
        (16, 9),  # glyphs
        (6, 6),  # scribbles
        (6, 6),  # letters and signs
        (3, 3),  # digits side by side
        (1, 1),  # halves
        (4, 4),  # turned digits
    ]


def test_each_kind_has_its_label(built):
    rescanned, glyphs, *others = (set(source.labels.tolist()) for source in built.sources)
    assert rescanned == {7}
    assert glyphs <= set(range(10))
    assert others == [{SIGN}, {SIGN}, {PART}, {PART}, {SIGN}]


def test_what_is_calibrated_with_and_tested_on_is_the_same_for_every_seed(built):
    other = contribution(seed=1)
    assert not np.array_equal(built.sources[2].cells, other.sources[2].cells)
    (calibration,), (test_set,) = built.calibration, built.test_sets
    assert (len(calibration), len(test_set.labels), set(test_set.labels.tolist())) == (10, 6, {SIGN})
    np.testing.assert_array_equal(calibration.cells, other.calibration[0].cells)
    np.testing.assert_array_equal(test_set.cells, other.test_sets[0].cells)


def test_the_scribbles_to_test_on_are_bounded(monkeypatch):
    monkeypatch.setattr(from_digit_cells, "_TEST_SCRIBBLES", 2)
    assert len(contribution().test_sets[0].cells) == 2
