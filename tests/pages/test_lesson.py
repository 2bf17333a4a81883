"""The parts of a lesson: what the charts are given, which square was clicked, and the numbers as CSV."""

import numpy as np
import pytest

from mnist_core.keeping.runs import BatchPoint
from mnist_core.learning.evaluation import Evaluation, EvaluationReport
from pages.components.confusion import _clicked, matrix_table, ranked_squares
from pages.components.curves import _thinned
from pages.components.evaluation_csv import curves_csv, digits_csv, matrix_csv, readings_csv, reliability_csv
from pages.components.wording import literal, spell_date, spell_time
from tests.keeping.sample_card import CARD


@pytest.fixture
def evaluation() -> Evaluation:
    """Make an evaluation of twenty cells: each digit twice, one 4 read as a 9."""
    labels = np.repeat(np.arange(10), 2)
    readings = labels.copy()
    readings[8] = 9
    probabilities = np.full((20, 10), 0.02, np.float32)
    probabilities[np.arange(20), readings] = 0.82
    return Evaluation(
        "mine", "cells", np.zeros((20, 28, 28), np.uint8), EvaluationReport(labels, probabilities)
    )


def test_mistakes_come_before_what_is_right(evaluation: Evaluation) -> None:
    squares = ranked_squares(evaluation.report.confusion_matrix)
    assert squares[0] == (4, 9)
    assert len(squares) == 11
    assert ranked_squares(np.zeros((10, 10), np.int64)) == []


def test_click_is_taken_from_the_chart() -> None:
    assert _clicked({"selection": {"square": [{"true": 4, "read": 9}]}}) == (4, 9)


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(None, id="none"),
        pytest.param("text", id="text"),
        pytest.param({"selection": 3}, id="selection is a number"),
        pytest.param({"selection": {"square": {}}}, id="points are an object"),
        pytest.param({"selection": {"square": []}}, id="nothing chosen"),
        pytest.param({"selection": {"square": [{"true": "4", "read": None}]}}, id="words for numbers"),
    ],
)
def test_what_no_click_can_have_sent_chooses_nothing(state: object) -> None:
    assert _clicked(state) is None


def test_table_of_the_matrix_has_a_row_a_digit(evaluation: Evaluation) -> None:
    table = matrix_table(evaluation.report.confusion_matrix)
    assert table["was"] == [str(digit) for digit in range(10)]
    assert table["read as 9"][4] == "1"


def test_csv_holds_the_numbers(evaluation: Evaluation) -> None:
    report = evaluation.report
    assert matrix_csv(report).splitlines()[5] == "4,0,0,0,0,1,0,0,0,0,1"
    assert digits_csv(report).splitlines()[0] == "digit,precision,recall,f1,count"
    assert readings_csv(evaluation).splitlines()[9].startswith("8,4,9,0.82")
    assert len(reliability_csv(report).splitlines()) == 2
    assert curves_csv(CARD.curves).splitlines()[1] == "1,0.5,0.9,0.1,0.98,12.5"


def test_live_line_keeps_its_points_while_it_grows() -> None:
    points = tuple(BatchPoint(1, step, step / 1000, 1.0, 0.5, 900.0, 1.0) for step in range(1, 1001))
    early, late = _thinned(points[:500], epochs=2), _thinned(points, epochs=2)
    assert late[: len(early) - 1] == early[:-1]
    assert len(late) <= 121


def test_time_and_dates_in_words() -> None:
    assert [spell_time(seconds) for seconds in (1, 40, 420, 9000)] == [
        "1 second",
        "40 seconds",
        "7 minutes",
        "2.5 hours",
    ]
    assert spell_date("2026-11-02T14:00:00+00:00") == "2 November 2026"
    assert spell_date("once") == "once"


def test_what_a_visitor_wrote_is_no_markdown() -> None:
    assert literal("**a** [b](http://c) :red[d] $e$") == r"\*\*a\*\* \[b\]\(http\://c\) \:red\[d\] \$e\$"
