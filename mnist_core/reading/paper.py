"""The paper under the writing: how bright it would be bare, whether the pen is darker, and where it ends."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_REACH_PIXELS = 29
"""The light is measured on a picture so small that paper reaches around about so many pixels: quickly."""
_SHARP_STEP = 0.35
"""Brightness that falls by more than this share within a few pixels is an edge: most shadows are softer."""
_STEP_REACH = 5
"""Pixels of the small picture over which such a fall is looked for."""
_EVEN = 3
"""Grey levels by which paper differs from itself where no light falls on it but a screen's or a scanner's."""
_MOSTLY_PAPER = 0.75
"""So much of a picture, of one brightness, is its paper."""
_BEYOND = 0.48
"""Behind the page's edge it is at most this bright, as a share of the page beside it: shadows are lighter."""
_BEYOND_REACH = 11
"""Pixels of the small picture over which both are measured."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Page:
    """A photo seen so that the pen is dark.

    Attributes:
        brightness: uint8 (H, W); the photo, or its negative where the pen is light.
        paper: float32 (H, W), 0 to 255; how bright the bare paper would be.
        beyond: bool (H, W), True on what is no paper, a table or a finger; None where there is no such thing.
        dark_pen: whether the pen is darker than the paper in the photo itself.
    """

    brightness: NDArray[np.uint8]
    paper: NDArray[np.float32]
    beyond: NDArray[np.bool_] | None
    dark_pen: bool


def find_page(brightness: NDArray[np.uint8], reach: float, dark_pen: bool | None = None) -> Page:
    """Separate pen, paper and what lies around it.

    The bare paper is what closing leaves of a picture: it takes off what is dark and narrow, and moves
    neither a shadow's edge nor the page's own, as averaging would: those edges would then look like ink.

    Args:
        brightness: uint8 (H, W) of a page, not of a single digit that fills it. Left unchanged.
        reach: how wide a neighbourhood is, as a share of the picture's shorter side; pens are thinner.
        dark_pen: whether the pen is darker than the paper; None finds it out.
    """
    small = _small(brightness, reach)
    reach_px = max(3, round(reach * min(small.shape)) | 1)
    even = _even_paper(small)
    if dark_pen is None:
        dark_pen = _has_dark_pen(small, reach_px) if even is None else float(small.mean()) < even
    if not dark_pen:
        brightness, small, even = 255 - brightness, 255 - small, None if even is None else 255 - even
    bare = _closed(small, reach_px)
    if even is not None:  # then dense scribbles and thick pens, that closing leaves, are no darker paper
        bare = np.clip(bare, even - _EVEN, even + _EVEN).astype(np.uint8)
    # Neither wood's grain nor a tile's joints are edges: what is bright and narrow goes too.
    flat = 255 - _closed(255 - bare, reach_px)
    steps = _sharp(*_around(flat, _STEP_REACH))
    size = brightness.shape[1], brightness.shape[0]
    beyond = None
    if steps.any():
        # Or the blur below would lend the page's light to what is beyond it.
        bare = np.where(steps, _around(bare, _STEP_REACH)[1], bare)
        outside = _outside(flat, steps)
        if outside.any():
            beyond = cv2.resize(outside, size, interpolation=cv2.INTER_NEAREST).view(np.bool_)
    smooth = cv2.GaussianBlur(bare, (0, 0), 1.5)
    paper = np.asarray(cv2.resize(smooth, size, interpolation=cv2.INTER_LINEAR), np.float32)
    return Page(brightness, paper, beyond, dark_pen)


def _small(brightness: NDArray[np.uint8], reach: float) -> NDArray[np.uint8]:
    """Bring a page to the size at which its light is measured."""
    height, width = brightness.shape
    scale = min(1.0, _REACH_PIXELS / (reach * (height * width) ** 0.5))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(brightness, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.medianBlur(small, 3), np.uint8)


def _even_paper(small: NDArray[np.uint8]) -> int | None:
    """Return the paper's brightness where nearly all of the picture has it: a screen, an even scan."""
    paper = int(np.bincount(small.ravel(), minlength=256).argmax())
    alike = float(np.mean(np.abs(small.astype(np.int16) - paper) <= _EVEN))
    return paper if _MOSTLY_PAPER < alike < 1 else None


def _has_dark_pen(small: NDArray[np.uint8], reach: int) -> bool:
    """Return whether the pen is darker than the paper.

    In any part of a page the pen covers less than the paper does, so brightness is skewed to the pen's
    side: the third central moment, over squares small enough to hold few shadows, summed over the page.
    The page's own edge, where there is a step with and without what is narrow, says nothing of the pen.
    """
    level = small.astype(np.float64) / 255
    mean, square, cube = (cv2.blur(level**power, (reach, reach)) for power in (1, 2, 3))
    skew = cube - 3 * mean * square + 2 * mean**3
    steps = _sharp(*_around(_closed(small, reach), _STEP_REACH))
    if steps.any():
        steps &= _sharp(*_around(255 - _closed(255 - small, reach), _STEP_REACH))
        near = cv2.dilate(steps.view(np.uint8), np.ones((reach, reach), np.uint8))
        if not near.all():
            skew = skew[near == 0]
    return bool(skew.sum() <= 0)


def _closed(small: NDArray[np.uint8], reach: int) -> NDArray[np.uint8]:
    """Take off what is darker than its surroundings and narrow; a disc treats edges of any slant alike."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    # What is dark at the picture's edge may go on beyond it: it is not narrow for being cut off.
    framed = cv2.copyMakeBorder(small, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, disc)
    return np.asarray(closed[reach:-reach, reach:-reach], np.uint8)


def _around(bare: NDArray[np.uint8], reach: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the highest and the lowest brightness near each pixel."""
    square = np.ones((reach, reach), np.uint8)
    return np.asarray(cv2.dilate(bare, square), np.uint8), np.asarray(cv2.erode(bare, square), np.uint8)


def _sharp(high: NDArray[np.uint8], low: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Find where brightness falls steeply: bool (h, w)."""
    found: NDArray[np.bool_] = high - low > np.maximum(_SHARP_STEP * high.astype(np.float32), 16)
    return found


def _outside(flat: NDArray[np.uint8], steps: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Find what reaches in from the picture's edge, much darker than what it meets behind a sharp step.

    Returns:
        uint8 (h, w), 1 outside the page.
    """
    # Edges are taken for one pixel wider than they are seen: one may fade for a moment.
    areas = cv2.erode((~steps).view(np.uint8), np.ones((3, 3), np.uint8))
    _, found = cv2.connectedComponents(areas, connectivity=4)
    labels = np.asarray(found, np.int32)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    outside = np.zeros(flat.shape, np.uint8)
    square = np.ones((_STEP_REACH, _STEP_REACH), np.uint8)
    high, low = _around(flat, _BEYOND_REACH)
    for label in set(edge[edge > 0].tolist()):
        region = (labels == label).view(np.uint8)
        grown = cv2.dilate(region, square)
        rim = (grown > 0) & steps
        if not rim.any():
            continue
        # Only beside the step: a page may lie in deep shadow elsewhere.
        near = (region > 0) & (cv2.dilate(rim.view(np.uint8), square) > 0)
        if np.median(flat[near if near.any() else region > 0]) > np.median(high[rim]) * 0.7:
            continue
        if np.median(low[rim] / high[rim]) < _BEYOND:
            outside = np.asarray(cv2.max(outside, grown), np.uint8)
    # The step itself, seen from both sides, belongs to nobody's writing.
    return np.asarray(cv2.dilate(outside, square) if outside.any() else outside, np.uint8)
