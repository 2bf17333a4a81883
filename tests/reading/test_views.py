"""The ways to see a photo: each shows what the others hide."""

import cv2
import numpy as np
import pytest

from mnist_core.reading.views import Paper, views
from tests.drawings import drawing, strokes_of, strokes_of_number

BOLD = drawing(*strokes_of("4", height=200, left=60, top=40, pen=44))[..., 0]
PAGE = drawing(*strokes_of_number("3104", height=60, left=100, top=200, pen=6), height=900, width=1200)[
    ..., 0
]


def papers(grey: np.ndarray) -> list[Paper]:
    return [view.paper for view in views(grey)]


@pytest.mark.parametrize("side", [280, 399, 401, 1400])
def test_a_bold_digit_is_seen_whole_first_at_any_pixel_count(side: int) -> None:
    first = next(views(cv2.resize(BOLD, (side, side), interpolation=cv2.INTER_AREA)))
    assert first.paper is Paper.EVEN
    true = cv2.resize(BOLD, first.ink.shape[::-1], interpolation=cv2.INTER_AREA) < 128
    assert (first.ink[true] > 0.5).mean() > 0.95


def test_small_writing_is_seen_at_its_own_size_first() -> None:
    first = next(views(PAGE))
    assert (first.paper, first.ink.shape) == (Paper.FINE, PAGE.shape)


def test_a_picture_in_the_picture_is_seen_without_its_margin() -> None:
    plot = np.full((320, 380), 255, np.uint8)
    plot[20:300, 70:350] = 255 - BOLD
    insets = [view for view in views(plot) if view.paper is Paper.INSET]
    assert insets
    ink = insets[0].ink
    assert not ink[:, :70].any()
    assert (ink[20:300, 70:350][BOLD < 128] > 0.5).mean() > 0.9


def test_a_dry_pens_strokes_are_mended() -> None:
    dashed = np.full((120, 120), 235, np.uint8)
    for y in range(10, 110, 20):
        dashed[y : y + 14, 55:65] = 60
    dry = [view.ink for view in views(dashed) if view.paper is Paper.DRY]
    assert cv2.connectedComponents((dry[0] > 0.5).view(np.uint8))[0] == 2
    even = [view.ink for view in views(dashed) if view.paper is Paper.EVEN]
    assert cv2.connectedComponents((even[0] > 0.5).view(np.uint8))[0] == 6


def test_no_view_comes_twice() -> None:
    seen = [(view.paper, view.ink.tobytes()) for view in views(PAGE)]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("grey", [0, 120, 255])
def test_bare_paper_has_no_views(grey: int) -> None:
    assert papers(np.full((300, 400), grey, np.uint8)) == []


def test_the_picture_is_left_unchanged() -> None:
    before = PAGE.copy()
    list(views(PAGE))
    np.testing.assert_array_equal(PAGE, before)
