"""Marks that look like digits and are none: refused for what stands beside them, all else stays as it was."""

import numpy as np
import pytest

from mnist_core.reading.grouping import DigitCrop
from mnist_core.reading.implausible import refuse_bars, refuse_pattern, refuse_strangers
from mnist_core.reading.marks import Mark, MarkReader
from mnist_core.reading.onnx_model import Network
from mnist_core.results import Box
from tests.conftest import FakeSession

SIZE = (300, 500)


@pytest.fixture
def reader() -> MarkReader:
    return MarkReader(Network(FakeSession(), digit_threshold=0.5))


def mark(label: int, x: int, y: int, height: int = 60, width: int = 30, digit: float = 1.0) -> Mark:
    crop = DigitCrop(Box(x, y, width, height), np.ones((height, width), np.float32), 0)
    probabilities = np.eye(10, dtype=np.float32)[label]
    return Mark(crop, np.zeros((28, 28), np.float32), probabilities, digit, 0.0)


def read(marks: list[Mark], reader: MarkReader) -> list[bool]:
    return [reader.is_digit(one) for one in marks]


def test_a_one_much_higher_than_the_other_digits_is_a_line(reader: MarkReader) -> None:
    marks = [mark(3, 50, 100), mark(1, 100, 80, height=89), mark(1, 150, 60, height=91)]
    assert read(refuse_bars(marks, reader, SIZE), reader) == [True, True, False]


def test_a_one_that_goes_on_beyond_the_picture_is_a_line_where_it_is_higher(reader: MarkReader) -> None:
    marks = [mark(3, 50, 100), mark(1, 100, 0, height=61), mark(1, 150, 0, height=60)]
    assert read(refuse_bars(marks, reader, SIZE), reader) == [True, False, True]


def test_ones_alone_have_nothing_to_be_higher_than(reader: MarkReader) -> None:
    marks = [mark(1, 50, 100, height=30), mark(1, 100, 10, height=200)]
    assert refuse_bars(marks, reader, SIZE) == marks


def test_what_reaches_in_far_from_all_digits_is_refused(reader: MarkReader) -> None:
    marks = [mark(3, 50, 100), mark(5, 470, 100), mark(8, 100, 240)]
    assert read(refuse_strangers(marks, reader, SIZE), reader) == [True, False, False]


def test_what_reaches_in_beside_the_digits_stays(reader: MarkReader) -> None:
    marks = [mark(3, 400, 100), mark(5, 470, 100)]
    assert refuse_strangers(marks, reader, SIZE) == marks


def test_what_reaches_in_and_is_a_giant_is_refused(reader: MarkReader) -> None:
    marks = [mark(3, 400, 100), mark(7, 440, 100, height=200, width=60)]
    assert read(refuse_strangers(marks, reader, SIZE), reader) == [True, False]


def test_digits_that_all_reach_the_edge_stay(reader: MarkReader) -> None:
    marks = [mark(3, 0, 100), mark(5, 470, 100)]
    assert refuse_strangers(marks, reader, SIZE) == marks


@pytest.mark.parametrize(("refused", "stays"), [(29, True), (30, False)])
def test_ones_among_so_many_refused_marks_are_part_of_a_pattern(
    reader: MarkReader, refused: int, stays: bool
) -> None:
    pattern = [mark(4, 10 * k, 100, digit=0.0) for k in range(refused - 1)] + [mark(1, 300, 200)]
    assert read(refuse_pattern(pattern, reader), reader)[-1] == stays


def test_a_digit_of_another_height_is_no_part_of_the_pattern(reader: MarkReader) -> None:
    marks = [mark(4, 10 * k, 100, digit=0.0) for k in range(40)] + [mark(7, 300, 200, height=100)]
    assert read(refuse_pattern(marks, reader), reader)[-1]
