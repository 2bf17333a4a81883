"""Digits found by their geometry alone, where no network is to be asked."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.grouping import DigitCrop, choose_marks, propose_marks
from mnist_core.reading.pieces import pieces_from_ink


def find_digits(ink: NDArray[np.float32]) -> list[DigitCrop]:
    """Find the digits of a picture by geometry alone, in reading order.

    Args:
        ink: float32 (H, W) in [0, 1]; 1 is ink. Left unchanged.
    Returns:
        Lines from top to bottom, digits from left to right; empty where there is no ink.
    """
    proposals = propose_marks(pieces_from_ink(ink))
    return [proposals[k].crop for k in choose_marks(proposals, np.ones(len(proposals)))]
