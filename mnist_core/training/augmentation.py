"""The ways people's hands differ, applied to cells: turned, leaning, stretched, wobbly, thick, faint."""

from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE
from mnist_core.errors import DataError
from mnist_core.reading.normalization import to_batch

AUGMENTATION_BOUNDS = {
    "rotation": (0.0, 45.0),
    "zoom": (0.0, 0.5),
    "shear": (0.0, 0.6),
    "shift": (0.0, 6.0),
    "elastic": (0.0, 3.0),
    "thickness": (0.0, 1.0),
    "blur": (0.0, 1.0),
    "contrast": (0.0, 1.0),
    "texture": (0.0, 0.8),
}
"""From nothing to where digits can't be told any more."""

_KNOTS = 5
"""Knots on a side of the grid that elastic distortion moves: about a stroke's length apart."""
_CENTRE = (CELL_SIZE - 1) / 2


@dataclass(frozen=True, slots=True)
class AugmentationConfig:
    """How far a cell may be changed. Each is a largest departure either way; zero leaves it alone.

    The defaults are what the shipped network learned by. A fifth to a half more of everything, for 32
    epochs, read 98.0 % of the calibration writers' digits; these read 99.1 % after 8.
    """

    rotation: float = 11.0
    """Degrees: hands and pages lie askew; from about 20 on a 7 becomes a 1 and a 4 a 9."""
    zoom: float = 0.10
    """Share, of width and height apart: normalizing is not exact where a stray mark widens the box."""
    shear: float = 0.15
    """Sideways shift for each unit of height: hands lean."""
    shift: float = 1.5
    """Pixels: the centre of mass moves with every flourish."""
    elastic: float = 1.1
    """Pixels, as the standard deviation at the knots of a cell bent most: no hand draws a curve twice."""
    thickness: float = 0.5
    """Share of one pixel taken off or put on all round: pens differ."""
    blur: float = 0.3
    """Share of a blur over the nearest pixels mixed in: photos are rarely sharp."""
    contrast: float = 0.3
    """Logarithm of the exponent of grey values: edges come out harder or softer."""
    texture: float = 0.15
    """Share of the ink that may be missing in places: pencil on rough paper, threshold noise."""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            low, high = AUGMENTATION_BOUNDS[name]
            # Not a number compares false, so it is refused too.
            if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
                raise DataError(f"The {name} can be from {low:g} to {high:g}, not {value}.")

    def scaled(self, factor: float) -> "AugmentationConfig":
        """Give the same changes by a share in [0, 1] of their reach."""
        return AugmentationConfig(**{name: factor * value for name, value in asdict(self).items()})


NO_AUGMENTATION = AugmentationConfig(0, 0, 0, 0, 0, 0, 0, 0, 0)
MILD_AUGMENTATION = AugmentationConfig(8, 0.08, 0, 1.5, 0, 0, 0, 0, 0)


def preview_augmentation(
    cells: NDArray[np.uint8], config: AugmentationConfig, seed: int
) -> NDArray[np.uint8]:
    """Show some cells as a network would see them.

    Args:
        cells: uint8 (n, 28, 28); left unchanged.
        config: how far they are changed; with another value of one setting the others' changes stay.
        seed: the same seed shows the same changes.
    Returns:
        uint8 (n, 28, 28).
    """
    return np.asarray(np.rint(augment(cells, config, np.random.default_rng(seed)) * 255), np.uint8)


