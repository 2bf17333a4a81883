"""One digit's ink as MNIST's makers would have drawn it: thickness, size, place. And cells as a batch.

"The original black and white (bilevel) images from NIST were size normalized to fit in a 20x20 pixel
box while preserving their aspect ratio. [...] the images were centered in a 28x28 image by computing
the center of mass of the pixels" (LeCun, Cortes, Burges, the MNIST database's page). The thickness is
ours: MNIST's writers used pens of one kind, ours draw with whatever they have.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.config import BOX_SIZE, CELL_SIZE
from mnist_core.errors import InvalidImageError

STROKE_THICKNESS = 2.4
"""Cell pixels: the median of `stroke_thickness` over MNIST's 60,000 training cells."""

_FINE = 4
"""Work is done on a grid this many times finer than the cell, so that its edges come out antialiased."""
_MOST_THINNING = 0.6
"""Share of a stroke's thickness that thinning may take, or blobs would vanish and thin parts break."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class NormalizationSteps:
    """A digit on its way to the network, as pictures to look at; float32 in [0, 1], 1 is ink.

    Attributes:
        crop: (h, w); the digit cut out of the picture, its bare margin cut off.
        even: about four times the cell's size; its strokes brought to MNIST's thickness.
        boxed: (h, w) with the longer side about 20; the digit in MNIST's box.
        cell: (28, 28); the box with its centre of mass in the middle.
    """

    crop: NDArray[np.float32]
    even: NDArray[np.float32]
    boxed: NDArray[np.float32]
    cell: NDArray[np.float32]


def stroke_thickness(ink: NDArray[np.float32]) -> float:
    """Estimate how thick the strokes are.

    Across a stroke the distance to its edge rises to half its thickness and falls again, so that its
    mean is a quarter of the thickness.

    Args:
        ink: float32 (h, w) in [0, 1]; 1 is ink.
    Returns:
        The mean thickness in pixels; 0 where there is no ink.
    """
    mask = cv2.copyMakeBorder((ink > 0.5).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    area = cv2.countNonZero(mask)
    if not area:
        return 0.0
    # The transform measures to the centre of the nearest bare pixel: half a pixel past the edge.
    mean_distance = float(cv2.sumElems(cv2.distanceTransform(mask, cv2.DIST_L2, 3))[0]) / area - 0.5
    return max(1.0, 4 * mean_distance)


def normalize_crop(crop: NDArray[np.float32]) -> NDArray[np.float32]:
    """Redraw one digit as MNIST would have: its box 20x20, aspect kept, mass centred, strokes alike.

    Args:
        crop: float32 (h, w) in [0, 1], 1 is ink; any margin is cut off. Left unchanged.
    Returns:
        float32 (28, 28) in [0, 1]; all zeros where the crop is bare.
    Raises:
        InvalidImageError: not a float32 picture of two dimensions.
    """
    _, even = _trimmed_and_even(crop)
    return _centre(even) if even.size else np.zeros((CELL_SIZE, CELL_SIZE), np.float32)


def normalization_steps(crop: NDArray[np.float32]) -> NormalizationSteps:
    """Compute what `normalize_crop` does and return each step, for people to look at.

    Args:
        crop: float32 (h, w) in [0, 1], 1 is ink. Left unchanged.
    Returns:
        The steps, the cell last.
    Raises:
        InvalidImageError: not a float32 picture of two dimensions.
    """
    trimmed, even = _trimmed_and_even(crop)
    if not even.size:
        bare = np.zeros((CELL_SIZE, CELL_SIZE), np.float32)
        return NormalizationSteps(crop, bare, bare, bare)
    return NormalizationSteps(trimmed, even, _shrink(even), _centre(even))


def _trimmed_and_even(crop: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cut a crop's margin off, and bring its strokes to MNIST's thickness; both empty where it is bare."""
    if crop.ndim != 2 or crop.dtype != np.float32:
        raise InvalidImageError(f"A crop is a float32 picture (h, w), not {crop.dtype} {crop.shape}.")
    strongest = float(crop.max(initial=0))
    if 0 < strongest <= 0.5:  # ink is faint everywhere: its strongest counts as full
        crop = crop / np.float32(strongest)
    trimmed = _trim(crop)
    if not trimmed.size:
        return trimmed, trimmed
    even = _trim(_even_thickness(_fit(trimmed, BOX_SIZE * _FINE)))
    return trimmed, _fit(even, BOX_SIZE * _FINE, only_shrink=True)


def require_array(thing: object) -> None:
    """Refuse what is no numpy array, such as the None that OpenCV gives for a file it can't find.

    Raises:
        InvalidImageError: it is none.
    """
    if not isinstance(thing, np.ndarray):
        raise InvalidImageError(f"A picture is a numpy array, not {type(thing).__name__}.")


