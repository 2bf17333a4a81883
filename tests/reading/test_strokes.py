"""Strokes drawn as a canvas would draw them."""

import numpy as np
import pytest

from mnist_core.reading.strokes import Stroke, draw_strokes


def darkness(*strokes: Stroke) -> np.ndarray:
    return 1 - draw_strokes(strokes, 100, 120)[..., 0] / 255


def test_no_strokes_leave_white_opaque_paper() -> None:
    rgba = draw_strokes([], 30, 40)
    assert rgba.shape == (30, 40, 4)
    assert (rgba == 255).all()


def test_line_is_as_thick_as_its_pen() -> None:
    drawn = darkness(Stroke(np.float32([[20, 50], [100, 50]]), 10))
    assert drawn[:, 60].sum() == pytest.approx(10, abs=1)


def test_ends_are_round() -> None:
    drawn = darkness(Stroke(np.float32([[40, 50], [80, 50]]), 20))
    assert drawn[50, 33] > 0.9
    assert drawn[41, 31] < 0.1


def test_dot_is_a_disc() -> None:
    drawn = darkness(Stroke(np.float32([[60, 50]]), 20))
    assert drawn.sum() == pytest.approx(np.pi * 100, rel=0.1)


def test_edges_are_antialiased() -> None:
    drawn = darkness(Stroke(np.float32([[20, 20], [100, 70]]), 8))
    assert ((drawn > 0.1) & (drawn < 0.9)).any()


def test_what_leaves_the_paper_is_cut_off() -> None:
    assert darkness(Stroke(np.float32([[-500, 50], [900, 50]]), 10))[50].all()


@pytest.mark.parametrize("points", [np.empty((0, 2), np.float32), np.zeros((3, 3), np.float32)])
def test_what_is_no_path_is_refused(points: np.ndarray) -> None:
    with pytest.raises(ValueError, match="points"):
        Stroke(points, 5)
