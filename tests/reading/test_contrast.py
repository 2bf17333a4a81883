"""Ink against its paper: pens and boards under falling light, grain, patches."""

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given

from mnist_core.reading.background import fit_even_page
from mnist_core.reading.contrast import ink_on
from mnist_core.reading.paper import Page
from tests.drawings import drawing, strokes_of

BLACK_ON_WHITE = drawing(*strokes_of("5"))
TRUE_INK = (255 - BLACK_ON_WHITE[..., 0]) / 255


def ink_of(photo: np.ndarray) -> np.ndarray:
    return ink_on(fit_even_page(photo))


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
    found, true = ink_of(photo) > 0.5, TRUE_INK > 0.5
    assert (found & true).sum() / (found | true).sum() > 0.85


def test_grey_patch_under_the_writing_is_paper() -> None:
    photo = photographed(light=255)
    patch = photo[40:240, 40:180]
    patch[patch > 220] = 225
    assert not (ink_of(photo) > 0.5)[TRUE_INK == 0].any()


def test_grain_alone_is_no_ink() -> None:
    grain = np.random.default_rng(2).normal(200, 4, (200, 300)).clip(0, 255).astype(np.uint8)
    assert not ink_of(grain).any()


@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=80)))
def test_any_photo_gives_ink_in_range(photo: np.ndarray) -> None:
    ink = ink_of(photo)
    assert ink.shape == photo.shape
    assert ink.dtype == np.float32
    assert np.isfinite(ink).all()
    assert ink.min() >= 0
    assert ink.max() <= 1


def test_a_dry_pens_ink_shows_from_a_smaller_share_on() -> None:
    paper = np.full((20, 60), 200, np.float32)
    brightness = np.full((20, 60), 200, np.uint8)
    brightness[5:15, 5:25] = 80
    brightness[5:15, 35:40] = 150  # where the pen hardly wrote
    page = Page(brightness, paper, None, dark_pen=True)
    assert not (ink_on(page) > 0.5)[5:15, 35:40].any()
    assert (ink_on(page, half=0.3) > 0.5)[5:15, 35:40].all()


def test_what_lies_beyond_the_page_is_no_ink() -> None:
    brightness = np.full((40, 60), 200, np.uint8)
    brightness[10:30, 20:24] = 60
    brightness[:, 50:] = 20
    beyond = np.zeros((40, 60), np.bool_)
    beyond[:, 48:] = True
    ink = ink_on(Page(brightness, np.full((40, 60), 200, np.float32), beyond, dark_pen=True))
    assert ink[15, 22] > 0.5
    assert not ink[:, 48:].any()
