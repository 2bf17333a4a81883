import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from mnist_core.errors import InvalidImageError
from mnist_core.reading.pictures import draw_boxes, ink_picture, png_bytes, shrink
from mnist_core.results import Box, DigitReading, Reading


def mark(box: Box, confidence: float = 0.99, is_digit: bool = True) -> DigitReading:
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[3] = confidence
    cell = np.zeros((28, 28), np.float32)
    return DigitReading(box, 0, cell, cell, probabilities, is_digit)


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 3), (3, 5, 4), (1, 1)])
def test_png_holds_the_picture(shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    decoded = cv2.imdecode(np.frombuffer(png_bytes(picture), np.uint8), cv2.IMREAD_UNCHANGED)
    assert decoded is not None
    if picture.ndim == 3:
        decoded = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB if shape[2] == 3 else cv2.COLOR_BGRA2RGBA)
    assert np.array_equal(decoded, picture)


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.zeros((3, 5), np.float32), id="float"),
        pytest.param(np.zeros((0, 5), np.uint8), id="empty"),
        pytest.param(np.zeros((3, 5, 2), np.uint8), id="two channels"),
        pytest.param(np.zeros(5, np.uint8), id="a line"),
    ],
)
def test_what_is_no_picture_makes_no_png(picture: NDArray[np.uint8]) -> None:
    with pytest.raises(InvalidImageError):
        png_bytes(picture)


def test_ink_is_dark_on_white() -> None:
    ink = np.array([[0, 0.5, 1]], np.float32)
    assert ink_picture(ink).tolist() == [[255, 128, 0]]


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 30))
def test_shrinking_keeps_within_the_side_and_never_enlarges(height: int, width: int, side: int) -> None:
    small = shrink(np.zeros((height, width), np.uint8), side)
    assert max(small.shape) <= max(1, min(side, max(height, width)))
    assert min(small.shape) >= 1


@given(
    arrays(np.uint8, st.sampled_from([(1, 1), (40, 90), (90, 40, 3), (30, 30, 4), (1, 200)])),
    st.integers(0, 200),
    st.integers(0, 90),
    st.integers(1, 200),
)
def test_boxes_are_drawn_on_a_copy(picture: NDArray[np.uint8], x: int, y: int, side: int) -> None:
    before = picture.copy()
    marks = (
        mark(Box(x, y, side, side)),
        mark(Box(y, x, side, 3), 0.5),
        mark(Box(0, 0, 1, 1), is_digit=False),
    )
    marked = draw_boxes(picture, Reading(marks))
    assert marked.shape == (*picture.shape[:2], 3)
    assert marked.dtype == np.uint8
    assert np.array_equal(picture, before)


def test_large_picture_comes_back_smaller_with_its_box_in_place() -> None:
    picture = np.full((2000, 4000), 255, np.uint8)
    marked = draw_boxes(picture, Reading((mark(Box(1000, 500, 1000, 1000)),)))
    assert marked.shape == (800, 1600, 3)
    assert (marked[400, 380:410] < 250).any()  # the box's left side
    assert (marked[400, 500:700] == 255).all()  # inside it


def test_doubtful_and_refused_marks_differ_from_sure_ones_without_colour() -> None:
    box = Box(60, 60, 100, 100)
    paper = np.full((220, 220), 255, np.uint8)
    sure, doubtful, refused = (
        cv2.cvtColor(draw_boxes(paper, Reading((digit,))), cv2.COLOR_RGB2GRAY) < 200
        for digit in (mark(box), mark(box, 0.5), mark(box, is_digit=False))
    )
    side = (slice(165, 220), slice(50, 170))  # the box's lower side
    assert doubtful[side].sum() < 0.8 * sure[side].sum()
    assert refused[100:120, 100:120].any()
    assert not sure[100:120, 100:120].any()
