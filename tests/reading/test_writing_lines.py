"""Pieces are sorted into lines of writing, however the page was held; dirt belongs to none."""

import numpy as np
import pytest

from mnist_core.reading.pieces import Piece
from mnist_core.reading.writing_lines import lines_of_writing
from mnist_core.results import Box


def piece(x: int, y: int, width: int = 40, height: int = 80) -> Piece:
    return Piece(Box(x, y, width, height), np.ones((height, width), np.float32))


def corners(lines: list[list[Piece]]) -> list[set[tuple[int, int]]]:
    return [{(one.box.x, one.box.y) for one in line} for line in lines]


def test_nothing_has_no_lines() -> None:
    assert lines_of_writing([]) == []


def test_lines_come_topmost_first_whatever_the_order_of_the_pieces() -> None:
    below, above = [piece(50, 300), piece(150, 310)], [piece(60, 100), piece(140, 95)]
    assert corners(lines_of_writing([*below, *above])) == corners([above, below])


@pytest.mark.parametrize("rise", [-0.2, 0.2])
def test_far_columns_of_a_page_held_askew_find_their_row(rise: float) -> None:
    rows = [
        [piece(x, round(200 + 150 * row + rise * x)) for x in (50, 120, 190, 700, 770)] for row in range(2)
    ]
    assert corners(lines_of_writing(rows[1] + rows[0])) == corners(rows)


def test_a_bar_goes_with_the_digit_nearest_to_it() -> None:
    upper, lower = [piece(50, 100), piece(120, 100)], [piece(50, 300), piece(120, 300)]
    bar = piece(50, 285, 60, 10)
    assert corners(lines_of_writing([*upper, *lower, bar])) == corners([upper, [*lower, bar]])


def test_a_speck_far_from_all_is_dirt_unless_it_was_meant() -> None:
    digits, speck = [piece(50, 100), piece(120, 100)], piece(600, 500, 12, 12)
    assert corners(lines_of_writing([*digits, speck])) == corners([digits])
    assert corners(lines_of_writing([*digits, speck], deliberate=True)) == corners([digits, [speck]])
