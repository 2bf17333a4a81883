"""The confusion matrix on the page: which square comes first, which was clicked, and its table."""

import numpy as np
import pytest

from mnist_core.evaluation.evaluation import Evaluation
from pages.evaluation.confusion import clicked_square, matrix_table, ranked_squares


def test_mistakes_come_before_what_is_right(evaluation: Evaluation) -> None:
    squares = ranked_squares(evaluation.report.confusion_matrix)
    assert squares[0] == (4, 9)
    assert len(squares) == 11
    assert ranked_squares(np.zeros((10, 10), np.int64)) == []


def test_click_is_taken_from_the_chart() -> None:
    assert clicked_square({"selection": {"square": [{"true": 4, "read": 9}]}}) == (4, 9)


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
    assert clicked_square(state) is None


def test_table_of_the_matrix_has_a_row_a_digit(evaluation: Evaluation) -> None:
    table = matrix_table(evaluation.report.confusion_matrix)
    assert table["true digit"] == [str(digit) for digit in range(10)]
    assert table["read as 9"][4] == "1"