def augment(
    cells: NDArray[np.uint8], config: AugmentationConfig, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Change each cell in its own way.

    Args:
        cells: uint8 (n, 28, 28); left unchanged.
        config: how far.
        rng: decides every change.
    Returns:
        float32 (n, 28, 28) in [0, 1].
    """
    ink = to_batch(cells)[..., 0]
    if config == NO_AUGMENTATION or not len(ink):
        return ink
    ink = _distort(ink, config, rng)
    # What is zero is drawn too: so each change keeps its random numbers whatever the others are set to.
    thicker = rng.uniform(-config.thickness, config.thickness, len(ink))
    blurred = rng.uniform(0, config.blur, len(ink))
    exponents = np.exp(rng.uniform(-config.contrast, config.contrast, len(ink))).astype(np.float32)
    if config.thickness:
        ink = _thicken(ink, thicker)
    if config.blur:
        ink = _blur(ink, blurred)
    if config.contrast:
        ink = np.clip(ink, 0, 1) ** exponents[:, np.newaxis, np.newaxis]
    if config.texture:
        share = rng.uniform(0, config.texture, len(ink)).astype(np.float32)
        ink = ink * (1 - share[:, np.newaxis, np.newaxis] * rng.random(ink.shape, np.float32))
    return np.clip(ink, 0, 1)


def _distort(
    ink: NDArray[np.float32], config: AugmentationConfig, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Turn, stretch, lean, shift and bend in one resampling, so that it blurs once."""
    x_from, y_from = _sources(len(ink), config, rng)
    distorted = np.empty_like(ink)
    for number, cell in enumerate(ink):
        cv2.remap(cell, x_from[number], y_from[number], cv2.INTER_LINEAR, dst=distorted[number])
    return distorted


def _sources(
    count: int, config: AugmentationConfig, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Find where each pixel of each new cell comes from: x and y, float32 (count, 28, 28)."""
    turn = np.deg2rad(rng.uniform(-config.rotation, config.rotation, count))
    shear = rng.uniform(-config.shear, config.shear, count)
    zoom = np.exp(rng.uniform(-config.zoom, config.zoom, (count, 2)))
    matrices = np.empty((count, 2, 2), np.float32)  # from the new cell's offsets to the old one's: (x, y)
    matrices[:, 0, 0] = np.cos(turn) / zoom[:, 0]
    matrices[:, 0, 1] = (np.sin(turn) + shear) / zoom[:, 0]
    matrices[:, 1, 0] = -np.sin(turn) / zoom[:, 1]
    matrices[:, 1, 1] = np.cos(turn) / zoom[:, 1]
    centred = np.arange(CELL_SIZE, dtype=np.float32) - _CENTRE
    offsets = np.stack(np.meshgrid(centred, centred)).reshape(2, -1)  # (2, 784)
    places = (matrices @ offsets).reshape(count, 2, CELL_SIZE, CELL_SIZE) + np.float32(_CENTRE)
    places += rng.uniform(-config.shift, config.shift, (count, 2, 1, 1)).astype(np.float32)
    # Each cell is bent by a strength of its own: were all bent fully, none would be as it was written.
    strength = rng.uniform(0, config.elastic, (count, 1, 1, 1))
    knots = (strength * rng.standard_normal((count, 2, _KNOTS, _KNOTS))).astype(np.float32)
    if config.elastic:
        places += _SPREAD @ knots @ _SPREAD.T
    return np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1])


_SPREAD = cv2.resize(np.eye(_KNOTS, dtype=np.float32), (_KNOTS, CELL_SIZE), interpolation=cv2.INTER_CUBIC)
"""float32 (28, 5): spreads values at the knots smoothly over a cell's side."""


def _neighbours(ink: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The cells moved by one pixel up, down, left and right."""
    roomy = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    return [roomy[:, :-2, 1:-1], roomy[:, 2:, 1:-1], roomy[:, 1:-1, :-2], roomy[:, 1:-1, 2:]]


def _thicken(ink: NDArray[np.float32], shares: NDArray[np.floating]) -> NDArray[np.float32]:
    """Mix in the cell dilated (share above 0) or eroded (below) by one pixel."""
    mixed = ink.copy()
    for thicker, combine in ((shares > 0, np.maximum), (shares < 0, np.minimum)):
        part = ink[thicker]
        extreme = part
        for neighbour in _neighbours(part):
            extreme = combine(extreme, neighbour)
        share = np.abs(shares[thicker]).astype(np.float32)[:, np.newaxis, np.newaxis]
        mixed[thicker] = part + share * (extreme - part)
    return mixed


def _blur(ink: NDArray[np.float32], shares: NDArray[np.floating]) -> NDArray[np.float32]:
    """Mix in the cell blurred by a cross of the nearest pixels."""
    up, down, left, right = _neighbours(ink)
    blurred = ink * np.float32(0.5) + (up + down + left + right) * np.float32(0.125)
    mixed = ink + shares.astype(np.float32)[:, np.newaxis, np.newaxis] * (blurred - ink)
    return mixed.astype(np.float32, copy=False)
