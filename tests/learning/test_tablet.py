import numpy as np
import pytest

from mnist_core.errors import DataError
from mnist_core.learning import tablet
from mnist_core.learning.tablet import (
    Handwriting,
    draw_digit,
    held_out_drawings,
    of_writers,
    read_tablet,
    tablet_cells,
)

FILE = """.INCLUDE        dene.doc
.LEXICON "0" "1"
.SEGMENT DIGIT    0 ? "7"
.COMMENT 7 3  224
.PEN_DOWN
 100  400
 300  400
 200  100
.PEN_UP
.DT 100
.PEN_DOWN
 150  250
 280  250
.PEN_UP
.DT 100

.SEGMENT DIGIT    1 ? "1"
.COMMENT 1 12  5
.PEN_DOWN
 200  450
 200  50
.PEN_UP
.DT 100
"""


@pytest.fixture
def unipen(tmp_path):
    path = tmp_path / "strokes.tra"
    path.write_text(FILE)
    return path


def test_digits_are_read_with_writer_and_strokes(unipen):
    seven, one = read_tablet(unipen)
    assert (seven.label, seven.writer, len(seven.strokes)) == (7, 3, 2)
    assert (one.label, one.writer, len(one.strokes)) == (1, 12, 1)
    assert seven.strokes[0].dtype == np.float32


def test_y_is_turned_to_point_down(unipen):
    seven, _ = read_tablet(unipen)
    top, foot = seven.strokes[0][0], seven.strokes[0][-1]
    assert top[1] < foot[1]


def test_writers_are_in_one_part_each():
    parts = (tablet.TRAINING_WRITERS, tablet.CALIBRATION_WRITERS, tablet.HELD_OUT_WRITERS)
    assert sorted(writer for part in parts for writer in part) == list(range(1, 31))
    assert [len(part) for part in parts] == [21, 4, 5]


def test_only_the_asked_for_writers_are_kept(unipen):
    assert [digit.label for digit in of_writers(read_tablet(unipen), frozenset({12}))] == [1]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("label,pixel0\n1,2\n", id="another kind of file"),
        pytest.param('.SEGMENT DIGIT 0 ? "8"\n.COMMENT 8 1 1\n', id="no strokes"),
        pytest.param('.SEGMENT DIGIT 0 ? "8"\n.PEN_DOWN\n 1 2\n.PEN_UP\n', id="no writer"),
        pytest.param(
            '.SEGMENT DIGIT 0 ? "8"\n.COMMENT 8 1 1\n.PEN_DOWN\n 1 2 3\n.PEN_UP\n', id="half a point"
        ),
    ],
)
def test_malformed_strokes_are_refused(tmp_path, content):
    path = tmp_path / "strokes.tra"
    path.write_text(content)
    with pytest.raises(DataError):
        read_tablet(path)


@pytest.mark.parametrize("handwriting", [tablet.AS_WRITTEN, Handwriting()], ids=["as written", "varied"])
@pytest.mark.parametrize("seed", range(12))
def test_drawing_stays_on_the_paper_in_the_asked_for_size(unipen, handwriting, seed):
    seven, _ = read_tablet(unipen)
    drawing = draw_digit(seven, np.random.default_rng(seed), handwriting)
    ink = drawing.rgba[..., 0] < 128
    assert drawing.rgba.shape == (280, 280, 4)
    assert (
        not (ink[0].any() or ink[-1].any() or ink[:, 0].any() or ink[:, -1].any())
        or ink.any(axis=1).sum() > 245
    )
    side = max(ink.any(axis=1).sum(), ink.any(axis=0).sum())
    assert 0.25 * 280 - 3 <= side <= 0.9 * 280 + 3


def test_drawing_does_not_change_the_digit(unipen):
    seven, _ = read_tablet(unipen)
    before = [path.copy() for path in seven.strokes]
    draw_digit(seven, np.random.default_rng(0), Handwriting())
    for path, kept in zip(seven.strokes, before, strict=True):
        np.testing.assert_array_equal(path, kept)


def test_held_out_drawings_are_of_held_out_writers_and_repeat(unipen):
    first, again = list(held_out_drawings(unipen)), list(held_out_drawings(unipen))
    assert [drawing.writer for drawing in first] == [3]
    np.testing.assert_array_equal(first[0].rgba, again[0].rgba)
    assert not np.array_equal(first[0].rgba, next(held_out_drawings(unipen, seed=1)).rgba)


def test_cells_show_the_digit_upright(unipen):
    cells = tablet_cells(read_tablet(unipen), np.random.default_rng(0))
    assert cells.shape == (2, 28, 28)
    assert cells.dtype == np.uint8
    seven = cells[0] > 127
    upper, lower = seven[:14].any(axis=0), seven[14:].any(axis=0)
    assert np.ptp(np.flatnonzero(upper)) > np.ptp(np.flatnonzero(lower))  # the bar of a 7 is on top


def test_no_digits_give_no_cells():
    assert tablet_cells([], np.random.default_rng(0)).shape == (0, 28, 28)


def test_cutting_the_margin_off_changes_no_cell(unipen):
    for seed in range(5):
        drawing = draw_digit(read_tablet(unipen)[0], np.random.default_rng(seed))
        whole = tablet.cell_from_drawing(drawing.rgba)
        np.testing.assert_allclose(
            tablet.cell_from_drawing(tablet._without_margin(drawing)), whole, atol=1e-6
        )
