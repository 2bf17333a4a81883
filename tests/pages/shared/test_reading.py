"""What several pages share: words for confidence, the model opened once, pictures in markup."""

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.results import Box, DigitReading, Reading
from pages.shared.reading import confidence_words, percent, picture_html, second_choice, summary, unread_note


def mark(label: int, confidence: float = 0.995, is_digit: bool = True) -> DigitReading:
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[label] = confidence
    probabilities[9 - label] += 0.001
    cell = np.zeros((28, 28), np.float32)
    return DigitReading(Box(0, 0, 9, 9), 0, cell, cell, probabilities, is_digit)


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        pytest.param([], "", id="blank"),
        pytest.param([mark(3)], "Sure: 99.5\u202f%.", id="sure"),
        pytest.param([mark(3), mark(7)], "2 digits. Least clear: the 3, 99.5\u202f%.", id="both sure"),
        pytest.param(
            [mark(3), mark(7, 0.5)],
            "2 digits. Least clear: a 7, or perhaps a 2 (50\u202f%).",
            id="one of two doubtful",
        ),
        pytest.param([mark(1, 0.5)], "Not clear: a 1, or perhaps an 8 (50\u202f%).", id="doubtful alone"),
        pytest.param([mark(8, is_digit=False)], "", id="refused alone"),
    ],
)
def test_summary_says_what_was_unclear(marks: list[DigitReading], sentence: str) -> None:
    assert summary(Reading(tuple(marks))) == sentence


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        pytest.param([mark(3)], "", id="all read"),
        pytest.param(
            [mark(8, is_digit=False)],
            "This does not look like a digit — closest to an 8.",
            id="refused alone",
        ),
        pytest.param(
            [mark(2), mark(4, is_digit=False), mark(3)],
            "A sign between 2 and 3 was not read: it does not look like a digit.",
            id="plus between digits",
        ),
        pytest.param(
            [mark(1, is_digit=False), mark(5)],
            "A sign before 5 was not read: it does not look like a digit.",
            id="minus before a digit",
        ),
        pytest.param(
            [mark(1), mark(3, is_digit=False), mark(3, is_digit=False)],
            "2 signs after 1 were not read: they do not look like digits.",
            id="two after a digit",
        ),
        pytest.param(
            [mark(1), mark(3, is_digit=False)] * 4,
            "4 signs beside the digits were not read: they do not look like digits.",
            id="more than are listed",
        ),
        pytest.param(
            [mark(1), replace(mark(3, is_digit=False), line=1)],
            "One more mark does not look like a digit — closest to a 3.",
            id="in a line of its own",
        ),
        pytest.param(
            [mark(1, is_digit=False)] * 2,
            "2 marks do not look like digits — closest to a 1 and a 1.",
            id="two refused",
        ),
        pytest.param(
            [mark(8, is_digit=False)] * 7,
            "7 marks do not look like digits.",
            id="seven refused",
        ),
    ],
)
def test_note_says_what_was_not_read(marks: list[DigitReading], sentence: str) -> None:
    assert unread_note(Reading(tuple(marks))) == sentence


def test_second_choice_is_another_digit_even_in_a_tie() -> None:
    torn = replace(mark(4), probabilities=np.full(10, 0.1, np.float32))
    assert second_choice(torn) != torn.label
    assert second_choice(mark(4)) == 5


def test_confidence_never_claims_certainty() -> None:
    assert percent(1.0) == "over 99.9\u202f%"
    assert percent(0.954) == "95.4\u202f%"
    assert percent(0.07) == "7\u202f%"
    assert percent(0.004) == "0.4\u202f%"


def test_a_share_that_is_almost_none_is_never_called_none() -> None:
    assert percent(0.0009) == "under 0.1\u202f%"
    assert percent(0.0) == "under 0.1\u202f%"


def test_confidence_has_words() -> None:
    assert [confidence_words(share) for share in (0.99, 0.95, 0.7, 0.3)] == [
        "sure",
        "fairly sure",
        "unsure",
        "a guess",
    ]


def test_alternative_text_is_escaped() -> None:
    markup = picture_html(np.zeros((2, 2), np.uint8), '"><script>')
    assert "<script" not in markup


def show_markup() -> None:
    from mnist_core.results import Gap
    from pages.shared.reading import show_text

    show_text("1<b>2", "text", gaps=[Gap(1, 1, 2, 1)])


def test_text_is_never_markup_and_its_gaps_are_no_text() -> None:
    (text,) = AppTest.from_function(show_markup).run().get("html")
    assert (
        text.body
        == '<p class="dp-text" style="--digits: 5">1<i class="dp-gap" aria-hidden="true"></i>&lt;b&gt;2</p>'
    )
