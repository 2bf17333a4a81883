"""Ink out of a picture: which way round it is, what is paper, what is pen. 0 is paper, 1 is full ink."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import InvalidImageError
from mnist_core.reading.normalization import require_array
from mnist_core.reading.paper import Page, find_page
from mnist_core.reading.pictures import flatten_alpha

FAINTEST_CONTRAST = 24
"""On a canvas, grey levels by which ink differs from the paper at least: a blank sheet isn't quite flat."""

_PAGE_SIDE = 400
"""A picture smaller than this shows one digit or a few, which may fill most of it; a larger one is a page."""
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
    return np.asarray(cv2.cvtColor(flatten_alpha(picture), cv2.COLOR_RGB2GRAY), np.uint8)


def _ink_from_grey(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    brightness = grey
    if min(grey.shape) > 100:
        brightness = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8), np.uint8)
    if max(grey.shape) < _PAGE_SIDE:
        paper = _fit_quadratic_background(brightness)
        sides = [_share_darker(brightness, paper), _share_lighter(brightness, paper)]
        difference, faintest = max((_level(share) for share in sides), key=_amount)
        full = _pen_contrast(difference, faintest)
    else:
        page = find_page(brightness)
        difference, full = _page_difference(page)
        if not full:  # a finger's shadow may have outweighed the pen: look for the other kind of pen
            difference, full = _page_difference(find_page(brightness, dark_pen=not page.dark_pen))
    if not full:
        return np.zeros(grey.shape, np.float32)
    # Half ink lies half way up a pen's edge, so that strokes keep their thickness.
    low, high = 0.3 * full, 0.7 * full
    ink: NDArray[np.float32] = np.clip((difference - low) / (high - low), 0, 1).astype(np.float32)
    return ink


def _page_difference(page: Page) -> tuple[NDArray[np.float32], float]:
    """Compute by what share a page's pixels are darker than its paper, and by how much its pen is."""
    share = _share_darker(page.brightness, page.paper)
    if page.beyond is not None:
        share[page.beyond] = 0
    difference, faintest = _level(share)
    return difference, _pen_contrast(difference, faintest)


def _share_darker(brightness: NDArray[np.uint8], paper: NDArray[np.float32]) -> NDArray[np.float32]:
    """Compute by what share of its paper's light each pixel is darker: a shadow dims paper and pen alike."""
    return (paper - brightness) / (paper + _DARKEST)


def _share_lighter(brightness: NDArray[np.uint8], paper: NDArray[np.float32]) -> NDArray[np.float32]:
    """Compute by what share of what was left to white a pixel is lighter than its paper."""
    return (brightness - paper) / (255 - paper + _DARKEST)


def _level(share: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """Level a side's shares so that bare paper is 0; and tell from where on they stand out of its grain."""
    every = max(1, max(share.shape) // _MEDIAN_SIDE)
    some = share[::every, ::every]
    centre = np.float32(np.median(some))
    grain = 1.4826 * float(np.median(np.abs(some - centre)))
    return share - centre, max(_FAINTEST_PEN, _NOISE_MARGIN * grain)


def _amount(side: tuple[NDArray[np.float32], float]) -> float:
    """Compute how much stands out of the paper on a side."""
    level, faintest = side
    return float(level[level > faintest].sum())


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


def _fit_quadratic_background(brightness: NDArray[np.uint8]) -> NDArray[np.float32]:
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
