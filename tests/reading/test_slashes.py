"""A slash between digits is told from a 1 by its neighbours."""

import numpy as np
import pytest

from mnist_core.reading.pieces import pieces_from_strokes
from mnist_core.reading.slashes import Neighbour, find_slashes
from mnist_core.reading.strokes import Stroke


def neighbours(*lines: tuple[tuple[float, float], ...]) -> list[Neighbour]:
    """Draw marks of a straight pen, the middle ones of which read as a 1."""
    pieces = pieces_from_strokes([Stroke(np.float32(points), 8) for points in lines], 300, 600)
    return [
        Neighbour(piece.box, piece.ink, is_one=0 < place < len(pieces) - 1)
        for place, piece in enumerate(pieces)
    ]


LEFT, RIGHT = ((40, 80), (90, 180)), ((200, 80), (260, 180))


@pytest.mark.parametrize("lean", [25, 45, 80])
def test_a_stroke_that_leans_and_stands_out_is_a_slash(lean):
    assert find_slashes(neighbours(LEFT, ((140 + lean / 2, 65), (140 - lean / 2, 195)), RIGHT)) == [1]


@pytest.mark.parametrize(
    "middle",
    [
        pytest.param(((150, 65), (150, 195)), id="upright"),
        pytest.param(((130, 65), (170, 195)), id="leans to the left"),
        pytest.param(((160, 80), (130, 180)), id="as high as its neighbours"),
        pytest.param(((165, 40), (135, 180)), id="stands on their line"),
        pytest.param(((110, 105), (140, 65), (140, 195)), id="has a flag"),
    ],
)
def test_what_may_be_a_one_stays_one(middle):
    assert find_slashes(neighbours(LEFT, middle, RIGHT)) == []


def test_ends_of_a_line_are_no_slashes():
    leaning = ((165, 65), (135, 195))
    assert find_slashes(neighbours(LEFT, leaning)) == []
    assert find_slashes([]) == []


def test_what_reads_as_another_digit_is_no_slash():
    line = neighbours(LEFT, ((160, 65), (130, 195)), RIGHT)
    line[1] = Neighbour(line[1].box, line[1].ink, is_one=False)
    assert find_slashes(line) == []
