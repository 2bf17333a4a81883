import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnist_core.errors import InvalidImageError
from mnist_core.reading.pictures import flatten_alpha, ink_picture, png_bytes, shrink


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


def test_clear_paper_becomes_white_and_solid_ink_stays() -> None:
    rgba = np.array([[[10, 20, 30, 0], [10, 20, 30, 255], [0, 0, 0, 51]]], np.uint8)
    before = rgba.copy()
    assert flatten_alpha(rgba).tolist() == [[[255] * 3, [10, 20, 30], [204] * 3]]
    assert np.array_equal(rgba, before)
