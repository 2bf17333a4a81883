"""Pen strokes of 30 people, split by writer into training, calibration and test.

The strokes are "Pen-Based Recognition of Handwritten Digits" by E. Alpaydin and F. Alimoglu (UCI
Machine Learning Repository, CC BY 4.0), in the unnormalized version.
"""

from collections.abc import Iterable

from mnist_core.datasets.pen_strokes import PenDigit

CREDIT = "Pen-Based Recognition of Handwritten Digits, E. Alpaydin and F. Alimoglu, UCI, CC BY 4.0"

# Whole writers are held out, not some of their digits: a hand that was seen in training is half known.
HELD_OUT_WRITERS = frozenset({3, 9, 15, 21, 27})
"""Test writers; nothing is ever fitted to or chosen by them."""
CALIBRATION_WRITERS = frozenset({6, 12, 18, 24})
"""Temperature and threshold are chosen by them; weights never see them."""
TRAINING_WRITERS = frozenset(range(1, 31)) - HELD_OUT_WRITERS - CALIBRATION_WRITERS


def of_writers(digits: Iterable[PenDigit], writers: frozenset[int]) -> tuple[PenDigit, ...]:
    """Return the digits of these writers, in their order."""
    return tuple(digit for digit in digits if digit.writer in writers)
