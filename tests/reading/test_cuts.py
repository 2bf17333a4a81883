"""Cuts between digits that touch."""

import numpy as np
import pytest

from mnist_core.reading.cuts import cut_crop, may_be_several
from mnist_core.reading.grouping import DigitCrop
from mnist_core.reading.ink import ink_from_rgba
from mnist_core.results import Box
from tests.drawings import drawing, strokes_of_number
from tests.geometry import find_digits


def touching(number: str, gap: float) -> DigitCrop:
    strokes = strokes_of_number(number, height=150, gap=gap, pen=14)
    (crop,) = find_digits(ink_from_rgba(drawing(*strokes, width=700)))
    return crop


@pytest.mark.parametrize(("number", "gap"), [("33", -0.02), ("20", -0.06), ("85", 0.0)])
def test_one_cut_falls_between_the_digits(number: str, gap: float) -> None:
    first, second = strokes_of_number(number, height=150, gap=gap, pen=14)[:2]
    middle = (first.points[:, 0].max() + second.points[:, 0].min()) / 2
    rights = [left.box.x + left.box.width for left, _ in cut_crop(touching(number, gap))]
    assert min(abs(right - middle) for right in rights) < 12


def test_parts_hold_all_ink_and_no_more() -> None:
    crop = touching("33", -0.02)
    for left, right in cut_crop(crop):
        assert left.ink.sum() + right.ink.sum() == pytest.approx(crop.ink.sum(), rel=0.01)
        for part in (left, right):
            assert part.ink.shape == (part.box.height, part.box.width)
            assert crop.box.x <= part.box.x
            assert part.box.x + part.box.width <= crop.box.x + crop.box.width


def test_crop_is_left_unchanged() -> None:
    crop = touching("33", -0.02)
    before = crop.ink.copy()
    cut_crop(crop)
    np.testing.assert_array_equal(crop.ink, before)


def test_narrow_mark_is_not_several() -> None:
    assert not may_be_several(DigitCrop(Box(0, 0, 10, 60), np.ones((60, 10), np.float32), 0))
    assert may_be_several(touching("33", -0.02))


def test_dash_is_not_cut_into_digits() -> None:
    dash = DigitCrop(Box(0, 0, 60, 6), np.ones((6, 60), np.float32), 0)
    for left, right in cut_crop(dash):
        assert left.box.height == right.box.height
