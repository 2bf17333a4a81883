import numpy as np
import pytest

from mnist_core.datasets.decorations import PEN_WIDTHS, decorate_digits
from mnist_core.datasets.handwriting import StrokeVariation, draw_cells
from mnist_core.datasets.pen_strokes import PenDigit

TURN = np.linspace(0, 2 * np.pi, 40)
ZERO = PenDigit(
    0, 5, (np.stack([300 + 250 * np.cos(TURN), 500 + 500 * np.sin(TURN)], axis=1).astype(np.float32),)
)
ONE = PenDigit(1, 6, (np.array([[500, 0], [500, 500], [480, 1000]], np.float32),))
SEVEN = PenDigit(7, 7, (np.array([[0, 0], [600, 0], [400, 500], [300, 1000]], np.float32),))
FOUR = PenDigit(4, 8, (np.array([[400, 0], [0, 600], [900, 600]], np.float32),))
CROSSED_SEVEN = PenDigit(7, 9, (*SEVEN.strokes, np.array([[100, 500], [600, 500]], np.float32)))


def decorated(*digits, count=40, seed=0):
    return decorate_digits(digits, count, np.random.default_rng(seed))


def added(digits):
    return [digit.strokes[1:] for digit in digits]


def test_decorated_digits_keep_label_writer_and_what_was_drawn():
    writers = {0: ZERO, 1: ONE, 7: SEVEN}
    digits = decorated(ZERO, ONE, SEVEN, count=60)
    assert len(digits) == 60
    assert {digit.label for digit in digits} == {0, 1, 7}
    for digit in digits:
        original = writers[digit.label]
        assert digit.writer == original.writer
        np.testing.assert_array_equal(digit.strokes[0], original.strokes[0])
        assert len(digit.strokes) > 1
        assert all(stroke.dtype == np.float32 for stroke in digit.strokes)


def test_only_zeros_ones_and_sevens_of_one_stroke_are_decorated():
    assert {digit.writer for digit in decorated(FOUR, CROSSED_SEVEN, SEVEN)} == {SEVEN.writer}
    assert decorated(FOUR, CROSSED_SEVEN) == ()


def test_the_same_seed_draws_the_same():
    first, again, other = decorated(ZERO), decorated(ZERO), decorated(ZERO, seed=1)
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.strokes[1], two.strokes[1])
    assert any(
        not np.array_equal(one.strokes[1], two.strokes[1]) for one, two in zip(first, other, strict=True)
    )


def test_a_zero_gets_a_stroke_through_its_middle_or_a_dot_in_it():
    strokes = [stroke for (stroke,) in added(decorated(ZERO, count=100))]
    heights = np.array([np.ptp(stroke[:, 1]) for stroke in strokes])
    middles = np.array([(stroke.min(axis=0) + stroke.max(axis=0)) / 2 for stroke in strokes])
    assert 5 <= (heights < 250).sum() <= 30  # dots
    assert (heights > 250).sum() >= 70
    assert np.median(np.abs(middles[:, 0] - 300)) < 100


def test_a_one_gets_a_foot_a_flag_or_both():
    counts = {"foot": 0, "flag": 0, "both": 0}
    for strokes in added(decorated(ONE, count=100)):
        feet = [stroke for stroke in strokes if stroke[:, 1].min() > 850]
        flags = [stroke for stroke in strokes if stroke[0, 1] < 100]
        assert len(feet) + len(flags) == len(strokes)
        assert all(stroke[:, 0].min() < 480 < stroke[:, 0].max() for stroke in feet)
        assert all(stroke[-1, 0] < 500 and stroke[-1, 1] > 0 for stroke in flags)
        counts["both" if feet and flags else "foot" if feet else "flag"] += 1
    assert min(counts.values()) > 10


def test_a_seven_gets_a_bar_across_its_stem():
    for (bar,) in added(decorated(SEVEN)):
        assert 300 < bar[:, 1].mean() < 750
        assert bar[0, 0] < 350 < bar[-1, 0]


def test_a_dot_of_a_one_is_no_error():
    dot = PenDigit(1, 1, (np.array([[5, 5]], np.float32),))
    for digit in decorated(dot):
        assert np.isfinite(np.concatenate(digit.strokes)).all()


def test_decorated_digits_can_be_drawn():
    cells = draw_cells(decorated(ZERO, count=5), np.random.default_rng(0), StrokeVariation(), PEN_WIDTHS)
    plain = draw_cells([ZERO] * 5, np.random.default_rng(0), StrokeVariation(), PEN_WIDTHS)
    assert cells.shape == (5, 28, 28)
    assert cells[:, 11:17, 11:17].mean() > plain[:, 11:17, 11:17].mean() + 20


@pytest.mark.parametrize("count", [0, 1])
def test_as_many_as_asked_for_are_drawn(count):
    assert len(decorated(ZERO, count=count)) == count
