"""Pictures to look at: ink on paper, thumbnails, a picture with its reading drawn on it, and PNG files."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import InvalidImageError
from mnist_core.results import Box, DigitReading, Reading

DOUBTFUL_BELOW = 0.9
"""A digit read with less confidence than this is marked as doubtful, unless the caller says otherwise."""

# Okabe and Ito's colours, which colour-blind people tell apart; the line's style says the same again.
_SURE_RGB = (0, 95, 160)
_DOUBTFUL_RGB = (176, 74, 0)
_REFUSED_RGB = (90, 90, 90)
_WHITE_RGB = (255, 255, 255)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_MARKED_SIDE = 1600
"""Pixels that a marked picture's longer side has at most: it is looked at, not read again."""


def png_bytes(picture: NDArray[np.uint8]) -> bytes:
    """Encode a picture as a PNG file.

    Args:
        picture: uint8 (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, not empty; left unchanged.
    Returns:
        The file's bytes.
    Raises:
        InvalidImageError: not such a picture.
    """
    channels = picture.shape[2] if picture.ndim == 3 else 1
    if (
        picture.dtype != np.uint8
        or picture.ndim not in (2, 3)
        or channels not in (1, 3, 4)
        or not picture.size
    ):
        raise InvalidImageError(
            f"A PNG is made of uint8 grey, RGB or RGBA, not {picture.dtype} {picture.shape}."
        )
    if channels == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)
    elif channels == 4:
        picture = cv2.cvtColor(picture, cv2.COLOR_RGBA2BGRA).astype(np.uint8, copy=False)
    _, encoded = cv2.imencode(".png", picture)
    return bytes(encoded)


def ink_picture(ink: NDArray[np.float32], longest_side: int | None = None) -> NDArray[np.uint8]:
    """Show ink as dark pen on white paper.

    Args:
        ink: float32 (h, w) in [0, 1], 1 is ink; left unchanged.
        longest_side: shrink to this many pixels where it is longer; None leaves the size.
    Returns:
        uint8 (h, w), 0 is ink and 255 is paper.
    """
    grey = np.round(255 - 255 * np.clip(ink, 0, 1)).astype(np.uint8)
    return grey if longest_side is None else shrink(grey, longest_side)


def shrink(picture: NDArray[np.uint8], longest_side: int) -> NDArray[np.uint8]:
    """Make a picture smaller, aspect kept, so that its longer side has `longest_side` pixels at most.

    Args:
        picture: uint8 (H, W) or (H, W, channels); left unchanged.
        longest_side: in pixels, 1 or more.
    Returns:
        uint8; the picture itself where it is small enough.
    """
    height, width = picture.shape[:2]
    scale = longest_side / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def draw_boxes(
    picture: NDArray[np.uint8], reading: Reading, doubtful_below: float = DOUBTFUL_BELOW
) -> NDArray[np.uint8]:
    """Draw each mark's box and digit on its picture.

    A digit that was read surely has a solid box; a doubtful one a dashed box and a question mark; a mark
    that is no digit a crossed-out box.

    Args:
        picture: uint8 (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, as it was read; left unchanged.
        reading: what was read in this very picture.
        doubtful_below: the confidence under which a digit counts as doubtful, in [0, 1].
    Returns:
        uint8 (h, w, 3) RGB; a picture with a side over 1600 pixels comes back smaller, aspect kept.
    """
    small = shrink(picture, _MARKED_SIDE)
    scale = small.shape[1] / picture.shape[1]
    marked = _opaque_rgb(small)
    pen = max(2, round(max(marked.shape[:2]) / 400))
    boxes = [(_scaled(digit.box, scale, 2 * pen, marked), digit) for digit in reading.digits]
    for box, digit in boxes:  # all boxes before all digits, or a neighbour's box would strike a digit through
        _draw_box(marked, box, digit, pen, doubtful_below)
    for box, digit in boxes:
        _draw_label(marked, box, digit, pen, doubtful_below)
    return marked


