"""The shipped model on digits of our own hand: a change that reads worse is seen here."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mnist_core import Recognizer
from mnist_core.datasets.glyphs import glyph_digit_cells, sign_cells
from tests.drawings import SHAPES, drawing, strokes_of, strokes_of_number

DIGITS = [name for name in SHAPES if name[0].isdigit()]
HOWS = [
    pytest.param({}, id="plain"),
    pytest.param({"pen": 6}, id="thin pen"),
    pytest.param({"pen": 24}, id="thick pen"),
    pytest.param({"height": 50, "pen": 6, "left": 220, "top": 10}, id="small, in a corner"),
    pytest.param({"height": 250, "pen": 18, "left": 15, "top": 12}, id="large"),
]


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load("shipped")


@pytest.mark.parametrize("name", DIGITS)
@pytest.mark.parametrize("how", HOWS)
def test_drawn_digit_is_read(recognizer: Recognizer, name: str, how: dict[str, float]) -> None:
    strokes = strokes_of(name, **how)
    assert recognizer.read_drawing(drawing(*strokes)).text == name[0]
    assert recognizer.read_strokes(strokes, 280, 280).text == name[0]


@pytest.mark.parametrize("name", DIGITS)
def test_photographed_digit_is_read(recognizer: Recognizer, name: str) -> None:
    grey = 40 + 0.7 * drawing(*strokes_of(name))[..., 0]
    photo = grey * np.linspace(1, 0.6, 280) + np.random.default_rng(0).normal(0, 3, grey.shape)
    assert recognizer.read_photo(photo.clip(0, 255).astype(np.uint8)).text == name[0]


@pytest.mark.parametrize("number", ["10", "2026", "74", "358", "16", "99", "450", "111"])
@pytest.mark.parametrize("gap", [0.15, 0.5])
def test_number_is_read(recognizer: Recognizer, number: str, gap: float) -> None:
    strokes = strokes_of_number(number, height=130, gap=gap)
    assert recognizer.read_drawing(drawing(*strokes, width=700)).text == number
    assert recognizer.read_strokes(strokes, 280, 700).text == number


def test_lines_are_read_in_order(recognizer: Recognizer) -> None:
    upper = strokes_of_number("31", height=90, top=20, pen=8)
    lower = strokes_of_number("42", height=90, top=160, pen=8)
    assert recognizer.read_drawing(drawing(*lower, *upper)).text == "31\n42"


def test_touching_digits_are_read_where_strokes_are_known(recognizer: Recognizer) -> None:
    strokes = strokes_of_number("33", height=150, gap=-0.02, pen=14)
    assert recognizer.read_strokes(strokes, 280, 700).text == "33"


@pytest.mark.parametrize("pen", [5, 12, 22])
def test_scribble_is_refused(recognizer: Recognizer, pen: int) -> None:
    reading = recognizer.read_drawing(drawing(*strokes_of("scribble", pen=pen)))
    assert reading.text == ""
    assert not any(digit.is_digit for digit in reading.digits)


def test_refused_mark_leaves_its_neighbours_readable(recognizer: Recognizer) -> None:
    strokes = (*strokes_of("4", left=30), *strokes_of("scribble", left=250), *strokes_of("2", left=560))
    reading = recognizer.read_strokes(strokes, 280, 760)
    assert reading.text == "42"
    assert [digit.is_digit for digit in reading.digits] == [True, False, True]


def test_ways_of_writing_are_read(recognizer: Recognizer) -> None:
    """Hooks, bars, flags, closed loops: drawings that the network was not shown, of paths that it was."""
    cells, labels = glyph_digit_cells(600, np.random.default_rng(20_261_122))
    shares = (cells / 255).astype(np.float32)
    right = recognizer.probabilities(shares).argmax(axis=1) == labels
    accepted = recognizer.digit_probability(shares) >= recognizer.digit_threshold
    assert (right & accepted).mean() > 0.97


def test_letters_and_signs_are_refused(recognizer: Recognizer) -> None:
    shares = (sign_cells(600, np.random.default_rng(20_261_122)) / 255).astype(np.float32)
    assert (recognizer.digit_probability(shares) < recognizer.digit_threshold).mean() > 0.95


def test_blank_drawing_is_no_error(recognizer: Recognizer) -> None:
    reading = recognizer.read_drawing(np.full((280, 280, 4), 255, np.uint8))
    assert reading.text == ""
    assert reading.digits == ()


def test_threads_share_a_recognizer(recognizer: Recognizer) -> None:
    numbers = [str(number) for number in range(100, 160)]
    pictures = [drawing(*strokes_of_number(number, height=100), width=400) for number in numbers]
    alone = [recognizer.read_drawing(picture).text for picture in pictures]
    with ThreadPoolExecutor(8) as threads:
        together = [reading.text for reading in threads.map(recognizer.read_drawing, pictures)]
    assert together == alone
    assert sum(read == number for read, number in zip(alone, numbers, strict=True)) >= 58
