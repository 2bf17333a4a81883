"""Boxes around digits and grids of them: what is straight on all four sides is printed, the rest written."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.reading.ruled_lines import remove_ruled_lines

_BAND = 0.12
"""A side lies within this share of the frame's height or width: a form is photographed a little askew."""
_COVERED = 0.8
"""A side shows along at least this share of its way; an oval's side in such a band shows along two thirds."""
_STRAIGHT = 0.2
"""A wall between two boxes is at most this wide, as a share of its length: it may stand a little askew."""
_HOLLOW = 0.6
"""A frame's ink covers at most this share of its box."""
_UNEVEN = 1.5
"""A side is nowhere thicker than so many times its median: thicker there is a stroke that touches it."""


def remove_frames(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take frames off that hold writing, also such as it touches.

    Args:
        ink: float32 (H, W) in [0, 1]; 1 is ink. Left unchanged.
    Returns:
        float32 (H, W) in [0, 1]; `ink` itself where there is no frame.
    """
    mask = (ink > 0.5).view(np.uint8)
    _, found, table, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels, stats = np.asarray(found, np.int32), np.asarray(table, np.int32)
    left = ink
    for label, (x, y, width, height, area) in enumerate(stats[1:].tolist(), 1):
        if area > _HOLLOW * width * height:
            continue
        window = (slice(y, y + height), slice(x, x + width))
        own = labels[window] == label
        if not _is_frame(own):
            continue
        content, others = _content(own), (labels[window] != 0) & ~own
        if content.any() or others.any():
            left = ink.copy() if left is ink else left
            written = np.where(content, ink[window], np.float32(0))
            left[window] = np.where(others, ink[window], remove_ruled_lines(written))
    return left


def _is_frame(own: NDArray[np.bool_]) -> bool:
    """Return whether connected ink has four straight sides where its box has them."""
    return all(
        side[: _depth(side)].any(axis=0).mean() >= _COVERED
        for side in (np.rot90(own, turns) for turns in range(4))
    )


def _content(frame: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Take the four sides off connected ink that is a frame: what is left was written."""
    left = frame.copy()
    band = np.zeros_like(frame)
    for turns in range(4):
        side = np.rot90(frame, turns)
        depth = _depth(side)
        rows = np.arange(len(side))[:, np.newaxis]
        first = side.argmax(axis=0)
        end = (~side & (rows >= first)).argmax(axis=0)
        thickness = np.where(end > 0, end, len(side)) - first
        reached = side[:depth].any(axis=0)
        most = round(_UNEVEN * float(np.median(thickness[reached])))
        gone = (rows >= first) & (rows < first + np.minimum(thickness, most)) & reached
        np.rot90(left, turns)[gone] = False
        np.rot90(band, turns)[:depth] = True
    _, found, table, _ = cv2.connectedComponentsWithStats(left.view(np.uint8), connectivity=8)
    labels, stats = np.asarray(found, np.int32), np.asarray(table, np.int32)
    written = np.zeros(len(stats), np.bool_)
    written[labels[~band]] = True  # what lies in the sides' bands alone is what is left of them
    written[_is_wall(stats, frame.shape)] = False
    written[0] = False
    content: NDArray[np.bool_] = written[labels]
    return content


def _is_wall(stats: NDArray[np.int32], size: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which components stand between two boxes: straight, from one side of the frame to the other."""
    extents = stats[:, [cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH]]
    spans = extents >= (1 - 2 * _BAND) * np.array(size)
    return np.asarray((spans & (extents[:, ::-1] <= _STRAIGHT * extents)).any(axis=1), np.bool_)


def _depth(side: NDArray[np.bool_]) -> int:
    """Return how many rows deep the upper side of a frame lies."""
    return max(2, round(_BAND * len(side)))
