"""Which ink is one digit: bars stay with their digit, neighbours stay apart, lines in reading order."""

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.reading.grouping import choose_marks, propose_marks
from mnist_core.reading.ink import ink_from_rgba
from mnist_core.reading.pieces import pieces_from_ink, pieces_from_strokes
from mnist_core.reading.strokes import Stroke
from tests.drawings import drawing, strokes_of, strokes_of_number
from tests.geometry import find_digits


def ink_of(*strokes: Stroke, width: int = 700, height: int = 280) -> np.ndarray:
    return ink_from_rgba(drawing(*strokes, width=width, height=height))


def test_blank_sheet_has_no_digits() -> None:
    assert find_digits(np.zeros((50, 60), np.float32)) == []


@pytest.mark.parametrize(
    "shape", ["0", "4", "5", "7 crossed", "5 with its bar apart", "4 open", "8"], ids=str
)
def test_strokes_of_one_digit_stay_together(shape: str) -> None:
    strokes = strokes_of(shape)
    assert len(find_digits(ink_of(*strokes))) == 1
    proposals = propose_marks(pieces_from_strokes(strokes, 280, 700))
    assert len(choose_marks(proposals, np.ones(len(proposals)))) == 1


def test_short_second_stroke_stays_in_its_line() -> None:
    hook = Stroke(np.float32([[100, 40], [90, 100], [120, 110], [150, 90]]), 14)
    bar = Stroke(np.float32([[135, 80], [125, 170]]), 14)
    neighbour = strokes_of("3", height=130, left=200, top=40)
    proposals = propose_marks(pieces_from_strokes((hook, bar, *neighbour), 280, 700))
    assert [proposals[k].crop.line for k in choose_marks(proposals, np.ones(len(proposals)))] == [0, 0]


def test_broken_eight_is_one_digit() -> None:
    ring = np.array([(np.cos(a) * 40, np.sin(a) * 40) for a in np.linspace(0, 6.28, 30)], np.float32)
    broken = (Stroke(ring + np.float32([100, 70]), 8), Stroke(ring + np.float32([100, 162]), 8))
    assert len(find_digits(ink_of(*broken))) == 1


@pytest.mark.parametrize("gap", [0.15, 0.3, 1.0])
def test_neighbours_stay_apart_in_reading_order(gap: float) -> None:
    crops = find_digits(ink_of(*strokes_of_number("2026", height=120, gap=gap)))
    assert len(crops) == 4
    assert [crop.box.x for crop in crops] == sorted(crop.box.x for crop in crops)
    assert {crop.line for crop in crops} == {0}


def test_touching_neighbours_are_told_apart_by_their_strokes() -> None:
    strokes = strokes_of_number("33", height=150, gap=-0.02, pen=14)
    assert len(find_digits(ink_of(*strokes))) == 1, "the picture alone shows one blot"
    proposals = propose_marks(pieces_from_strokes(strokes, 280, 700))
    scores = np.array([0.95 if proposal.count == 1 else 0.05 for proposal in proposals])
    assert len(choose_marks(proposals, scores)) == 2


def test_lines_are_read_from_the_top() -> None:
    lower = strokes_of_number("48", top=160, height=90, left=200)
    upper = strokes_of_number("123", top=20, height=90, left=40)
    crops = find_digits(ink_of(*lower, *upper))
    assert [crop.line for crop in crops] == [0, 0, 0, 1, 1]
    assert crops[0].box.y < 100 < crops[-1].box.y


def test_slanting_line_stays_one_line() -> None:
    strokes = [
        stroke
        for k, digit in enumerate("31415")
        for stroke in strokes_of(digit, height=70, left=40 + 90 * k, top=20 + 30 * k, pen=8)
    ]
    assert [crop.line for crop in find_digits(ink_of(*strokes))] == [0] * 5


def test_specks_are_dropped_but_a_lone_dot_is_kept() -> None:
    dot = Stroke(np.float32([[300, 40]]), 5)
    assert len(find_digits(ink_of(*strokes_of("3"), dot))) == 1
    assert len(find_digits(ink_of(dot))) == 1


def test_digit_at_the_edge_is_found_whole() -> None:
    (crop,) = find_digits(ink_of(*strokes_of("7", left=-2, top=-2)))
    assert (crop.box.x, crop.box.y) == (0, 0)
    assert crop.ink.shape == (crop.box.height, crop.box.width)


@given(
    arrays.arrays(
        np.float32,
        arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40),
        elements=st.sampled_from([0.0, 0.0, 0.0, 0.4, 1.0]),
    )
)
def test_any_ink_gives_boxes_inside_the_picture(ink: np.ndarray) -> None:
    before = ink.copy()
    for crop in find_digits(ink):
        assert crop.ink.shape == (crop.box.height, crop.box.width)
        assert crop.box.x >= 0
        assert crop.box.y >= 0
        assert crop.box.x + crop.box.width <= ink.shape[1]
        assert crop.box.y + crop.box.height <= ink.shape[0]
    np.testing.assert_array_equal(ink, before)


@pytest.mark.parametrize(("one_digit", "count"), [(0.99, 1), (0.001, 2)])
def test_network_decides_where_geometry_can_not(one_digit: float, count: int) -> None:
    ink = ink_of(*strokes_of_number("31", height=120, gap=0.15))
    proposals = propose_marks(pieces_from_ink(ink))
    scores = np.array([one_digit if proposal.count == 2 else 0.5 for proposal in proposals])
    assert len(choose_marks(proposals, scores)) == count


def test_far_columns_of_a_tilted_table_find_their_row() -> None:
    strokes = [
        stroke
        for row, numbers in enumerate((("31", "47"), ("5", "962")))
        for left, number in zip((40, 500), numbers, strict=True)
        for stroke in strokes_of_number(number, height=60, left=left, top=20 + 90 * row, pen=6)
    ]
    tilted = [Stroke(stroke.points + stroke.points[:, :1] * np.float32([[0, 0.12]]), 6) for stroke in strokes]
    crops = find_digits(ink_of(*tilted))
    assert [crop.line for crop in crops] == [0] * 4 + [1] * 4
    assert crops[4].box.x < 100 < crops[5].box.x


def test_dirt_far_above_a_digit_is_not_joined_to_it() -> None:
    speck = Stroke(np.float32([[70, 10], [76, 24]]), 6)
    crops = find_digits(ink_of(*strokes_of_number("47", height=100, top=140, pen=9), speck))
    assert [crop.box.y > 100 for crop in crops] == [True, True]


def test_short_piece_is_part_of_the_digit_it_may_belong_to() -> None:
    ink = ink_of(
        *strokes_of_number("1", height=150, left=100), Stroke(np.float32([[70, 150], [70, 195]]), 12)
    )
    proposals = propose_marks(pieces_from_ink(ink))
    scores = np.array([0.7 if proposal.count == 2 else 0.9 for proposal in proposals])
    assert len(choose_marks(proposals, scores)) == 1
