"""What a photo shows beside the writing is left out; the writing, and what stands alone, stays."""

import numpy as np

from mnist_core.reading.artifacts import remove_artifacts
from mnist_core.reading.pieces import Piece
from mnist_core.results import Box

SIZE = (600, 800)


def piece(x: int, y: int, width: int, height: int, filled: bool = False) -> Piece:
    """A ring of ink, or a disc."""
    ink = np.ones((height, width), np.float32)
    if not filled:
        ink[3:-3, 3:-3] = 0
    return Piece(Box(x, y, width, height), ink)


WRITING = [piece(200, 200, 40, 80), piece(260, 205, 40, 80), piece(320, 200, 40, 80)]


def test_what_reaches_in_far_from_the_writing_is_left_out() -> None:
    assert remove_artifacts([*WRITING, piece(700, 500, 60, 100)], *SIZE) == WRITING


def test_scrap_of_a_neighbour_is_left_out_of_a_small_picture_too() -> None:
    digit, scrap = piece(60, 20, 70, 100), piece(0, 0, 14, 40)
    assert remove_artifacts([digit, scrap], 140, 180) == [digit]


def test_digit_that_goes_up_to_the_edge_beside_others_stays() -> None:
    cut = piece(376, 520, 40, 80)
    others = [piece(200, 515, 40, 80), piece(260, 510, 40, 80), piece(320, 510, 40, 80)]
    assert cut in remove_artifacts([*others, cut], *SIZE)


def test_hole_is_left_out_and_a_lone_blot_stays() -> None:
    hole = piece(60, 300, 30, 30, filled=True)
    assert remove_artifacts([*WRITING, hole], *SIZE) == WRITING
    assert remove_artifacts([hole], *SIZE) == [hole]
