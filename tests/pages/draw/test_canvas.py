"""The canvas without a browser: undo, clear, what comes back, and what nobody can have drawn."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.draw.widget_state import MAX_LENGTH, MAX_POINTS, MAX_STROKES
from tests.pages.draw.drawn import BAR, OTHER_BAR, OpenPage, drawn, line, sentences, show, text_read

PAGE_DATA_URL = "data:image/png;base64,"


def test_undo_takes_strokes_back_and_then_the_clear(page: AppTest) -> None:
    show(page, drawn(BAR, OTHER_BAR))
    page.button(key="clear").click().run()
    assert text_read(page) == ""
    page.button(key="undo").click().run()
    assert text_read(page) == "11"
    page.button(key="undo").click().run()
    assert text_read(page) == "1"
    page.button(key="undo").click().run()
    page.button(key="undo").click().run()
    assert text_read(page) == ""


def test_undo_comes_before_the_browser_knows_of_the_clear(page: AppTest) -> None:
    show(page, drawn(BAR, OTHER_BAR))
    page.button(key="clear").click().run()
    page.session_state["canvas"] = drawn(BAR, OTHER_BAR)  # what the browser still believes
    page.button(key="undo").click().run()
    assert text_read(page) == "11"


def test_redo_brings_back_what_undo_took_and_the_clear(page: AppTest) -> None:
    show(page, drawn(BAR, OTHER_BAR))
    page.button(key="clear").click().run()
    for text in ("11", "1", ""):
        page.button(key="undo").click().run()
        assert text_read(page) == text
    for text in ("1", "11", "", ""):
        page.button(key="redo").click().run()
        assert text_read(page) == text
    page.button(key="undo").click().run()
    assert text_read(page) == "11"


def test_redo_brings_nothing_back_once_something_was_drawn(page: AppTest) -> None:
    show(page, drawn(BAR, OTHER_BAR))
    page.button(key="undo").click().run()
    page.button(key="undo").click().run()
    show(page, drawn(BAR))
    page.button(key="redo").click().run()
    assert text_read(page) == "1"


def test_example_is_drawn_by_a_button_and_undone_like_a_stroke(page: AppTest) -> None:
    page.button(key="example").click().run()
    first = page.session_state["drawing"]
    assert len(first) == 1
    assert text_read(page) != ""
    page.button(key="undo").click().run()
    page.button(key="example").click().run()
    assert page.session_state["drawing"][0].points.shape != first[0].points.shape


def test_strokes_beyond_the_limit_are_named_before_and_when_they_come(page: AppTest) -> None:
    speck = line((10, 10), (12, 12), width=2)
    show(page, drawn(*[speck] * (MAX_STROKES - 21)))
    assert "paper is" not in sentences(page)
    show(page, drawn(*[speck] * (MAX_STROKES - 3)))
    assert "The paper is nearly full: 3 more strokes can be read." in sentences(page)
    show(page, drawn(*[speck] * MAX_STROKES))
    assert "The paper is full: 200 strokes." in sentences(page)
    show(page, drawn(*[speck] * (MAX_STROKES + 5)))
    assert "The paper is full: the last 5 strokes are not read." in sentences(page)
    page.button(key="undo").click().run()  # takes away those that are not read
    assert len(page.session_state["drawing"]) == MAX_STROKES
    assert "The paper is full: 200 strokes." in sentences(page)


def test_same_drawing_may_be_made_again_after_a_clear(page: AppTest) -> None:
    show(page, drawn(BAR))
    page.button(key="clear").click().run()
    show(page, drawn(BAR))
    assert text_read(page) == "1"
    page.button(key="undo").click().run()
    assert text_read(page) == ""


def test_drawing_comes_back_with_the_page(open_page: OpenPage, page: AppTest) -> None:
    show(page, drawn(BAR))
    later = open_page("draw")
    for key in ("drawing", "canvas-start", "canvas-paper"):  # what a change of page leaves of the session
        later.session_state[key] = page.session_state[key]
    later.run()
    assert text_read(later) == "1"


def test_phone_gets_its_own_paper_before_anything_is_drawn(page: AppTest) -> None:
    page.session_state["canvas-frame"] = {"narrow": True}
    page.run()
    assert page.session_state["canvas-paper"].width == 343
    show(page, drawn(BAR))
    page.session_state["canvas-frame"] = {"narrow": False}
    page.run()
    assert page.session_state["canvas-paper"].width == 343


@pytest.mark.parametrize(
    "state",
    [
        pytest.param("text", id="text"),
        pytest.param({}, id="empty"),
        pytest.param({"drawing": "text"}, id="drawing is text"),
        pytest.param({"drawing": {"raw": "text"}}, id="raw is text"),
        pytest.param({"drawing": {"raw": {"objects": "text"}}}, id="objects are text"),
        pytest.param({"drawing": {"raw": {"objects": [1, None, "x", []]}}}, id="objects are none"),
        pytest.param({"drawing": {"raw": [], "data": PAGE_DATA_URL + "A" * 3_000_000}}, id="large picture"),
        pytest.param({"drawing": {"raw": {"objects": []}, "data": 7}}, id="picture is a number"),
        pytest.param({**drawn(BAR), "backgroundFit": 3}, id="background is a number"),
        pytest.param({**drawn(BAR), "backgroundFit": {}}, id="background is empty"),
        pytest.param(drawn(line((float("nan"), 1), (2, 3))), id="not a number"),
        pytest.param(drawn(line((1, 1), (float("inf"), 3))), id="infinite"),
        pytest.param(drawn(line((1, 1), (10**400, 3))), id="astronomic"),
        pytest.param(
            drawn({"type": "Path", "path": [["M", "1", True]], "strokeWidth": 5}), id="words for numbers"
        ),
        pytest.param(
            drawn({"type": "Path", "path": [["Q", 1, 2, 3, 4]], "strokeWidth": 5}), id="curve from nowhere"
        ),
        pytest.param(drawn({"type": "Path", "path": [["M"], [], 3], "strokeWidth": 5}), id="broken path"),
        pytest.param(drawn({"type": "Path", "path": {}, "strokeWidth": 5}), id="path is no list"),
        pytest.param(drawn(line((1, 1), (2, 3), width="thick")), id="pen is a word"),
        pytest.param(drawn(line((1, 1), (2, 3), width=-3)), id="pen below zero"),
        pytest.param(drawn(line((1, 1), (2, 3), width=1e9)), id="pen too wide"),
        pytest.param(drawn({"type": "Rect", "width": 1e9}), id="another shape"),
    ],
)
def test_what_no_pen_can_have_drawn_harms_nothing(page: AppTest, state: object) -> None:
    show(page, state)
    page.button(key="undo").click().run()
    page.button(key="clear").click().run()
    assert not page.exception
    show(page, drawn(BAR))
    assert text_read(page) == "1"


def test_bad_strokes_do_not_take_the_good_ones_along(page: AppTest) -> None:
    show(page, drawn("x", BAR, line((float("nan"), 1), (2, 3)), OTHER_BAR))
    assert text_read(page) == "11"


def test_endless_drawing_is_read_up_to_a_limit(page: AppTest) -> None:
    speck = line((10, 10), (12, 12), width=2)
    show(page, drawn(*[speck] * (MAX_STROKES + 50)))
    assert len(page.session_state["drawing"]) == MAX_STROKES
    endless = line(*[(100, 40 + k % 2) for k in range(MAX_POINTS)])
    show(page, drawn(BAR, endless))
    assert len(page.session_state["drawing"]) == 1
    across = line(*[(20 + 660 * (k % 2), 100) for k in range(int(MAX_LENGTH / 660) + 2)])
    show(page, drawn(BAR, across))
    assert len(page.session_state["drawing"]) == 1
