"""Readings: text, label and confidence follow from the probabilities."""

import numpy as np
import pytest

from mnist_core.results import Box, DigitReading, Reading


def mark(label: int, *, line: int = 0, is_digit: bool = True, sure: float = 0.91) -> DigitReading:
    probabilities = np.full(10, (1 - sure) / 9, np.float32)
    probabilities[label] = sure
    return DigitReading(
        box=Box(0, 0, 5, 9),
        line=line,
        ink=np.ones((9, 5), np.float32),
        cell=np.zeros((28, 28), np.float32),
        probabilities=probabilities,
        is_digit=is_digit,
    )


def test_text_joins_digits_and_lines() -> None:
    assert Reading((mark(2), mark(0), mark(2, line=1), mark(6, line=1))).text == "20\n26"


def test_refused_marks_are_not_in_the_text() -> None:
    assert Reading((mark(2), mark(7, is_digit=False), mark(6))).text == "26"
    assert Reading((mark(1), mark(7, line=1, is_digit=False), mark(6, line=2))).text == "1\n6"


def test_nothing_read_is_an_empty_text() -> None:
    assert Reading(()).text == ""
    assert Reading((mark(3, is_digit=False),)).text == ""


def test_label_and_confidence_come_from_the_probabilities() -> None:
    assert mark(4, sure=0.75).label == 4
    assert mark(4, sure=0.75).confidence == pytest.approx(0.75)


def test_wrong_shapes_are_refused() -> None:
    good = mark(1)
    with pytest.raises(ValueError, match="cell"):
        DigitReading(good.box, 0, good.ink, np.zeros((20, 20), np.float32), good.probabilities, True)
    with pytest.raises(ValueError, match="probabilities"):
        DigitReading(good.box, 0, good.ink, good.cell, np.zeros(9, np.float32), True)


def test_picture_is_upright_unless_said() -> None:
    assert Reading(()).turn == 0
    assert Reading((mark(2),), turn=270).turn == 270
    with pytest.raises(ValueError, match="turned"):
        Reading((), turn=45)


def test_gaps_say_where_marks_were_not_read() -> None:
    reading = Reading(
        (
            mark(7, is_digit=False, line=0),
            mark(2, line=0),
            mark(7, is_digit=False, line=0),
            mark(3, line=0),
            mark(7, is_digit=False, line=1),
            mark(9, line=2),
            mark(1, is_digit=False, line=2),
            mark(1, is_digit=False, line=2),
        )
    )
    assert reading.text == "23\n9"
    found = [(gap.position, gap.before, gap.after, gap.marks) for gap in reading.gaps]
    assert found == [(0, None, 2, 1), (1, 2, 3, 1), (4, 9, None, 2)]
