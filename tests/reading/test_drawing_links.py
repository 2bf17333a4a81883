import base64
import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.errors import InvalidImageError
from mnist_core.reading.drawing_links import MAX_LINK_CHARACTERS, decode_drawing, encode_drawing
from mnist_core.reading.recognizer import Recognizer
from mnist_core.reading.strokes import Stroke
from tests.drawings import strokes_of


def test_a_digit_comes_back_and_reads_the_same():
    strokes = strokes_of("7", 170)
    text = encode_drawing(strokes, 280, 700)
    assert len(text) < 600
    back = decode_drawing(text)
    assert (back.height, back.width) == (280, 700)
    assert [stroke.width for stroke in back.strokes] == [round(stroke.width) for stroke in strokes]
    assert Recognizer.load("shipped").read_strokes(back.strokes, back.height, back.width).text == "7"


def test_only_characters_that_an_address_takes_as_they_are():
    text = encode_drawing(strokes_of("3", 200), 280, 700)
    assert set(text) <= set(string.ascii_letters + string.digits + "-_")


def test_a_line_keeps_its_ends_and_a_dot_is_a_dot():
    line = Stroke(np.array([[5, 5], [6, 5], [7, 5], [690, 275]], np.float32), 20)
    dot = Stroke(np.array([[100, 100]], np.float32), 7)
    back = decode_drawing(encode_drawing([line, dot], 280, 700)).strokes
    assert back[0].points[0].tolist() == [5, 5]
    assert back[0].points[-1].tolist() == [690, 275]
    assert back[1].points.tolist() == [[100, 100]]


def test_a_drawing_too_large_for_a_link_has_none():
    rng = np.random.default_rng(0)
    scribble = Stroke(rng.uniform(0, 280, (4000, 2)).astype(np.float32), 5)
    assert encode_drawing([scribble], 280, 700) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("AAAA", id="a paper of no size"),
        pytest.param("not a drawing!", id="other characters"),
        pytest.param("ARgC", id="cut off in the head"),
        pytest.param("ARgCvA", id="no stroke"),
        pytest.param("ä" * 30, id="no ASCII"),
        pytest.param("A" * (MAX_LINK_CHARACTERS + 1), id="too long"),
        pytest.param(
            base64.urlsafe_b64encode(b"\x01\x18\x02\xbc\x00\x00\x01\x00\x00\x00\x00").decode(), id="no pen"
        ),
    ],
)
def test_what_is_no_drawing_is_refused(text):
    with pytest.raises(InvalidImageError, match="holds no drawing"):
        decode_drawing(text)


def test_a_link_that_was_cut_off_is_refused():
    text = encode_drawing(strokes_of("3", 170), 280, 700)
    with pytest.raises(InvalidImageError):
        decode_drawing(text[: len(text) // 2 // 4 * 4 + 2])


@given(st.binary(max_size=200))
def test_anything_else_is_a_drawing_or_refused(content):
    text = base64.urlsafe_b64encode(content).decode().rstrip("=")
    try:
        drawing = decode_drawing(text)
    except InvalidImageError:
        return
    assert drawing.strokes
    assert all(np.isfinite(stroke.points).all() for stroke in drawing.strokes)
