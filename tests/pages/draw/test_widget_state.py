"""The drawing widget's state: compared with the widget that is installed, and strokes parsed from it."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.reading.strokes import Stroke
from pages.draw.widget_state import is_harmless, parse_objects, raw_drawing, state_of, to_objects
from tests.pages.draw.drawn import BAR, drawn, line

STROKES = (
    Stroke(np.array([[10, 20], [30.5, 40], [50, 20]], np.float32), 13),
    Stroke(np.array([[100, 100], [120, 110]], np.float32), 20),
)


def show_canvas() -> None:
    import streamlit as st
    from streamlit_drawable_canvas import st_canvas

    result = st_canvas(key="canvas")
    st.session_state["seen"] = result.json_data


@pytest.mark.parametrize("state", [state_of([BAR]), drawn(BAR)], ids=["the app's", "the tests'"])
def test_installed_widget_takes_the_state_for_its_own(state: dict[str, object]) -> None:
    app = AppTest.from_function(show_canvas)
    app.session_state["canvas"] = state
    app.run()
    assert not app.exception
    assert app.session_state["seen"] == {"objects": [BAR]}


def test_strokes_come_back_from_the_objects_written_for_them() -> None:
    parsed = parse_objects({"objects": to_objects(STROKES)})
    assert [each.stroke.width for each in parsed] == [13, 20]
    for each, stroke in zip(parsed, STROKES, strict=True):
        np.testing.assert_allclose(each.stroke.points, stroke.points)
    assert parsed[0].length == pytest.approx(np.hypot(20.5, 20) + np.hypot(19.5, 20))


def test_dot_is_written_as_a_line_that_the_widget_draws() -> None:
    (drawn_dot,) = to_objects((Stroke(np.array([[5, 5]], np.float32), 20),))
    assert drawn_dot["path"] == [["M", 5, 5], ["L", 5.1, 5]]


def test_stroke_that_is_still_the_same_is_not_parsed_again() -> None:
    before = parse_objects({"objects": [BAR]})
    after = parse_objects({"objects": [BAR, line((1, 1), (2, 3))]}, before)
    assert after[0] is before[0]
    wider = line((100, 40), (101, 100), (100, 220), width=21)
    assert parse_objects({"objects": [wider]}, before)[0].stroke.width == 21


def test_curve_is_followed_in_small_steps_to_its_end() -> None:
    curve = {"path": [["M", 0, 0], ["Q", 20, 0, 20, 20]], "strokeWidth": 20}
    (parsed,) = parse_objects({"objects": [curve]})
    points = parsed.stroke.points
    assert tuple(points[-1]) == (20, 20)
    assert np.hypot(*np.diff(points, axis=0).T).max() < 6
    np.testing.assert_allclose(points[len(points) // 2], [15, 5], atol=1.5)


def test_state_with_a_background_or_without_a_drawing_is_harmful() -> None:
    assert is_harmless(drawn(BAR))
    assert not is_harmless({**drawn(BAR), "backgroundFit": {}})
    assert not is_harmless({"drawing": {"raw": "text"}})
    assert raw_drawing("text") is None
