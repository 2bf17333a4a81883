"""What a browser gives back as its copy of the drawing: parsed like anything from outside."""

import json

import numpy as np
import pytest

from pages.draw.browser_copy import parse_copy
from pages.draw.paper import NARROW, WIDE
from pages.draw.widget_state import MAX_STROKES, to_objects
from tests.drawings import strokes_of
from tests.pages.draw.drawn import BAR


def test_copy_comes_back_as_the_drawing_that_it_was() -> None:
    strokes = strokes_of("4")
    kept = {"height": NARROW.height, "width": NARROW.width, "objects": to_objects(strokes)}
    drawing = parse_copy(json.loads(json.dumps(kept)))
    assert drawing is not None
    assert drawing.paper == NARROW
    for came_back, stroke in zip(drawing.strokes, strokes, strict=True):
        np.testing.assert_allclose(came_back.points, stroke.points, atol=0.051)


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(None, id="nothing"),
        pytest.param("text", id="text"),
        pytest.param([BAR], id="a list"),
        pytest.param({"objects": [BAR]}, id="no paper"),
        pytest.param({"height": 280, "width": 1e9, "objects": [BAR]}, id="a paper of another size"),
        pytest.param({"height": [280], "width": {}, "objects": [BAR]}, id="sizes are no numbers"),
        pytest.param({"height": 280, "width": 700, "objects": "text"}, id="objects are text"),
        pytest.param({"height": 280, "width": 700, "objects": [{"path": [["M", 1e99, 1]]}]}, id="far away"),
        pytest.param({"height": 280, "width": 700, "objects": []}, id="no strokes"),
    ],
)
def test_what_is_no_drawing_is_none(kept: object) -> None:
    assert parse_copy(kept) is None


def test_copy_brings_no_more_strokes_than_a_pen_may_make() -> None:
    kept = {"height": WIDE.height, "width": WIDE.width, "objects": [BAR] * (MAX_STROKES + 7)}
    drawing = parse_copy(kept)
    assert drawing is not None
    assert len(drawing.strokes) == MAX_STROKES
