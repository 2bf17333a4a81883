"""A drawing as text that fits into a link: a teacher sends a digit to a class. Checked when it is read back.

The text is base64url of bytes: the paper's height and width, then for each stroke the pen's width, the
number of points, where it starts and how far each point is from the one before, all in whole pixels.
"""

import base64
import binascii
import struct
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import InvalidImageError
from mnist_core.reading.sent_drawing import DrawingToRead
from mnist_core.reading.strokes import Stroke

MAX_LINK_CHARACTERS = 4000
"""Of a drawing in a link: servers and chats take addresses of this length."""
_MAX_SIDE = 2000
_WIDEST_PEN = 200
_SPACING = 3.0
"""Pixels between the points that a link holds: a hand's line is smooth, and a third is left."""
_HEAD, _STROKE_HEAD, _STEP = struct.Struct(">HH"), struct.Struct(">BHhh"), struct.Struct(">bb")
_NO_DRAWING = "The link holds no drawing that can be read: it may have been cut off when it was copied."


def encode_drawing(strokes: Sequence[Stroke], height: int, width: int) -> str | None:
    """Return a drawing as text for a link.

    Args:
        strokes: in pixels of the paper.
        height: of the paper.
        width: of the paper.
    Returns:
        Letters, digits, - and _; None where the drawing is too large for a link.
    """
    content = bytearray(_HEAD.pack(height, width))
    for stroke in strokes:
        points = _thinned(np.clip(stroke.points, -_MAX_SIDE, 2 * _MAX_SIDE)).round().astype(int)
        points = _short_steps(points)
        pen = min(max(round(stroke.width), 1), _WIDEST_PEN)
        content += _STROKE_HEAD.pack(pen, len(points), *points[0].tolist())
        for step in np.diff(points, axis=0).tolist():
            content += _STEP.pack(*step)
        if len(content) * 4 > MAX_LINK_CHARACTERS * 3:
            return None
    text = base64.urlsafe_b64encode(bytes(content)).decode("ascii").rstrip("=")
    return text if len(text) <= MAX_LINK_CHARACTERS else None


def decode_drawing(text: str) -> DrawingToRead:
    """Return the drawing that a link's text stands for.

    Args:
        text: from anywhere.
    Raises:
        InvalidImageError: it is no drawing, or too large.
    """
    if len(text) > MAX_LINK_CHARACTERS:
        raise InvalidImageError(_NO_DRAWING, "link too long")
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        height, width = _HEAD.unpack_from(content)
        strokes = _strokes(content)
    except (binascii.Error, struct.error, ValueError) as error:
        raise InvalidImageError(_NO_DRAWING, "link no drawing") from error
    if not strokes or not (0 < height <= _MAX_SIDE and 0 < width <= _MAX_SIDE):
        raise InvalidImageError(_NO_DRAWING, "link no drawing")
    return DrawingToRead(strokes, height, width)


def _strokes(content: bytes) -> tuple[Stroke, ...]:
    strokes: list[Stroke] = []
    at = _HEAD.size
    while at < len(content):
        pen, count, x, y = _STROKE_HEAD.unpack_from(content, at)
        at += _STROKE_HEAD.size
        if not 0 < pen <= _WIDEST_PEN or count < 1:
            raise ValueError("no stroke")
        points = [(x, y)]
        for _ in range(count - 1):
            across, down = _STEP.unpack_from(content, at)
            at += _STEP.size
            points.append((points[-1][0] + across, points[-1][1] + down))
        strokes.append(Stroke(np.array(points, np.float32), float(pen)))
    return tuple(strokes)


def _thinned(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Leave out points that are nearer than a few pixels to the last one, but never the last."""
    kept = [0]
    for index in range(1, len(points)):
        is_far = np.hypot(*(points[index] - points[kept[-1]])) >= _SPACING
        if is_far or index == len(points) - 1:
            kept.append(index)
    return points[kept]


def _short_steps(points: NDArray[np.int_]) -> NDArray[np.int_]:
    """Put points between those that are further apart than a step can say."""
    parts = [points[:1]]
    for start, end in pairwise(points):
        steps = max(1, -(-int(np.abs(end - start).max()) // 127))
        shares = np.arange(1, steps + 1)[:, np.newaxis] / steps
        parts.append((start + shares * (end - start)).round().astype(int))
    return np.concatenate(parts)
