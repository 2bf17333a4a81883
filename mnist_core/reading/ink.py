"""Ink out of a picture: which way round it is, what is paper, what is pen. 0 is paper, 1 is full ink."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import InvalidImageError
from mnist_core.reading.cells import require_array

FAINTEST_CONTRAST = 24
"""On a canvas, grey levels by which ink differs from the paper at least: a blank sheet isn't quite flat."""

_LIGHT_SIDE = 400
"""The light on a page is measured on a picture this small: quick, and free of grain."""
_PAGE_SIDE = 400
"""A picture smaller than this shows one digit or a few, which may fill most of it; a larger one is a page."""
_REACHES = (90.0, 60.0, 40.0, 30.0, 30.0)
"""Grey levels from the paper within which a pixel may still be paper, round by round."""
_FAINTEST_PEN = 0.10
"""On a photo, the least share by which a pen darkens its paper (or lightens a dark board)."""
_DARKEST = 16
"""Grey levels added to the light that a share is taken of, or the noise in black corners would be pen."""
_NOISE_MARGIN = 5.0
"""A pen must stand out from the paper's grain by this many of the grain's standard deviations."""


def ink_from_rgba(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn a canvas picture into ink: dark or light pen, on paper of one colour or on clear paper.

    On clear paper all that is not clear is ink. Elsewhere ink is what differs from the paper's colour,
    so neither polarity nor hue matters, and the strongest difference is full ink: a pale pen reads
    like a black one.

    Args:
        rgba: uint8 (H, W, 4); left unchanged.
    Returns:
        float32 (H, W) in [0, 1].
    Raises:
        InvalidImageError: not uint8, not four channels, or empty.
    """
    require_drawing(rgba)
    ink = np.zeros(rgba.shape[:2], np.float32)
    paper = _paper_colour(rgba).astype(np.float64)
    # Most of a canvas is bare: what comes next is done on the part that isn't.
    bare = cv2.inRange(rgba, paper - FAINTEST_CONTRAST, paper + FAINTEST_CONTRAST)
    x, y, width, height = cv2.boundingRect(cv2.bitwise_not(bare))
    if not width:
        return ink
    around = (slice(max(y - 2, 0), y + height + 2), slice(max(x - 2, 0), x + width + 2))  # with soft edges
    inked = rgba[around]
    alpha = inked[..., 3]
    if paper[3] < 128:
        difference = alpha
    else:
        red, green, blue, _ = cv2.split(cv2.absdiff(inked, paper))
        difference = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
        difference = np.minimum(difference, alpha)  # holes rubbed into coloured paper show nothing
    contrast = float(difference.max())
    if contrast > FAINTEST_CONTRAST:
        np.multiply(difference, np.float32(1 / contrast), out=ink[around])
    return ink


def require_drawing(rgba: NDArray[np.uint8]) -> None:
    """Refuse what is no drawing.

    Raises:
        InvalidImageError: not uint8, not (H, W, 4), or empty.
    """
    require_array(rgba)
    if rgba.ndim != 3 or rgba.shape[2] != 4:
        raise InvalidImageError(f"A drawing is (H, W, 4) RGBA, not {rgba.shape}.")
    _require_pixels(rgba)


def ink_from_photo(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn a photo, scan or screenshot into ink: polarity found, light and shadow divided out.

    The paper's brightness is estimated around every pixel, and ink is what differs from it by a share
    that stands out from the paper's grain. Which side of the paper's brightness the pen is on, darker
    or lighter, is decided once for the picture.

    Args:
        picture: uint8 (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA; left unchanged.
    Returns:
        float32 (H, W) in [0, 1]; all zeros where nothing stands out.
    Raises:
        InvalidImageError: another dtype or shape, or empty.
    """
    return _ink_from_grey(_grey(picture))


def require_photo(picture: NDArray[np.uint8]) -> None:
    """Refuse what is no photo.

    Raises:
        InvalidImageError: not uint8, not (H, W), (H, W, 3) or (H, W, 4), or empty.
    """
    require_array(picture)
    if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] not in (3, 4)):
        raise InvalidImageError(f"A photo is (H, W), (H, W, 3) or (H, W, 4), not {picture.shape}.")
    _require_pixels(picture)


def _require_pixels(picture: NDArray[np.uint8]) -> None:
    if picture.dtype != np.uint8:
        raise InvalidImageError(f"A picture is uint8, not {picture.dtype}.")
    if not picture.size:
        raise InvalidImageError("The picture is empty: it has no pixels.")


def _paper_colour(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Find the paper's colour: the median of the picture's edge, where hardly anyone writes."""
    edge = np.concatenate([rgba[0], rgba[-1], rgba[:, 0], rgba[:, -1]])
    colour: NDArray[np.uint8] = np.sort(edge, axis=0)[len(edge) // 2]  # ten times as fast as np.median
    return colour


def _grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Bring any picture to grey; clear parts become white paper, or ink where only alpha draws."""
    require_photo(picture)
    if picture.ndim == 2:
        return picture
    if picture.shape[2] == 3:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    alpha = picture[..., 3]
    if alpha.min() == 255:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGBA2GRAY), np.uint8)
    if _paper_colour(picture)[3] < 128:
        return 255 - alpha
    colour = picture[..., :3].astype(np.float32)
    share = alpha[..., np.newaxis].astype(np.float32) / 255
    flat = (colour * share + 255 * (1 - share)).astype(np.uint8)
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY), np.uint8)


