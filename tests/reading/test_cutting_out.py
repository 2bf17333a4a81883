"""A digit cut out of a box that was drawn by eye."""

import numpy as np
import pytest

from mnist_core.reading.cutting_out import cut_out
from mnist_core.results import Box


def ink_of(*bars: tuple[int, int, int, int]) -> np.ndarray:
    """Paper of 100 by 200 with bars of ink: x, y, width, height."""
    ink = np.zeros((100, 200), np.float32)
    for x, y, width, height in bars:
        ink[y : y + height, x : x + width] = 1
    return ink


@pytest.mark.parametrize(
    ("bars", "box", "cut"),
    [
        pytest.param([(40, 20, 10, 60)], Box(30, 10, 30, 80), Box(40, 20, 10, 60), id="all around"),
        pytest.param([(40, 20, 10, 60)], Box(30, 25, 30, 80), Box(40, 20, 10, 60), id="a little tight"),
        pytest.param(
            [(40, 20, 10, 60), (60, 20, 10, 60)], Box(30, 10, 50, 80), Box(40, 20, 30, 60), id="two parts"
        ),
        pytest.param(
            [(40, 20, 10, 60), (60, 20, 40, 60)], Box(30, 10, 34, 80), Box(40, 20, 10, 60), id="a neighbour"
        ),
        pytest.param([(40, 40, 80, 20)], Box(30, 10, 50, 80), Box(40, 40, 40, 20), id="half of what touches"),
        pytest.param([(0, 0, 10, 60)], Box(-9, -9, 30, 90), Box(0, 0, 10, 60), id="beyond the edge"),
        pytest.param([(40, 20, 10, 60)], Box(120, 10, 30, 80), None, id="bare"),
        pytest.param([(40, 20, 10, 60)], Box(500, 500, 30, 80), None, id="outside"),
        pytest.param([(40, 20, 10, 60)], Box(45, 50, 0, 0), None, id="no size"),
    ],
)
def test_what_is_meant_is_cut_out(bars: list[tuple[int, int, int, int]], box: Box, cut: Box | None) -> None:
    ink = ink_of(*bars)
    before = ink.copy()
    crop = cut_out(ink, box)
    assert (crop and crop.box) == cut
    assert crop is None or crop.ink.shape == (cut.height, cut.width)
    assert np.array_equal(ink, before)


def test_soft_edges_of_the_strokes_are_cut_out_with_them() -> None:
    ink = ink_of((40, 20, 10, 60))
    ink[20:80, 39] = ink[20:80, 50] = 0.4
    crop = cut_out(ink, Box(30, 10, 30, 80))
    assert crop is not None
    assert crop.box == Box(39, 20, 12, 60)
