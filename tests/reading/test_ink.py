"""Ink of a canvas: polarity, colour, clear paper; and any picture in grey."""

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given

from mnist_core.errors import InvalidImageError
from mnist_core.reading.ink import grey_from_picture, ink_from_rgba
from tests.drawings import drawing, strokes_of

BLACK_ON_WHITE = drawing(*strokes_of("5"))
TRUE_INK = (255 - BLACK_ON_WHITE[..., 0]) / 255


def coloured(pen: tuple[int, int, int], paper: tuple[int, int, int]) -> np.ndarray:
    """Draw the same 5 with another pen on other paper: uint8 RGBA."""
    share = TRUE_INK[..., np.newaxis]
    rgb = np.array(pen) * share + np.array(paper) * (1 - share)
    return np.dstack([rgb, np.full(TRUE_INK.shape, 255)]).round().astype(np.uint8)


def on_clear_paper(pen: tuple[int, int, int]) -> np.ndarray:
    rgba = np.empty((*TRUE_INK.shape, 4), np.uint8)
    rgba[..., :3] = pen
    rgba[..., 3] = np.round(TRUE_INK * 255)
    return rgba


@pytest.mark.parametrize(
    "rgba",
    [
        pytest.param(BLACK_ON_WHITE, id="black on white"),
        pytest.param(coloured((255, 255, 255), (0, 0, 0)), id="white on black"),
        pytest.param(coloured((255, 0, 0), (0, 128, 0)), id="red on green, as bright"),
        pytest.param(coloured((205, 205, 205), (255, 255, 255)), id="pale pen"),
        pytest.param(coloured((20, 30, 80), (240, 230, 190)), id="blue on cream"),
        pytest.param(on_clear_paper((0, 0, 0)), id="black on clear"),
        pytest.param(on_clear_paper((255, 255, 255)), id="white on clear"),
    ],
)
def test_every_pen_and_paper_gives_the_same_ink(rgba: np.ndarray) -> None:
    np.testing.assert_allclose(ink_from_rgba(rgba), TRUE_INK, atol=0.03)


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_blank_paper_has_no_ink(grey: int) -> None:
    sheet = np.full((50, 60, 4), grey, np.uint8)
    assert not ink_from_rgba(sheet).any()


def test_drawing_is_left_unchanged() -> None:
    before = BLACK_ON_WHITE.copy()
    ink_from_rgba(BLACK_ON_WHITE)
    grey_from_picture(BLACK_ON_WHITE)
    np.testing.assert_array_equal(BLACK_ON_WHITE, before)


@pytest.mark.parametrize("reader", [ink_from_rgba, grey_from_picture])
@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.zeros((5, 5, 4), np.float32), id="not bytes"),
        pytest.param(np.zeros((0, 5, 4), np.uint8), id="empty"),
        pytest.param(np.zeros((5, 5, 2), np.uint8), id="two channels"),
        pytest.param(np.zeros(5, np.uint8), id="one dimension"),
    ],
)
def test_what_is_no_picture_is_refused(reader, picture: np.ndarray) -> None:
    with pytest.raises(InvalidImageError):
        reader(picture)


@pytest.mark.parametrize(
    "convert",
    [
        pytest.param(lambda grey: grey, id="grey"),
        pytest.param(lambda grey: np.dstack([grey] * 3), id="RGB"),
        pytest.param(lambda grey: np.dstack([grey] * 3 + [np.full_like(grey, 255)]), id="RGBA"),
    ],
)
def test_channels_do_not_matter(convert) -> None:
    grey = BLACK_ON_WHITE[..., 0]
    np.testing.assert_allclose(grey_from_picture(convert(grey)), grey, atol=1)


def test_clear_paper_is_white_and_what_only_alpha_draws_is_dark() -> None:
    np.testing.assert_array_equal(grey_from_picture(on_clear_paper((255, 255, 255))), BLACK_ON_WHITE[..., 0])


@given(
    arrays.arrays(
        np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=20).map(lambda s: (*s, 4))
    )
)
def test_any_drawing_gives_ink_in_range(rgba: np.ndarray) -> None:
    ink = ink_from_rgba(rgba)
    assert ink.shape == rgba.shape[:2]
    assert ink.min() >= 0
    assert ink.max() <= 1
