"""Ink against its paper: by what share a pixel is darker, and from where on that is the pen."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.paper import Page

_MEDIAN_SIDE = 400
"""Medians are taken over no more pixels than this many each way."""
_PEN_SIDE = 800
"""The pen's contrast, likewise."""
_FILLED = 0.6
"""A blot covers more than this share of its box: a disc covers 0.79, a thick 8 less."""
_MOST_PEELED = 3
"""So often blots are set aside, each time those of a fainter kind."""
_FEWEST_KEPT = 0.02
"""Where hardly anything but blots is there, they are what the picture shows."""
_FAINTEST_PEN = 0.10
"""The least share by which a pen darkens its paper (or lightens a dark board)."""
_NEAR_PAPER = 0.25
"""Shares closer to 0 than this may be the paper's own unevenness."""
_DARKEST = 16
"""Grey levels added to the light that a share is taken of, or the noise in black corners would be pen."""
_NOISE_MARGIN = 5.0
"""A pen must stand out from the paper's grain by this many of the grain's standard deviations."""


def ink_on(page: Page, half: float = 0.5) -> NDArray[np.float32]:
    """Compute the ink on a page: what is darker than its paper by a share that stands out from the grain.

    Args:
        page: seen so that the pen is dark. Left unchanged.
        half: the share of the pen's contrast that is half ink. Half way up a pen's edge strokes keep their
            thickness; below that, a dry pen's do not break.
    Returns:
        float32 (H, W) in [0, 1]; all zeros where nothing stands out.
    """
    level, faintest = _leveled(page)
    full = _pen_contrast(level, faintest)
    if not full:
        return np.zeros(level.shape, np.float32)
    low, high = 0.6 * half * full, 1.4 * half * full
    ink: NDArray[np.float32] = np.clip((level - low) / (high - low), 0, 1).astype(np.float32)
    return ink


def outstanding(page: Page) -> float:
    """Compute how much stands out of a page's paper: the sum of the shares by which its pixels do."""
    level, faintest = _leveled(page)
    return float(level[level > faintest].sum())


def _leveled(page: Page) -> tuple[NDArray[np.float32], float]:
    """Compute the share by which each pixel is darker than its paper, 0 on bare paper; and the grain's end.

    A share of the light, since a shadow dims paper and pen alike.
    """
    share = (page.paper - page.brightness) / (page.paper + _DARKEST)
    if page.beyond is not None:
        share[page.beyond] = 0
    every = max(1, max(share.shape) // _MEDIAN_SIDE)
    some = share[::every, ::every]
    near = some[np.abs(some) < _NEAR_PAPER]
    if not near.size:
        return share, _FAINTEST_PEN
    centre = np.float32(np.median(near))
    grain = 1.4826 * float(np.median(np.abs(near - centre)))
    return share - centre, max(_FAINTEST_PEN, _NOISE_MARGIN * grain)


def _pen_contrast(level: NDArray[np.float32], faintest: float) -> float:
    """Separate the pen from what is fainter, ruled lines or a grey patch: the median of Otsu's upper class.

    Holes, blots and what reaches in from outside are often darker than any pen: they are set aside first,
    or nothing of a pencil's writing would be left.

    Returns:
        The share by which the pen stands out; 0 where nothing does.
    """
    every = max(1, max(level.shape) // _PEN_SIDE)
    some = level[::every, ::every]
    marks = np.clip(some * 255, 0, 255).astype(np.uint8)
    marks[some <= faintest] = 0
    left = marks[marks > 0]
    if not left.size:
        return 0.0
    for _ in range(_MOST_PEELED):
        split, _ = cv2.threshold(left, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        blots = _blots((marks > split).view(np.uint8))
        rest = np.where(blots, 0, marks)
        kept = rest[rest > 0]
        if kept.size == left.size or kept.size < _FEWEST_KEPT * left.size:
            break
        marks, left = rest, kept
    split, _ = cv2.threshold(left, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    pen = left[left > split]
    return float(np.median(pen if pen.size else left)) / 255


def _blots(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Find what is no pen's line: what is about as high as wide and filled, or reaches the picture's edge.

    Args:
        mask: uint8 (h, w), 1 is dark.
    Returns:
        bool (h, w).
    """
    _, found, table, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    x, y, width, height, area = np.asarray(table, np.int32).T
    shorter, longer = np.minimum(width, height), np.maximum(width, height)
    filled = (area > _FILLED * width * height) & (shorter > 0.5 * longer) & (shorter > 2)
    inside = (x > 0) & (y > 0) & (x + width < mask.shape[1]) & (y + height < mask.shape[0])
    blots = filled | ~inside
    blots[0] = False  # the paper
    chosen: NDArray[np.bool_] = blots[np.asarray(found, np.int32)]
    return chosen
