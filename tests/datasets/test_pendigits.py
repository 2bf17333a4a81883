from mnist_core.datasets import pendigits
from mnist_core.datasets.pen_strokes import load_pen_digits
from mnist_core.datasets.pendigits import of_writers


def test_writers_are_in_one_part_each():
    parts = (pendigits.TRAINING_WRITERS, pendigits.CALIBRATION_WRITERS, pendigits.HELD_OUT_WRITERS)
    assert sorted(writer for part in parts for writer in part) == list(range(1, 31))
    assert [len(part) for part in parts] == [21, 4, 5]


def test_only_the_asked_for_writers_are_kept(pendigits_file):
    assert [digit.label for digit in of_writers(load_pen_digits(pendigits_file), frozenset({12}))] == [1]
