"""The paper: where it ends, and that a table, a finger or a hole takes nothing from the writing."""

import cv2
import numpy as np
import pytest

from mnist_core import Recognizer
from mnist_core.reading.paper import find_page
from tests.drawings import drawing, strokes_of_number

PENS = 1 / 12
"""Pens are thinner than this share of the page."""
WRITING = drawing(*strokes_of_number("2473", height=110, left=150, top=110, pen=9), width=900, height=600)[
    ..., 0
]


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load("shipped")


def photographed(pen: float = 60) -> np.ndarray:
    """Write on paper under plain light: float64 (600, 900) grey."""
    return np.asarray(235 - (235 - pen) * (1 - WRITING / 255.0))


def on_table(grey: np.ndarray, table: float = 60) -> np.ndarray:
    """Lay the page askew on a dark table that is seen all around it."""
    corners = np.float32([[0, 0], [900, 0], [900, 600], [0, 600]])
    moved = np.float32([[60, 50], [850, 30], [870, 540], [40, 570]])
    matrix = cv2.getPerspectiveTransform(corners, moved)
    return cv2.warpPerspective(grey, matrix, (900, 600), borderValue=table)


def as_photo(grey: np.ndarray) -> np.ndarray:
    grain = np.random.default_rng(1).normal(0, 2, grey.shape)
    return (cv2.GaussianBlur(grey, (0, 0), 1) + grain).clip(0, 255).astype(np.uint8)


def test_table_lies_beyond_the_page_and_the_writing_on_it() -> None:
    page = find_page(as_photo(on_table(photographed())), PENS)
    assert page.beyond is not None
    assert page.beyond[:10].all()
    assert not page.beyond[100:500, 120:780].any()


def test_plain_page_has_nothing_beyond_it() -> None:
    photo = as_photo(photographed())
    page = find_page(photo, PENS)
    assert page.beyond is None
    np.testing.assert_array_equal(page.brightness, photo)
    assert abs(float(np.median(page.paper)) - 235) < 5


def test_soft_shadow_is_paper() -> None:
    columns = np.linspace(0, 1, 900)
    shadow = 1 - 0.5 / (1 + np.exp(-(columns - 0.5) / 0.02))
    assert find_page(as_photo(photographed() * shadow), PENS).beyond is None


def test_light_pen_is_seen_as_a_dark_one() -> None:
    photo = as_photo(255 - photographed())
    np.testing.assert_array_equal(find_page(photo, PENS).brightness, 255 - photo)


@pytest.mark.parametrize("pen", [40, 150], ids=["pen", "pencil"])
def test_page_on_a_table_is_read(recognizer: Recognizer, pen: float) -> None:
    reading = recognizer.read_photo(as_photo(on_table(photographed(pen))))
    assert (reading.text, reading.turn) == ("2473", 0)


@pytest.mark.parametrize("pen", [40, 150], ids=["pen", "pencil"])
def test_holes_are_no_digits_and_take_no_ink_from_a_pencil(recognizer: Recognizer, pen: float) -> None:
    grey = photographed(pen)
    for y in (200, 400):
        cv2.circle(grey, (45, y), 16, 25.0, cv2.FILLED)
    assert recognizer.read_photo(as_photo(grey)).text == "2473"


def test_finger_is_no_digit(recognizer: Recognizer) -> None:
    grey = photographed(150)
    cv2.line(grey, (700, 640), (640, 480), 120.0, 90)
    assert recognizer.read_photo(as_photo(grey)).text == "2473"


def test_page_in_deep_shadow_with_a_finger_in_the_light_is_no_table(recognizer: Recognizer) -> None:
    columns = np.linspace(0, 1, 900)
    grey = photographed() * (1 - 0.55 / (1 + np.exp((columns - 0.72) / 0.02)))
    cv2.line(grey, (940, 300), (850, 280), 25.0, 90)
    assert recognizer.read_photo(as_photo(grey)).text == "2473"
