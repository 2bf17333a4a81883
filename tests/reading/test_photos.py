"""A photo is read at the scale that explains it: bold pens that fill it, and small writing on a page."""

import cv2
import numpy as np
import pytest

from mnist_core import Recognizer
from tests.drawings import drawing, strokes_of, strokes_of_number


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load("shipped")


def photo(rgba: np.ndarray, side: int) -> np.ndarray:
    """Photograph a drawing: its longer side in pixels, grey paper, light that falls from the left."""
    scale = side / max(rgba.shape[:2])
    grey = cv2.resize(rgba[..., 0], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    light = np.linspace(0.95, 0.75, grey.shape[1])
    grain = np.random.default_rng(0).normal(0, 2, grey.shape)
    return np.clip((40 + grey * 0.8) * light + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("side", [200, 390, 399, 401, 600, 1200, 2400])
@pytest.mark.parametrize("digit", ["0", "4", "8"])
def test_a_bold_digit_is_read_whatever_the_pixel_count(recognizer, digit, side):
    bold = drawing(*strokes_of(digit, height=200, left=60, top=40, pen=44))
    reading = recognizer.read_photo(photo(bold, side))
    assert reading.text == digit
    (mark,) = reading.digits
    assert mark.box.height > 0.6 * side, "the box is in pixels of the picture handed over"


@pytest.mark.parametrize("side", [700, 1600, 3000])
def test_small_writing_on_a_page_keeps_its_pixels(recognizer, side):
    lines = [
        stroke
        for row, number in enumerate(("3104", "2758", "4690"))
        for stroke in strokes_of_number(number, height=60, left=100, top=100 + 150 * row, pen=6)
    ]
    page = drawing(*lines, height=900, width=1200)
    assert recognizer.read_photo(photo(page, side)).text == "3104\n2758\n4690"


def test_a_bold_digit_is_read_turned_as_a_person_says(recognizer):
    bold = photo(drawing(*strokes_of("7", height=200, left=60, top=40, pen=40)), 900)
    assert recognizer.read_photo(np.ascontiguousarray(np.rot90(bold)), turn=90).text == "7"


def test_an_empty_page_has_no_marks_at_any_scale(recognizer):
    assert recognizer.read_photo(np.full((900, 1200), 235, np.uint8)).digits == ()
