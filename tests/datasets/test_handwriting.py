import numpy as np
import pytest

from mnist_core.datasets import handwriting
from mnist_core.datasets.handwriting import StrokeVariation, draw_cells, draw_digit
from mnist_core.datasets.pen_strokes import load_pen_digits


@pytest.mark.parametrize(
    "handwriting", [handwriting.AS_WRITTEN, StrokeVariation()], ids=["as written", "varied"]
)
@pytest.mark.parametrize("seed", range(12))
def test_drawing_stays_on_the_paper_in_the_asked_for_size(pendigits_file, handwriting, seed):
    seven, _ = load_pen_digits(pendigits_file)
    drawing = draw_digit(seven, np.random.default_rng(seed), handwriting)
    ink = drawing.rgba[..., 0] < 128
    assert drawing.rgba.shape == (280, 280, 4)
    assert (
        not (ink[0].any() or ink[-1].any() or ink[:, 0].any() or ink[:, -1].any())
        or ink.any(axis=1).sum() > 245
    )
    side = max(ink.any(axis=1).sum(), ink.any(axis=0).sum())
    assert 0.25 * 280 - 3 <= side <= 0.9 * 280 + 3


def test_drawing_does_not_change_the_digit(pendigits_file):
    seven, _ = load_pen_digits(pendigits_file)
    before = [path.copy() for path in seven.strokes]
    draw_digit(seven, np.random.default_rng(0), StrokeVariation())
    for path, kept in zip(seven.strokes, before, strict=True):
        np.testing.assert_array_equal(path, kept)


def test_cells_show_the_digit_upright(pendigits_file):
    cells = draw_cells(load_pen_digits(pendigits_file), np.random.default_rng(0))
    assert cells.shape == (2, 28, 28)
    assert cells.dtype == np.uint8
    seven = cells[0] > 127
    upper, lower = seven[:14].any(axis=0), seven[14:].any(axis=0)
    assert np.ptp(np.flatnonzero(upper)) > np.ptp(np.flatnonzero(lower))  # the bar of a 7 is on top


def test_no_digits_give_no_cells():
    assert draw_cells([], np.random.default_rng(0)).shape == (0, 28, 28)


def test_cutting_the_margin_off_changes_no_cell(pendigits_file):
    for seed in range(5):
        drawing = draw_digit(load_pen_digits(pendigits_file)[0], np.random.default_rng(seed))
        whole = handwriting.cell_from_drawing(drawing.rgba)
        np.testing.assert_allclose(
            handwriting.cell_from_drawing(handwriting._crop_margin(drawing)), whole, atol=1e-6
        )


def test_strokes_begin_sooner_and_end_later_but_no_farther_than_asked():
    path = np.stack([np.linspace(0, 100, 12), np.linspace(0, 50, 12) ** 1.2], axis=1).astype(np.float32)
    longest = 2 * 0.16 * np.ptp(path, axis=0).max()  # its first stroke is its last
    only_flourish = StrokeVariation(0, 0, 0, 0, 0, 0, 0, flourish=0.16)
    added = []
    for seed in range(60):
        (after,) = handwriting._vary((path,), only_flourish, np.random.default_rng(seed))
        start = int(np.flatnonzero((after == path[0]).all(axis=1))[0])
        end = start + len(path)
        np.testing.assert_array_equal(after[start:end], path)
        lengths = np.hypot(*np.diff(after, axis=0).T)
        assert max(lengths[:start].sum(), lengths[end - 1 :].sum()) <= longest + 1e-6
        added.append((start > 0, len(after) > end))
    often = np.mean(added, axis=0)
    assert (often > 0.2).all()
    assert (often < 0.7).all()


def test_a_dot_gets_no_tail():
    dot = np.zeros((2, 2))
    assert handwriting._lengthen_end(dot, 10.0, np.random.default_rng(0)) is dot
