"""Step 7 without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.reading.recognizer import Recognizer
from tests.pages.inside.walk import drawing_of, painted, sentences, show


def test_a_seven_is_made_a_nine(page: AppTest) -> None:
    show(page, drawing_of("7"), "change")
    page.segmented_control(key="inside-target").set_value(9).run()
    assert "it is read as **9**" in sentences(page)
    assert painted(page)["cells"][2]["title"] == "changed: read as 9"


def test_the_smallest_change_is_looked_for_on_demand(page: AppTest) -> None:
    show(page, drawing_of("7"), "change")
    before = sentences(page).count("With at most")
    page.toggle(key="inside-smallest").set_value(True).run()
    assert (before, sentences(page).count("With at most")) == (1, 2)


@pytest.mark.parametrize(("share", "words"), [(0.0, "no longer takes it for a digit"), (1.0, "still taken")])
def test_what_the_second_head_says_is_said(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, share: float, words: str
) -> None:
    right = Recognizer.digit_probability
    monkeypatch.setattr(Recognizer, "digit_probability", lambda self, cells: 0 * right(self, cells) + share)
    show(page, drawing_of("7"), "change")
    assert words in sentences(page)
