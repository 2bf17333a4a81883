import numpy as np

from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.pen_strokes import PenDigit
from mnist_core.training.mixture.training_set import PART, SIGN, Source, TrainingSet, labels_of, negatives

CELLS = np.arange(5, dtype=np.uint8)[:, None, None] * np.ones((28, 28), np.uint8)


def test_negatives_are_signs_unless_they_are_parts():
    assert negatives(CELLS).labels.tolist() == [SIGN] * 5
    assert negatives(CELLS, PART).labels.tolist() == [PART] * 5


def test_an_epoch_uses_no_more_negatives_than_there_are():
    assert [negatives(CELLS, SIGN, count).per_epoch for count in (None, 3, 9)] == [5, 3, 5]
    assert negatives(CELLS[:0]).per_epoch == 0


def test_labels_are_those_of_the_digits():
    digits = [PenDigit(label, 1, ()) for label in (7, PART, 0)]
    assert labels_of(digits).tolist() == [7, PART, 0]
    assert labels_of([]).shape == (0,)


def test_the_cells_asked_for_are_those_to_learn_from_and_to_validate_with():
    training_set = TrainingSet(
        sources=(Source(CELLS[:2], np.array([1, 2]), 2), negatives(CELLS[4:])),
        validation=LabelledCells(CELLS[2:4], np.array([3, 4])),
        calibration=(),
        calibration_signs=CELLS[:0],
        test_sets=(),
        data=(),
    )
    assert training_set.cells_asked_for[:, 0, 0].tolist() == [0, 1, 2, 3]
