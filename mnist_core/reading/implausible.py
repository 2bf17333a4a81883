"""Marks that look like digits and are none, for what stands beside them: lines, patterns, what reaches in."""

from dataclasses import replace

import numpy as np

from mnist_core.reading.artifacts import GIANT, reaches_in
from mnist_core.reading.marks import Mark, MarkReader
from mnist_core.reading.pieces import Piece, distances, typical_height

_BAR = 1.5
"""A 1 is at most so many times as high as the other digits; a printed line may be higher."""
_LONELY = 0.8
"""What reaches in from the picture's edge, farther than this many heights from all digits, is none."""
_LEAST_PATTERN = 30
"""So many refused marks and bars are no letters and ones, but paper's squares, cloth, a screen's pixels."""
_ONE = 1


def refuse_pattern(marks: list[Mark], reader: MarkReader) -> list[Mark]:
    """Refuse what is as high as a pattern of marks: of a page's squares some look like digits."""
    heights = [
        mark.crop.box.height
        for mark in marks
        if not reader.is_digit(mark) or mark.probabilities.argmax() == _ONE
    ]
    if len(heights) < _LEAST_PATTERN or len(heights) < len(marks) / 2:
        return marks
    low, high = np.quantile(heights, [0.1, 0.9])
    return [_refused(mark) if low <= mark.crop.box.height <= high else mark for mark in marks]


def refuse_bars(marks: list[Mark], reader: MarkReader, size: tuple[int, ...]) -> list[Mark]:
    """Refuse what is read as 1 and much higher than the other digits: a line, whatever its cell looks like.

    So is what is higher than they are and goes on beyond the picture.
    """
    ones = [mark.probabilities.argmax() == _ONE for mark in marks]
    heights = [
        mark.crop.box.height
        for mark, is_one in zip(marks, ones, strict=True)
        if reader.is_digit(mark) and not is_one
    ]
    if not heights:
        return marks
    typical = float(np.median(heights))
    return [
        _refused(mark)
        if is_one and mark.crop.box.height > typical * (1 if reaches_in(mark.crop.box, *size) else _BAR)
        else mark
        for mark, is_one in zip(marks, ones, strict=True)
    ]


def refuse_strangers(marks: list[Mark], reader: MarkReader, size: tuple[int, ...]) -> list[Mark]:
    """Refuse what reaches into the picture far from all digits in it, or larger: a finger, another page."""
    inside = [_as_piece(m) for m in marks if reader.is_digit(m) and not reaches_in(m.crop.box, *size)]
    if not inside:
        return marks
    typical = typical_height(inside)
    return [
        _refused(mark)
        if reaches_in(mark.crop.box, *size)
        and (
            mark.crop.box.height > GIANT * typical
            or distances([_as_piece(mark)], inside).min() > _LONELY * typical
        )
        else mark
        for mark in marks
    ]


def _as_piece(mark: Mark) -> Piece:
    return Piece(mark.crop.box, mark.crop.ink)


def _refused(mark: Mark) -> Mark:
    return replace(mark, digit=0.0, sign=1.0)
