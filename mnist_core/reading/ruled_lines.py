"""Printed lines of ruled and squared paper: found and taken off, the writing that crosses them kept."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.normalization import stroke_thickness

_THICKEST = 1.0
"""A printed line is at most this many times as thick as the ink is on average, its own included."""
_BENT = 1 / 150
"""A printed line lies this near to a straight one, as a share of the picture's width: paper is never flat."""
_SHORTEST = 1 / 6
"""A printed line is at least this long, as a share of the picture's width."""
_STEEPEST = 0.3
"""A line may rise by this share of its length: a page is photographed a little askew."""
_GAP = 1 / 40
"""Breaks in a line up to this share of the width are bridged: writing and other lines cross it."""
_LEAST_INK = 0.6
"""A printed line shows along at least this share of its way across the page; a stroke does not."""
_NARROWEST_PAGE = 0.55
"""The page is at least this wide, as a share of the picture."""
_BRIDGE = 4.0
"""Ends of writing this close, in thicknesses of the lines, are bridged along a line."""
_MOST_UNEVEN = 1.5
"""A printed line is nowhere thicker than so many times its median."""
_SEARCH_SIDE = 800
"""Lines are sought on a picture this small."""


def remove_ruled_lines(
    ink: NDArray[np.float32], level: bool = True, upright: bool = True
) -> NDArray[np.float32]:
    """Take printed lines off a page.

    Args:
        ink: float32 (H, W) in [0, 1]; 1 is ink. Left unchanged.
        level: whether nearly level lines are taken off.
        upright: whether nearly upright lines are.
    Returns:
        float32 (H, W) in [0, 1]; `ink` itself where there are none.
    """
    mask = (ink > 0.2).view(np.uint8)
    thickest = max(2, round(_THICKEST * stroke_thickness(ink)))
    rules, ways = np.zeros_like(mask), np.zeros_like(mask)
    if level:
        rules, ways = _level_lines(mask, thickest)
    if upright:
        found = _level_lines(np.ascontiguousarray(mask.T), thickest)
        rules, ways = (
            np.asarray(cv2.bitwise_or(one, np.ascontiguousarray(other.T)), np.uint8)
            for one, other in zip((rules, ways), found, strict=True)
        )
    if not cv2.countNonZero(rules):
        return ink
    left = np.where(rules > 0, np.float32(0), ink)
    left[_scraps(left, ways)] = 0
    # A thin stroke that runs along a line for a while has gone with it: what bridges its ends comes back.
    side = max(3, round(_BRIDGE * stroke_thickness(rules.astype(np.float32))) | 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    bridged = cv2.morphologyEx((left > 0.5).view(np.uint8), cv2.MORPH_CLOSE, disc)
    return np.where(cv2.bitwise_and(bridged, rules) > 0, ink, left)


def _scraps(ink: NDArray[np.float32], ways: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Find what is left of printed lines, mostly where they cross: connected ink that lies on them alone."""
    _, found = cv2.connectedComponents((ink > 0.2).view(np.uint8), connectivity=8)
    labels = np.asarray(found, np.int32)
    off_the_lines = np.zeros(int(labels.max()) + 1, np.bool_)
    off_the_lines[labels[ways == 0]] = True
    scraps: NDArray[np.bool_] = ~off_the_lines[labels]
    return scraps


def _level_lines(mask: NDArray[np.uint8], thickest: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Find long, thin, nearly level lines.

    Where a stroke crosses a line the ink is thick, so that such pixels don't belong to the line.

    Returns:
        uint8 (H, W), 1 on the lines' own pixels; and 1 on their way across the picture.
    """
    thin = _thin(mask, thickest)
    reach = max(thickest, round(_BENT * mask.shape[1]))
    near = cv2.dilate(mask, np.ones((reach, 1), np.uint8))
    columns = np.arange(mask.shape[1])
    drawn = np.zeros_like(thin)
    thicknesses = []
    for x1, y1, x2, y2 in _straight_lines(thin):
        # From edge to edge: a printed line doesn't end where the ink was too faint to be found.
        rows = np.round(y1 + (y2 - y1) / (x2 - x1) * (columns - x1)).astype(int)
        seen = (rows >= 0) & (rows < mask.shape[0])
        if _is_printed(near[rows[seen], columns[seen]]):
            cv2.line(drawn, (0, int(rows[0])), (int(columns[-1]), int(rows[-1])), 1, reach)
            thicknesses.append(_thickness(thin, rows, columns, reach))
    if thicknesses:
        # No thicker than these lines are: a stroke that lies on one is thicker than it.
        thin = _thin(mask, min(thickest, round(_MOST_UNEVEN * float(np.median(thicknesses)))))
    return np.asarray(cv2.bitwise_and(thin, drawn), np.uint8), drawn


def _thin(mask: NDArray[np.uint8], thickest: int) -> NDArray[np.uint8]:
    """Keep the ink that is at most `thickest` pixels high."""
    thick = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thickest + 1, 1), np.uint8))
    return np.asarray(cv2.subtract(mask, thick), np.uint8)


def _thickness(
    thin: NDArray[np.uint8], rows: NDArray[np.integer], columns: NDArray[np.integer], reach: int
) -> float:
    """Measure a line's median thickness in pixels where it shows, within `reach` of its way."""
    near = np.clip(rows + np.arange(-reach, reach + 1)[:, np.newaxis], 0, len(thin) - 1)
    across = thin[near, columns].sum(axis=0)
    return float(np.median(across[across > 0])) if across.any() else 1.0


def _is_printed(near: NDArray[np.uint8]) -> bool:
    """Judge a line by the ink on its way: 1 where there is some; beside the page there is none."""
    inked = np.flatnonzero(near)
    if not len(inked):
        return False
    first, last = np.quantile(inked, [0.02, 0.98])
    on_page = near[int(first) : int(last) + 1]
    return len(on_page) > _NARROWEST_PAGE * len(near) and float(on_page.mean()) > _LEAST_INK


def _straight_lines(thin: NDArray[np.uint8]) -> list[tuple[float, float, float, float]]:
    """Find long, nearly level lines by Hough's transform: (x1, y1, x2, y2) in pixels, x1 < x2."""
    scale = min(1.0, _SEARCH_SIDE / max(thin.shape))
    size = max(1, round(thin.shape[1] * scale)), max(1, round(thin.shape[0] * scale))
    small = (cv2.resize(thin * np.uint8(255), size, interpolation=cv2.INTER_AREA) > 60).view(np.uint8)
    side = small.shape[1]
    found = cv2.HoughLinesP(
        small, 1, np.pi / 720, round(side / 9), minLineLength=side * _SHORTEST, maxLineGap=side * _GAP
    )
    lines = [] if found is None else (np.asarray(found).reshape(-1, 4) / scale).tolist()
    return [(x1, y1, x2, y2) for x1, y1, x2, y2 in lines if abs(y2 - y1) < _STEEPEST * (x2 - x1)]
