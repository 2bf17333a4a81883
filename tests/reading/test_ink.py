"""Ink: polarity, colour, clear paper, light and shadow."""

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given

from mnist_core.errors import InvalidImageError
from mnist_core.reading.ink import ink_from_photo, ink_from_rgba
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
    assert not ink_from_photo(sheet).any()


def test_drawing_is_left_unchanged() -> None:
    before = BLACK_ON_WHITE.copy()
    ink_from_rgba(BLACK_ON_WHITE)
    ink_from_photo(BLACK_ON_WHITE)
    np.testing.assert_array_equal(BLACK_ON_WHITE, before)


@pytest.mark.parametrize("reader", [ink_from_rgba, ink_from_photo])
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


def photographed(*, light: float = 230, pen: float = 50, tilt: float = 0.0, grain: float = 0.0) -> np.ndarray:
    """Put the 5 on paper under light that falls off to one side by `tilt`: uint8 grey."""
    rng = np.random.default_rng(1)
    falling = 1 - tilt * np.linspace(0, 1, TRUE_INK.shape[1])
    grey = (light * (1 - TRUE_INK) + pen * TRUE_INK) * falling + rng.normal(0, grain, TRUE_INK.shape)
    return np.clip(grey, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "photo",
    [
        pytest.param(photographed(), id="plain"),
        pytest.param(photographed(tilt=0.6), id="light from one side"),
        pytest.param(photographed(grain=6), id="grainy"),
        pytest.param(photographed(light=236, pen=20, grain=12), id="very grainy, on bright paper"),
        pytest.param(photographed(pen=170), id="pencil"),
        pytest.param(photographed(light=30, pen=200), id="chalk on a board"),
        pytest.param(255 - photographed(tilt=0.3), id="negative"),
    ],
)
def test_photo_gives_the_drawings_ink(photo: np.ndarray) -> None:
    found, true = ink_from_photo(photo) > 0.5, TRUE_INK > 0.5
    assert (found & true).sum() / (found | true).sum() > 0.85


def test_grey_patch_under_the_writing_is_paper() -> None:
    photo = photographed(light=255)
    patch = photo[40:240, 40:180]
    patch[patch > 220] = 225
    assert not (ink_from_photo(photo) > 0.5)[TRUE_INK == 0].any()


def test_grain_alone_is_no_ink() -> None:
    grain = np.random.default_rng(2).normal(200, 4, (200, 300)).clip(0, 255).astype(np.uint8)
    assert not ink_from_photo(grain).any()


@pytest.mark.parametrize(
    "convert",
    [
        pytest.param(lambda grey: grey, id="grey"),
        pytest.param(lambda grey: np.dstack([grey] * 3), id="RGB"),
        pytest.param(lambda grey: np.dstack([grey] * 3 + [np.full_like(grey, 255)]), id="RGBA"),
    ],
)
def test_channels_do_not_matter(convert) -> None:
    photo = photographed()
    np.testing.assert_allclose(ink_from_photo(convert(photo)), ink_from_photo(photo), atol=0.02)


@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=80)))
def test_any_photo_gives_ink_in_range(photo: np.ndarray) -> None:
    ink = ink_from_photo(photo)
    assert ink.shape == photo.shape
    assert ink.dtype == np.float32
    assert np.isfinite(ink).all()
    assert ink.min() >= 0
    assert ink.max() <= 1


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