def _opaque_rgb(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Copy a grey, RGB or RGBA picture as RGB; clear paper becomes white."""
    if picture.ndim == 2:
        return cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)
    if picture.shape[2] == 4:
        alpha = picture[..., 3:].astype(np.float32) / 255
        return np.round(picture[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return picture.copy()


def _scaled(box: Box, scale: float, margin: int, picture: NDArray[np.uint8]) -> Box:
    """Bring a box to a smaller picture's pixels, with room around the ink, inside the picture."""
    height, width = picture.shape[:2]
    left = max(0, round(box.x * scale) - margin)
    top = max(0, round(box.y * scale) - margin)
    right = min(width - 1, round((box.x + box.width) * scale) + margin)
    bottom = min(height - 1, round((box.y + box.height) * scale) + margin)
    return Box(left, top, max(1, right - left), max(1, bottom - top))


def _style(digit: DigitReading, doubtful_below: float) -> tuple[tuple[int, int, int], str]:
    """Choose a mark's colour and the sign that stands at its box."""
    if not digit.is_digit:
        return _REFUSED_RGB, "not a digit"
    if digit.confidence < doubtful_below:
        return _DOUBTFUL_RGB, f"{digit.label}?"
    return _SURE_RGB, str(digit.label)


def _draw_box(
    marked: NDArray[np.uint8], box: Box, digit: DigitReading, pen: int, doubtful_below: float
) -> None:
    """Draw one box onto `marked`, on a white ground so that it shows on any picture."""
    colour, _ = _style(digit, doubtful_below)
    dash = 0 if digit.is_digit and digit.confidence >= doubtful_below else 5 * pen
    corners = [
        (box.x, box.y),
        (box.x + box.width, box.y),
        (box.x + box.width, box.y + box.height),
        (box.x, box.y + box.height),
    ]
    cv2.rectangle(marked, corners[0], corners[2], _WHITE_RGB, pen + 2, cv2.LINE_AA)
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        _draw_line(marked, start, end, colour, pen, dash)
    if not digit.is_digit:
        for start, end in ((corners[0], corners[2]), (corners[1], corners[3])):
            cv2.line(marked, start, end, _WHITE_RGB, pen + 2, cv2.LINE_AA)
            cv2.line(marked, start, end, colour, pen, cv2.LINE_AA)


def _draw_line(
    marked: NDArray[np.uint8],
    start: tuple[int, int],
    end: tuple[int, int],
    colour: tuple[int, int, int],
    pen: int,
    dash: int,
) -> None:
    """Draw a line onto `marked`: solid where `dash` is 0, else in dashes of that many pixels."""
    length = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    if not dash or not length:
        cv2.line(marked, start, end, colour, pen, cv2.LINE_AA)
        return
    direction = np.subtract(end, start) / length
    for offset in range(0, length, 2 * dash):
        ends = [
            np.round(start + direction * at).astype(int).tolist()
            for at in (offset, min(offset + dash, length))
        ]
        cv2.line(marked, ends[0], ends[1], colour, pen, cv2.LINE_AA)


def _draw_label(
    marked: NDArray[np.uint8], box: Box, digit: DigitReading, pen: int, doubtful_below: float
) -> None:
    """Write a mark's digit onto `marked`, white on a plate above its box, or inside it for want of room."""
    colour, sign = _style(digit, doubtful_below)
    size = min(max(0.5, 0.35 * pen), max(0.5, box.height / 90)) * (0.7 if len(sign) > 2 else 1)
    (width, height), _ = cv2.getTextSize(sign, _FONT, size, pen)
    pad = pen + 1
    left = max(0, min(box.x, marked.shape[1] - width - 2 * pad))
    bottom = box.y if box.y >= height + 2 * pad else min(marked.shape[0] - 1, box.y + height + 2 * pad)
    top = bottom - height - 2 * pad
    cv2.rectangle(marked, (left, top), (left + width + 2 * pad, bottom), colour, cv2.FILLED)
    cv2.putText(
        marked, sign, (left + pad, bottom - pad), _FONT, size, _WHITE_RGB, max(1, pen - 1), cv2.LINE_AA
    )
