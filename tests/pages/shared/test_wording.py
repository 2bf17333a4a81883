"""Durations, dates and visitors' own words."""

from pages.shared.wording import literal, spell_date, spell_time


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
