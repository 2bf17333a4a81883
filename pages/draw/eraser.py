"""The eraser: what a browser sends of its way over the paper."""

import math

import numpy as np
from numpy.typing import NDArray

_MOST_PLACES = 1000
"""As many as canvas_frame.js sends: ten seconds of a hand."""
_FURTHEST = 10_000.0
"""Pixels from the paper's corner: no honest hand gets there."""


def parse_path(sent: object) -> NDArray[np.float32] | None:
    """Parse the way of the eraser.

    Args:
        sent: a list of places, [x, y] in pixels of the paper, or anything at all.
    Returns:
        float32 (n, 2), n >= 1; None where that is no way of an eraser.
    """
    if not isinstance(sent, list) or not 0 < len(sent) <= _MOST_PLACES:
        return None
    places = [place for place in sent if _is_place(place)]
    return np.array(places, np.float32) if len(places) == len(sent) else None


def _is_place(place: object) -> bool:
    return (
        isinstance(place, list)
        and len(place) == 2
        and all(
            isinstance(each, int | float) and math.isfinite(each) and abs(each) < _FURTHEST for each in place
        )
    )
