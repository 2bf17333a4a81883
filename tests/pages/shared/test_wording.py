"""Durations, dates and visitors' own words."""

import pytest

from pages.shared.wording import literal, literal_but_code, spell_date, spell_time


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


def test_code_between_backticks_stays_code_and_all_else_is_no_markdown() -> None:
    assert literal_but_code("`git checkout -- models` brings *it* back") == (
        r"`git checkout -- models` brings \*it\* back"
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("```[x](y)`", id="three and one"),
        pytest.param("`a``[x](y)`", id="two within"),
        pytest.param("``[x](y)``", id="two and two"),
        pytest.param("`[x](y)\n`", id="over a line's end"),
        pytest.param("[x](y)`", id="one alone"),
    ],
)
def test_backticks_in_a_visitor_s_words_hide_no_link(text: str) -> None:
    assert literal_but_code(text) == literal(text)
