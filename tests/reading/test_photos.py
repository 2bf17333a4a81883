"""A photo is read in the view that explains it: bold pens, small writing, frames, margins, plots."""

import cv2
import numpy as np
import pytest

from mnist_core import Recognizer
from mnist_core.reading.photos import PhotoReader
from mnist_core.results import Box
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


def number(text: str, pen: float = 9) -> np.ndarray:
    return drawing(*strokes_of_number(text, height=90, left=70, top=60, pen=pen), width=420, height=210)


@pytest.mark.parametrize("width", [420, 210, 900])
def test_a_number_in_a_frame_is_read_at_any_size(recognizer, width):
    framed = number("2473").copy()
    cv2.rectangle(framed, (30, 35), (400, 175), (40, 40, 40, 255), 3)
    assert recognizer.read_photo(photo(framed, width)).text == "2473"


def test_boxes_that_share_their_sides_hold_a_digit_each(recognizer):
    boxed = drawing(
        *strokes_of("2", height=80, left=60, top=60, pen=8),
        *strokes_of("0", height=80, left=160, top=60, pen=8),
        *strokes_of("5", height=80, left=260, top=60, pen=8),
        width=400,
        height=210,
    )
    for left in (40, 140, 240):
        cv2.rectangle(boxed, (left, 40), (left + 100, 160), (40, 40, 40, 255), 3)
    assert recognizer.read_photo(photo(boxed, 400)).text == "205"


def test_a_crop_of_a_ruled_notebook_is_read(recognizer):
    crop = number("3628").copy()
    crop[146:149, :, :3] = (90, 120, 185)  # the writing stands on it
    crop[:, 24:28, :3] = (170, 70, 70)
    assert recognizer.read_photo(photo(crop, 300)).text == "3628"


def test_a_dark_strip_at_the_edge_is_no_one(recognizer):
    strip = number("52").copy()
    strip[:, :14, :3] = 30
    assert recognizer.read_photo(photo(strip, 420)).text == "52"


def test_a_plots_digit_is_read(recognizer):
    plot = np.full((360, 380), 255, np.uint8)
    plot[30:310, 60:340] = 255 - drawing(*strokes_of("5", height=180, left=90, top=50, pen=28))[..., 0]
    for tick in range(60, 340, 40):
        plot[310:316, tick : tick + 2] = 0
    assert recognizer.read_photo(plot).text == "5"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_turned(recognizer, turn):
    page = photo(
        drawing(*strokes_of_number("24735", height=110, left=150, top=110, pen=9), width=900, height=600), 900
    )
    lying = np.ascontiguousarray(np.rot90(page, turn // 90))
    reading = recognizer.read_photo(lying)
    assert (reading.text, reading.turn) == ("24735", turn)


def test_two_digits_do_not_say_which_way_up_they_are(recognizer):
    page = photo(
        drawing(*strokes_of_number("25", height=110, left=150, top=110, pen=9), width=900, height=600), 900
    )
    assert recognizer.read_photo(np.ascontiguousarray(np.rot90(page))).turn == 0


def test_what_stands_in_a_box_is_read_as_one_digit(recognizer):
    page = number("47")
    seven = strokes_of_number("47", height=90, left=70, top=60, pen=9)[-1].points
    (left, top), (right, bottom) = seven.min(axis=0), seven.max(axis=0)
    box = Box(int(left) - 8, int(top) - 8, int(right - left) + 16, int(bottom - top) + 16)
    reading = recognizer.read_photo(page[..., :3])
    assert reading.text == "47"
    mark = PhotoReader(recognizer._marks).read_one(page[..., :3], box)
    assert mark.probabilities.argmax() == 7


def test_a_large_digit_that_the_pictures_edge_cuts_keeps_its_bar(recognizer):
    five = drawing(*strokes_of("5 with its bar apart", height=190, left=60, top=40, pen=16))
    assert recognizer.read_photo(photo(five[: 40 + 190], 280)).text == "5"
