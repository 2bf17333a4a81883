"""Pieces of ink: what is connected, what a stroke is, and what is only dirt."""

import numpy as np
import pytest

from mnist_core.reading.pieces import join_pieces, pieces_from_ink, pieces_from_strokes, typical_height
from mnist_core.reading.strokes import Stroke
from tests.drawings import strokes_of


def test_neighbours_ink_is_left_out_of_a_piece() -> None:
    ink = np.zeros((60, 90), np.float32)
    ink[5:55, 5:9] = ink[51:55, 5:50] = 1  # a corner, and a bar that stands inside the corner's box
    ink[5:30, 40:44] = 1
    corner, bar = sorted(pieces_from_ink(ink), key=lambda piece: -piece.box.width)
    assert corner.box.width > 40
    assert not corner.ink[:30, 20:].any()
    assert bar.box.width < 10
    assert bar.ink.sum() == 25 * 4


def test_specks_are_left_out() -> None:
    ink = np.zeros((100, 100), np.float32)
    ink[10:90, 40:50] = 1
    ink[20:22, 80:82] = 1
    assert len(pieces_from_ink(ink)) == 1


def test_soft_edge_stays_with_its_piece() -> None:
    ink = np.zeros((20, 20), np.float32)
    ink[5:15, 5:15] = 0.4
    ink[6:14, 6:14] = 1
    (piece,) = pieces_from_ink(ink)
    assert piece.ink.sum() == pytest.approx(ink.sum())


def test_touching_strokes_are_pieces_of_their_own() -> None:
    assert len(pieces_from_strokes(strokes_of("4"), 280, 280)) == 2


def test_stroke_outside_the_paper_is_no_piece() -> None:
    outside = Stroke(np.float32([[-50, 10], [-40, 20]]), 5)
    partly = Stroke(np.float32([[-50, 10], [20, 10]]), 5)
    (piece,) = pieces_from_strokes([outside, partly], 100, 100)
    assert piece.box.x == 0


def test_joined_pieces_keep_their_places() -> None:
    pieces = pieces_from_strokes(strokes_of("4"), 280, 280)
    joined = join_pieces(pieces)
    assert joined.box.x == min(piece.box.x for piece in pieces)
    assert joined.bottom == max(piece.bottom for piece in pieces)
    assert joined.ink.sum() <= sum(piece.ink.sum() for piece in pieces)


def test_typical_height_is_not_pulled_down_by_dots() -> None:
    ink = np.zeros((100, 300), np.float32)
    ink[10:70, 10:40] = 1
    for x in range(60, 280, 20):
        ink[50:60, x : x + 10] = 1
    assert typical_height(pieces_from_ink(ink)) > 50
