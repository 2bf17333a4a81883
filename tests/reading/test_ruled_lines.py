"""Printed lines are taken off a page, the writing is kept."""

import cv2
import numpy as np
import pytest

from mnist_core.reading.contrast import ink_on
from mnist_core.reading.ink import ink_from_rgba
from mnist_core.reading.paper import find_page
from mnist_core.reading.ruled_lines import remove_ruled_lines
from tests.drawings import drawing, strokes_of_number
from tests.geometry import find_digits

PENS = 1 / 12
"""Pens are thinner than this share of the page."""
WRITING = ink_from_rgba(
    drawing(*strokes_of_number("2047", height=140, left=150, top=120, pen=9), width=900, height=500)
)


def ruled(every: int, thick: int = 2, squared: bool = False, rise: float = 0.0) -> np.ndarray:
    """Lay printed lines over the writing: float32 (500, 900) ink."""
    ink = WRITING.copy()
    rows, columns = np.indices(ink.shape)
    lines = (rows + rise * columns).astype(int) % every < thick
    if squared:
        lines |= (columns - rise * rows).astype(int) % every < thick
    ink[lines] = np.maximum(ink[lines], 0.8)
    return ink


@pytest.mark.parametrize(
    "paper",
    [
        pytest.param(ruled(60), id="ruled"),
        pytest.param(ruled(60, rise=0.04), id="ruled, askew"),
        pytest.param(ruled(45, squared=True), id="squared"),
        pytest.param(ruled(45, squared=True, rise=-0.03), id="squared, askew"),
    ],
)
def test_lines_go_and_writing_stays(paper: np.ndarray) -> None:
    found = remove_ruled_lines(paper) > 0.5
    written = WRITING > 0.5
    assert (found & written).sum() > 0.9 * written.sum()
    assert (found & ~written).sum() < 0.05 * ((paper > 0.5) & ~written).sum()


def test_page_without_lines_is_left_as_it_is() -> None:
    np.testing.assert_array_equal(remove_ruled_lines(WRITING), WRITING)


def test_dash_across_half_of_a_small_picture_is_no_printed_line() -> None:
    dash = np.zeros((100, 200), np.float32)
    dash[50:52, 5:100] = 1
    np.testing.assert_array_equal(remove_ruled_lines(dash), dash)


@pytest.mark.parametrize("upright", [True, False])
def test_long_straight_stroke_is_no_printed_line(upright: bool) -> None:
    page = np.zeros((600, 600), np.float32)
    page[300:302, 150:400] = 1
    page = page.T.copy() if upright else page
    np.testing.assert_array_equal(remove_ruled_lines(page), page)


def test_ink_is_left_unchanged() -> None:
    paper = ruled(60)
    before = paper.copy()
    remove_ruled_lines(paper)
    np.testing.assert_array_equal(paper, before)


def test_digits_on_photographed_ruled_paper_are_found() -> None:
    grey = 235 - 190 * WRITING
    rows = np.indices(grey.shape)[0]
    grey[rows % 60 < 2] = np.minimum(grey[rows % 60 < 2], 90)
    photo = grey.clip(0, 255).astype(np.uint8)
    tall = [
        crop
        for crop in find_digits(remove_ruled_lines(ink_on(find_page(photo, PENS))))
        if crop.box.height > 80
    ]
    assert len(tall) == 4


def test_shadows_edge_is_no_ink() -> None:
    rows, columns = np.mgrid[0:1:600j, 0:1:800j]
    shadow = 1 - 0.4 / (1 + np.exp(-(columns + 0.5 * rows - 0.7) / 0.01))
    ink = ink_on(find_page((230 * shadow).astype(np.uint8), PENS))
    assert not (ink[50:-50, 50:-50] > 0.5).any()


def test_nothing_is_left_where_lines_cross() -> None:
    left = remove_ruled_lines(ruled(45, squared=True))
    assert len(find_digits(left)) == 4
    assert not ((left > 0.5) & (cv2.dilate(WRITING, np.ones((9, 9))) == 0)).any()


def test_thin_stroke_that_lies_on_a_line_stays_whole() -> None:
    page = ruled(60)
    bar = np.zeros_like(page, bool)
    bar[357:363, 500:560] = True  # a 7's bar, on the line at 360
    bar[357:440, 552:560] = True
    page[bar] = 1
    assert (remove_ruled_lines(page)[bar] > 0.5).mean() > 0.9


def test_lines_of_a_page_that_does_not_fill_the_picture_go() -> None:
    page = ruled(60)
    page[:, :120] = page[:, 780:] = 0
    found = remove_ruled_lines(page) > 0.5
    assert not (found & (cv2.dilate(WRITING, np.ones((9, 9))) == 0)).any()
