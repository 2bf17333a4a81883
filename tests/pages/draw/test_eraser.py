"""The eraser on the draw page, without a browser."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.draw.eraser import parse_path
from tests.pages.draw.drawn import BAR, OTHER_BAR, drawn, line, show, text_read

ACROSS_THE_FIRST = [[60, 130], [140, 130]]
ACROSS_BOTH = [[60, 130], [340, 130]]


def erase(page: AppTest, monkeypatch: pytest.MonkeyPatch, path: object) -> None:
    """Use the eraser: the browser reports its way before a run, as it does a button; here in Undo's place."""
    from pages.draw import changes  # known only once Streamlit has looked for components

    def report() -> None:
        changes.erase(path)

    with monkeypatch.context() as patch:
        patch.setattr(changes, "undo", report)
        page.run()
        page.button(key="undo").click().run()
    page.run()
    assert not page.exception


def press(page: AppTest, key: str) -> str:
    """Press a button, and give what is read then."""
    page.button(key=key).click().run()
    return text_read(page)


def test_strokes_touched_are_gone_and_come_back_with_undo_and_redo(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(page, drawn(BAR, OTHER_BAR))
    erase(page, monkeypatch, ACROSS_THE_FIRST)
    assert text_read(page) == "1"
    assert page.session_state["drawing"][0].points[0, 0] == 300
    assert press(page, "undo") == "11"
    assert press(page, "redo") == "1"
    assert press(page, "undo") == "11"
    assert press(page, "undo") == "1"
    assert press(page, "undo") == ""


def test_strokes_drawn_since_are_undone_before_the_eraser(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(page, drawn(BAR, OTHER_BAR))
    erase(page, monkeypatch, ACROSS_THE_FIRST)
    show(page, drawn(OTHER_BAR, BAR, line((500, 40), (501, 100), (500, 220))))
    assert [press(page, "undo") for _ in range(3)] == ["11", "1", "11"]


def test_all_that_is_erased_comes_back_as_after_a_clear(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(page, drawn(BAR, OTHER_BAR))
    erase(page, monkeypatch, ACROSS_BOTH)
    assert text_read(page) == ""
    assert press(page, "undo") == "11"


def test_what_was_erased_before_a_clear_comes_not_into_another_drawing(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(page, drawn(BAR, OTHER_BAR))
    erase(page, monkeypatch, ACROSS_THE_FIRST)
    press(page, "clear")
    show(page, drawn(BAR))
    assert press(page, "undo") == ""


@pytest.mark.parametrize("path", [[[600, 40]], "x", None, [[1]]], ids=["beside", "text", "nothing", "half"])
def test_an_eraser_that_touches_nothing_changes_nothing(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, path: object
) -> None:
    show(page, drawn(BAR, OTHER_BAR))
    erase(page, monkeypatch, path)
    assert text_read(page) == "11"
    assert press(page, "undo") == "1"


@pytest.mark.parametrize(
    ("sent", "places"),
    [
        pytest.param([[1, 2.5], [3, 4]], 2, id="a way"),
        pytest.param([[1, 2]], 1, id="a touch"),
        pytest.param([], 0, id="nowhere"),
        pytest.param([[1, 2]] * 1001, 0, id="endless"),
        pytest.param([[1, 2], [3]], 0, id="half a place"),
        pytest.param([[1, float("nan")]], 0, id="no number"),
        pytest.param([[1, 1e9]], 0, id="far off"),
        pytest.param([["1", "2"]], 0, id="text"),
        pytest.param("12", 0, id="a word"),
        pytest.param(None, 0, id="nothing"),
    ],
)
def test_what_a_browser_sends_is_a_way_over_the_paper_or_nothing(sent: object, places: int) -> None:
    path = parse_path(sent)
    assert (0 if path is None else len(path)) == places
    assert path is None or path.dtype == np.float32
