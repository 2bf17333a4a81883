"""Turning a picture by quarters, and finding the way back."""

import numpy as np
from numpy.typing import NDArray

from mnist_core.results import Box


def turn_clockwise(ink: NDArray[np.float32], turn: int) -> NDArray[np.float32]:
    """Turn a picture by 0, 90, 180 or 270 degrees.

    Args:
        ink: float32 (H, W). Left unchanged.
        turn: degrees clockwise.
    Returns:
        float32 (H, W) or (W, H); the picture itself for 0.
    Raises:
        ValueError: another turn.
    """
    if turn not in (0, 90, 180, 270):
        raise ValueError(f"a picture is turned by 0, 90, 180 or 270 degrees, not {turn}")
    return np.ascontiguousarray(np.rot90(ink, -turn // 90)) if turn else ink


def turn_box_back(box: Box, size: tuple[int, ...], turn: int) -> Box:
    """Compute where a box of a turned picture stands in the picture before.

    Args:
        box: in pixels of the turned picture.
        size: (height, width) of the picture before.
        turn: degrees clockwise, as in `turn_clockwise`.
    """
    height, width = size
    if turn == 90:
        return Box(box.y, height - box.x - box.width, box.height, box.width)
    if turn == 180:
        return Box(width - box.x - box.width, height - box.y - box.height, box.width, box.height)
    if turn == 270:
        return Box(width - box.y - box.height, box.x, box.height, box.width)
    return box
