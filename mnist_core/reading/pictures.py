"""Makes pictures to look at: ink on paper, smaller ones, clear paper made white, and PNG files."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import InvalidImageError


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
    """Draw ink as a dark pen on white paper.

    Args:
        ink: float32 (h, w) in [0, 1], 1 is ink; left unchanged.
        longest_side: shrink to this many pixels where it is longer; None leaves the size.
    Returns:
        uint8 (h, w), 0 is ink and 255 is paper.
    """
    grey = np.round(255 - 255 * np.clip(ink, 0, 1)).astype(np.uint8)
    return grey if longest_side is None else shrink(grey, longest_side)


def shrink(picture: NDArray[np.uint8], longest_side: int) -> NDArray[np.uint8]:
    """Return a picture made smaller, so that its longer side has `longest_side` pixels at most.

    Args:
        picture: uint8 (H, W) or (H, W, channels); left unchanged.
        longest_side: in pixels, 1 or more.
    Returns:
        uint8, of the same aspect; the picture itself where it is small enough.
    """
    height, width = picture.shape[:2]
    scale = longest_side / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def flatten_alpha(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Compute how a picture looks on white paper, which shows where the picture is clear.

    Args:
        rgba: uint8 (H, W, 4); left unchanged.
    Returns:
        uint8 (H, W, 3) RGB.
    """
    opacity = rgba[..., 3:].astype(np.float32) / 255
    return (rgba[..., :3].astype(np.float32) * opacity + 255 * (1 - opacity)).astype(np.uint8)
