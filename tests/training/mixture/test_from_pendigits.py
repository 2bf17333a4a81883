import hashlib

import numpy as np
import pytest

from mnist_core.datasets.pendigits import CALIBRATION_WRITERS, HELD_OUT_WRITERS, TRAINING_WRITERS
from mnist_core.errors import DataError
from mnist_core.training.mixture.from_pendigits import pendigits_contribution


@pytest.fixture
def contribution(strokes):
    return pendigits_contribution(strokes, np.random.default_rng(0))


def labels_by(writers):
    """In the file of one digit a writer, each is labelled with its writer's last digit."""
    return [writer % 10 for writer in sorted(writers)]


def test_each_writers_digits_serve_one_end(contribution):
    (source,), (calibration,), (test_set,) = (
        contribution.sources,
        contribution.calibration,
        contribution.test_sets,
    )
    assert source.labels.tolist() == labels_by(TRAINING_WRITERS) * 8
    assert source.per_epoch == 3 * len(TRAINING_WRITERS)
    assert calibration.labels.tolist() == labels_by(CALIBRATION_WRITERS) * 2
    assert test_set.labels.tolist() == labels_by(HELD_OUT_WRITERS)
    assert test_set.name == "tablet digits of 5 held-out writers"


def test_no_two_drawings_of_a_digit_are_alike(contribution):
    cells = contribution.sources[0].cells.reshape(8, len(TRAINING_WRITERS), -1)
    assert len(np.unique(cells[:, 0], axis=0)) == 8


def test_what_is_tested_on_is_the_same_for_every_seed(contribution, strokes):
    other = pendigits_contribution(strokes, np.random.default_rng(1))
    assert not np.array_equal(contribution.sources[0].cells, other.sources[0].cells)
    np.testing.assert_array_equal(contribution.test_sets[0].cells, other.test_sets[0].cells)
    np.testing.assert_array_equal(contribution.calibration[0].cells, other.calibration[0].cells)


def test_the_card_counts_what_was_trained_on(contribution, strokes):
    (data,) = contribution.data
    assert data.cells == len(TRAINING_WRITERS)
    assert data.sha256 == hashlib.sha256(strokes.read_bytes()).hexdigest()


@pytest.mark.parametrize("writers", [TRAINING_WRITERS, CALIBRATION_WRITERS, HELD_OUT_WRITERS])
def test_strokes_of_too_few_writers_are_refused(strokes, writers):
    sections = strokes.read_text().split(".SEGMENT")[1:]
    others = [section for section in sections if int(section.split()[6]) not in writers]
    strokes.write_text("".join(f".SEGMENT{section}" for section in others))
    with pytest.raises(DataError, match="30 writers"):
        pendigits_contribution(strokes, np.random.default_rng(0))
