"""Printed lines of ruled and squared paper: found and taken off, the writing that crosses them kept."""

import cv2
import numpy as np
from numpy.typing import NDArray

_LEAST_SIDE = 400
"""A smaller picture shows a few digits, not a page; a line across it is somebody's stroke."""
_THICKEST = 1 / 200
"""A printed line is at most this thick, as a share of the picture's longer side."""
_SHORTEST = 1 / 6
"""A printed line is at least this long, as a share of the picture's longer side: longer than any digit."""
_STEEPEST = 0.2
"""A line may rise by this share of its length: a page is photographed a little askew."""
_GAP = 1 / 40
"""Breaks in a line up to this share of the longer side are bridged: writing and other lines cross it."""
_LEAST_INK = 0.6
"""A printed line shows along at least this share of its way across the picture; a stroke does not."""
_SEARCH_SIDE = 800
"""Lines are sought on a picture this small."""


def without_rules(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take printed lines off a page, level and upright ones.

    Args:
        ink: float32 (H, W) in [0, 1]; 1 is ink. Left unchanged.
    Returns:
        float32 (H, W) in [0, 1].
    """
    if max(ink.shape) < _LEAST_SIDE:
        return ink
    mask = (ink > 0.3).view(np.uint8)
    level = _level_lines(mask)
    upright = _level_lines(np.ascontiguousarray(mask.T)).T
    rules = level | upright
    return np.where(rules > 0, np.float32(0), ink) if rules.any() else ink


def _level_lines(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Find the pixels of long, thin, nearly level lines: uint8 (H, W), 1 on a line.

    Where a stroke crosses a line the ink is thick, so that such pixels don't belong to the line.
    """
    side = max(mask.shape)
    thickest = max(2, round(side * _THICKEST))
    thick = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thickest + 1, 1), np.uint8))
    thin = np.asarray(cv2.subtract(mask, thick), np.uint8)
    near = cv2.dilate(thin, np.ones((thickest, 1), np.uint8))
    columns = np.arange(mask.shape[1])
    drawn = np.zeros_like(thin)
    for x1, y1, x2, y2 in _straight_lines(thin):
        # From edge to edge: a printed line doesn't end where the ink was too faint to be found.
        rows = np.round(y1 + (y2 - y1) / (x2 - x1) * (columns - x1)).astype(int)
        seen = (rows >= 0) & (rows < mask.shape[0])
        if near[rows[seen], columns[seen]].mean() > _LEAST_INK:
            cv2.line(drawn, (0, int(rows[0])), (int(columns[-1]), int(rows[-1])), 1, thickest)
    return np.asarray(cv2.bitwise_and(thin, drawn), np.uint8)


def _straight_lines(thin: NDArray[np.uint8]) -> list[tuple[float, float, float, float]]:
    """Find long, nearly level lines by Hough's transform: (x1, y1, x2, y2) in pixels, x1 < x2."""
    scale = min(1.0, _SEARCH_SIDE / max(thin.shape))
    size = max(1, round(thin.shape[1] * scale)), max(1, round(thin.shape[0] * scale))
    small = (cv2.resize(thin * np.uint8(255), size, interpolation=cv2.INTER_AREA) > 60).view(np.uint8)
    side = max(small.shape)
    found = cv2.HoughLinesP(
        small, 1, np.pi / 720, round(side / 9), minLineLength=side * _SHORTEST, maxLineGap=side * _GAP
    )
    lines = [] if found is None else (np.asarray(found).reshape(-1, 4) / scale).tolist()
    return [(x1, y1, x2, y2) for x1, y1, x2, y2 in lines if abs(y2 - y1) < _STEEPEST * (x2 - x1)]
