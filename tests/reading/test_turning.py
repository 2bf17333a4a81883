"""Pages that lie on their side or stand on their head are read; upright ones are never turned."""

import numpy as np
import pytest

from mnist_core import Recognizer
from mnist_core.reading.turning import turn_box_back, turn_clockwise
from mnist_core.results import Box
from tests.drawings import drawing, strokes_of, strokes_of_number

PAGE = drawing(
    *strokes_of_number("2473", height=120, left=120, top=90, pen=9),
    *strokes_of_number("5347", height=120, left=160, top=300, pen=9),
    width=900,
    height=520,
)[..., :3]


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load("shipped")


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_way_back_is_found(turn: int) -> None:
    ink = np.zeros((30, 50), np.float32)
    ink[4:9, 10:30] = 1
    turned = turn_clockwise(ink, turn)
    rows, columns = np.nonzero(turned)
    box = Box(int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    assert turn_box_back(box, ink.shape, turn) == Box(10, 4, 20, 5)


def test_quarters_only() -> None:
    with pytest.raises(ValueError, match="turned"):
        turn_clockwise(np.zeros((3, 3), np.float32), 45)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_page_is_read_and_its_turn_told(recognizer: Recognizer, turn: int) -> None:
    upright = recognizer.read_photo(PAGE)
    assert (upright.text, upright.turn) == ("2473\n5347", 0)
    seen = np.ascontiguousarray(np.rot90(PAGE, turn // 90))  # it is to be turned back clockwise
    reading = recognizer.read_photo(seen)
    assert (reading.text, reading.turn) == ("2473\n5347", turn)
    box = reading.digits[0].box
    assert (seen[box.y : box.y + box.height, box.x : box.x + box.width].min(axis=2) < 128).any()
    back = np.rot90(seen[box.y : box.y + box.height, box.x : box.x + box.width], -turn // 90)
    assert back.shape[:2] == reading.digits[0].ink.shape


def test_turn_that_is_told_is_taken(recognizer: Recognizer) -> None:
    reading = recognizer.read_photo(PAGE, turn=180)
    assert reading.turn == 180
    assert reading.text != "2473\n5347"
    with pytest.raises(ValueError, match="turned"):
        recognizer.read_photo(PAGE, turn=30)


def test_few_marks_are_never_turned(recognizer: Recognizer) -> None:
    picture = drawing(*strokes_of("scribble", left=40), *strokes_of("4", left=330), width=700, height=280)
    assert recognizer.read_photo(picture).turn == 0
