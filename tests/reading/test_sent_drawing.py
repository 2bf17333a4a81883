"""Strokes that a program sends are checked before anything is drawn."""

import json

import numpy as np
import pytest

from mnist_core.errors import InvalidImageError
from mnist_core.reading.sent_drawing import TOO_LARGE, parse_drawing
from mnist_core.reading.strokes import MAX_POINTS, MAX_STROKES

DRAWING = {"strokes": [[[10, 20], [30.5, 40]], [[5, 5]]], "width": 280, "height": 200, "pen": 12}


def sent(**changes: object) -> bytes:
    return json.dumps(DRAWING | changes).encode()


def test_strokes_come_with_their_pen_and_paper() -> None:
    drawing = parse_drawing(sent())
    assert (drawing.height, drawing.width) == (200, 280)
    np.testing.assert_array_equal(drawing.strokes[0].points, np.array([[10, 20], [30.5, 40]], np.float32))
    assert [stroke.width for stroke in drawing.strokes] == [12, 12]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b"[1]", id="a list"),
        pytest.param(b"[" * 100_000, id="nested"),
        pytest.param(sent(strokes=[[]]), id="a stroke without points"),
        pytest.param(sent(strokes=[[[1, 2, 3]]]), id="three coordinates"),
        pytest.param(sent(strokes=[[["1", 2]]]), id="text"),
        pytest.param(sent(strokes=[[[1e9, 2]]]), id="far away"),
        pytest.param(sent().replace(b"30.5", b"1e999"), id="an infinite number"),
        pytest.param(sent().replace(b"30.5", b"NaN"), id="no number"),
        pytest.param(sent(width=0), id="no width"),
        pytest.param(sent(height=1e6), id="a giant paper"),
        pytest.param(sent(pen=0), id="no pen"),
        pytest.param(sent(pen=201), id="a giant pen"),
    ],
)
def test_what_is_no_drawing_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidImageError, match="no drawing") as caught:
        parse_drawing(content)
    assert caught.value.reason == "no drawing"


@pytest.mark.parametrize(
    "strokes",
    [
        pytest.param([[[1, 1]]] * (MAX_STROKES + 1), id="strokes"),
        pytest.param([[[1, 1]] * (MAX_POINTS + 1)], id="points"),
        pytest.param([[[0, 0], [2000, 2000]] * 500], id="length"),
        pytest.param([[[0, 0], [2000, 2000]]] * 10, id="area"),
    ],
)
def test_what_holds_too_much_is_refused_as_such(strokes: list[object]) -> None:
    with pytest.raises(InvalidImageError) as caught:
        parse_drawing(sent(strokes=strokes, width=2000, height=2000))
    assert caught.value.reason == TOO_LARGE