def to_batch(cells: NDArray[np.float32] | NDArray[np.uint8]) -> NDArray[np.float32]:
    """Shape cells into what the network takes; training and reading share this one call.

    Args:
        cells: (n, 28, 28), n may be 0; float32 in [0, 1], or uint8 0 to 255; 1 or 255 is ink.
    Returns:
        float32 (n, 28, 28, 1) in [0, 1].
    Raises:
        InvalidImageError: another dtype or shape, or no array.
    """
    require_array(cells)
    if cells.ndim != 3 or cells.shape[1:] != (CELL_SIZE, CELL_SIZE):
        raise InvalidImageError(f"Cells are (n, {CELL_SIZE}, {CELL_SIZE}), not {cells.shape}.")
    if cells.dtype == np.uint8:
        return cells[..., np.newaxis].astype(np.float32) / np.float32(255)
    if cells.dtype != np.float32:
        raise InvalidImageError(f"Cells are float32 or uint8, not {cells.dtype}.")
    return cells[..., np.newaxis].astype(np.float32, copy=False)


def _trim(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cut off the bare margin: all that is fainter than half."""
    x, y, width, height = cv2.boundingRect((ink > 0.5).astype(np.uint8))
    return ink[y : y + height, x : x + width]


def _fit(ink: NDArray[np.float32], side: int, only_shrink: bool = False) -> NDArray[np.float32]:
    """Scale so that the longer side is `side`, aspect kept; edges blurred by enlarging are made crisp."""
    height, width = ink.shape
    scale = side / max(height, width)
    if scale == 1 or (only_shrink and scale > 1):
        return ink
    size = max(1, round(width * scale)), max(1, round(height * scale))
    if scale < 1:
        return _strengthen(np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32))
    # In a frame of bare paper, or strokes that end at the crop's edge would get no edge of their own.
    framed = cv2.copyMakeBorder(ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0.0)
    margin = max(1, round(scale))
    size = size[0] + 2 * margin, size[1] + 2 * margin
    large = cv2.resize(framed, size, interpolation=cv2.INTER_CUBIC)
    crisp = (np.asarray(large, np.float32) - 0.5) * scale + 0.5
    return np.asarray(np.clip(crisp, 0, 1), np.float32)


def _strengthen(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale lines that shrinking has made thinner than a pixel, and so pale, back to full ink."""
    is_inked = ink > 0.1 * float(ink.max())
    count = np.count_nonzero(is_inked)
    rank = int(0.6 * (count - 1))
    if count - np.count_nonzero(ink > 0.95) <= rank:  # the usual case, told by counting instead of sorting
        return ink
    inked = ink[is_inked]
    full = np.partition(inked, rank)[rank]  # the 60th percentile
    return ink if full > 0.95 else np.minimum(ink / full, np.float32(1))


def _even_thickness(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Thin or thicken a digit that is as long as the fine grid's box to MNIST's strokes."""
    side = BOX_SIZE * _FINE
    target = STROKE_THICKNESS * _FINE
    thickness = stroke_thickness(ink)
    # The pen's path must come to (side - target) for the digit to fill the box once its strokes are right.
    path_length = max(max(ink.shape) - thickness, 0.4 * side)
    scaled = _fit(ink, round(max(ink.shape) * (side - target) / path_length))
    thickness *= max(scaled.shape) / max(ink.shape)
    change = (target - thickness) / 2
    change = max(change, -_MOST_THINNING * thickness / 2)
    radius = round(abs(change))
    if not radius:
        return scaled
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    roomy = cv2.copyMakeBorder(scaled, radius, radius, radius, radius, cv2.BORDER_CONSTANT, value=0.0)
    changed = cv2.dilate(roomy, disc) if change > 0 else cv2.erode(roomy, disc)
    return np.asarray(changed, np.float32) if changed.max() > 0.5 else scaled


def _centre(fine: NDArray[np.float32]) -> NDArray[np.float32]:
    """Draw ink into a cell, its centre of mass in the middle as far as it stays inside."""
    side = CELL_SIZE * _FINE
    height, width = fine.shape
    moments = cv2.moments(fine)
    x = round(side / 2 - moments["m10"] / moments["m00"] - 0.5)
    y = round(side / 2 - moments["m01"] / moments["m00"] - 0.5)
    x = min(max(x, 0), side - width)
    y = min(max(y, 0), side - height)
    field = np.zeros((side, side), np.float32)
    field[y : y + height, x : x + width] = fine
    return _shrink(field)


def _shrink(fine: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring a picture on the fine grid to the cell's grid."""
    height, width = fine.shape
    size = max(1, round(width / _FINE)), max(1, round(height / _FINE))
    # Resampling overshoots by rounding: a cell promises [0, 1].
    return np.clip(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), 0, 1).astype(np.float32)
