"""Pen strokes of 30 people, split by writer: whom the network learns from, and whom it is only measured by.

The strokes are "Pen-Based Recognition of Handwritten Digits" by E. Alpaydin and F. Alimoglu (UCI
Machine Learning Repository, CC BY 4.0), in the unnormalized version.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from mnist_core.datasets.handwriting import AS_WRITTEN, DIGIT_SIZES, PEN_WIDTHS, TabletDrawing, draw_digit
from mnist_core.datasets.pen_strokes import TabletDigit, read_tablet

CREDIT = "Pen-Based Recognition of Handwritten Digits, E. Alpaydin and F. Alimoglu, UCI, CC BY 4.0"

# Whole writers are held out, not some of their digits: a hand that was seen in training is half known.
HELD_OUT_WRITERS = frozenset({3, 9, 15, 21, 27})
"""Only measured by; nothing is ever fitted to or chosen by them."""
CALIBRATION_WRITERS = frozenset({6, 12, 18, 24})
"""Temperature and threshold are chosen by them; weights never see them."""
TRAINING_WRITERS = frozenset(range(1, 31)) - HELD_OUT_WRITERS - CALIBRATION_WRITERS


def of_writers(digits: Iterable[TabletDigit], writers: frozenset[int]) -> tuple[TabletDigit, ...]:
    """Keep the digits of these writers, in their order."""
    return tuple(digit for digit in digits if digit.writer in writers)


def held_out_drawings(
    path: Path,
    seed: int = 0,
    pen_widths: tuple[float, float] = PEN_WIDTHS,
    sizes: tuple[float, float] = DIGIT_SIZES,
) -> Iterator[TabletDrawing]:
    """Draw every digit of the held-out writers once, as it was written: to measure by.

    Args:
        path: of `pendigits-orig.tra`.
        seed: decides pens, sizes and places.
        pen_widths: least and most, in pixels.
        sizes: least and most share of the canvas that a digit's longer side takes.
    Returns:
        The drawings, one after another.
    Raises:
        DataError: the file is missing or malformed.
    """
    rng = np.random.default_rng(seed)
    for digit in of_writers(read_tablet(path), HELD_OUT_WRITERS):
        yield draw_digit(digit, rng, AS_WRITTEN, pen_widths, sizes)