def _ink_from_grey(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    brightness = grey
    if min(grey.shape) > 100:
        brightness = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8), np.uint8)
    if max(grey.shape) < _PAGE_SIDE:
        paper = _bowl(brightness)
        sides = [_share_darker(brightness, paper), _share_lighter(brightness, paper)]
    elif _has_dark_pen(brightness):
        sides = [_share_darker(brightness, _without_pen(brightness, cv2.MORPH_CLOSE))]
    else:
        sides = [_share_lighter(brightness, _without_pen(brightness, cv2.MORPH_OPEN))]
    difference, marks = max((_marks(share) for share in sides), key=lambda side: float(side[1].sum()))
    if not marks.size:
        return np.zeros(grey.shape, np.float32)
    full = _pen_contrast(marks)
    # Half ink lies half way up a pen's edge, so that strokes keep their thickness.
    low, high = 0.3 * full, 0.7 * full
    ink: NDArray[np.float32] = np.clip((difference - low) / (high - low), 0, 1).astype(np.float32)
    return ink


def _share_darker(brightness: NDArray[np.uint8], paper: NDArray[np.float32]) -> NDArray[np.float32]:
    """Tell by what share of its paper's light each pixel is darker: a shadow dims paper and pen alike."""
    return (paper - brightness) / (paper + _DARKEST)


def _share_lighter(brightness: NDArray[np.uint8], paper: NDArray[np.float32]) -> NDArray[np.float32]:
    """Tell by what share of what was left to white a pixel is lighter than its paper."""
    return (brightness - paper) / (255 - paper + _DARKEST)


def _marks(share: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Level a side's shares so that bare paper is 0, and take those that stand out of its grain."""
    centre = float(np.median(share))
    level = share - np.float32(centre)
    grain = 1.4826 * float(np.median(np.abs(level)))
    return level, level[level > max(_FAINTEST_PEN, _NOISE_MARGIN * grain)]


def _pen_contrast(marks: NDArray[np.float32]) -> float:
    """Tell the pen from what is fainter, ruled lines or a grey patch: the median of Otsu's upper class."""
    levels = np.clip(marks * 255, 0, 255).astype(np.uint8)
    split, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    pen = marks[levels > split]
    return float(np.median(pen if pen.size else marks))


def _has_dark_pen(brightness: NDArray[np.uint8]) -> bool:
    """Say whether the pen is darker than the paper.

    In any part of a page the pen covers less than the paper does, so brightness is skewed to the pen's
    side: the third central moment, over squares small enough to hold few shadows, summed over the page.
    """
    small, reach = _small(brightness)
    level = small.astype(np.float64) / 255
    mean, square, cube = (cv2.blur(level**power, (reach, reach)) for power in (1, 2, 3))
    return bool((cube - 3 * mean * square + 2 * mean**3).sum() <= 0)


def _small(brightness: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """Shrink a page to where its light is measured; and how far a neighbourhood reaches there, in pixels."""
    height, width = brightness.shape
    scale = _LIGHT_SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.medianBlur(cv2.resize(brightness, size, interpolation=cv2.INTER_AREA), 3)
    return np.asarray(small, np.uint8), max(3, min(size) // 12 | 1)


def _without_pen(brightness: NDArray[np.uint8], operation: int) -> NDArray[np.float32]:
    """Estimate a page's bare paper: closing takes dark pens off it, opening light ones.

    Neither moves the edge of a shadow, as averaging would: that edge would then look like ink.
    """
    small, reach = _small(brightness)
    square = np.ones((reach, reach), np.uint8)
    bare = cv2.morphologyEx(small, operation, square, borderType=cv2.BORDER_REPLICATE)
    smooth = cv2.GaussianBlur(bare, (0, 0), 1.5)
    size = brightness.shape[1], brightness.shape[0]
    return np.asarray(cv2.resize(smooth, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _bowl(brightness: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Fit a surface of second degree to the paper: thick strokes that fill a small picture don't bend it.

    Pixels far from the surface are ink, so each round weighs them less (iteratively reweighted least
    squares with Tukey's biweight). The first surface is flat, at the brightness of the picture's edge.
    """
    rows, columns = np.mgrid[-1 : 1 : brightness.shape[0] * 1j, -1 : 1 : brightness.shape[1] * 1j]
    terms = np.stack([np.ones_like(rows), rows, columns, rows**2, columns**2, rows * columns], axis=-1)
    every = max(1, max(brightness.shape) // 40)
    design = terms[::every, ::every].reshape(-1, 6)
    values = brightness[::every, ::every].reshape(-1).astype(np.float64)
    edge = np.concatenate([brightness[0], brightness[-1], brightness[:, 0], brightness[:, -1]])
    surface = np.full(values.shape, np.median(edge), np.float64)
    coefficients = np.array([np.median(edge), 0, 0, 0, 0, 0], np.float64)
    for reach in _REACHES:
        weights = np.maximum(1 - ((values - surface) / reach) ** 2, 0)
        if (weights > 0).mean() < 0.3:  # too little is left to say how the light bends
            break
        scaled = design * weights[:, np.newaxis]
        # The small ridge keeps a picture one pixel wide or high solvable.
        coefficients = np.linalg.solve(scaled.T @ scaled + 1e-3 * np.eye(6), scaled.T @ (values * weights))
        surface = design @ coefficients
    return np.clip(terms @ coefficients, 0, 255).astype(np.float32)
