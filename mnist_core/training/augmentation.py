"""The ways people's hands differ, applied to cells: turned, leaning, stretched, wobbly, thick, faint."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE
from mnist_core.reading.normalization import to_batch
from mnist_core.training.augmentation_config import NO_AUGMENTATION, AugmentationConfig

_KNOTS = 5
"""Knots on a side of the grid that elastic distortion moves: about a stroke's length apart."""
_CENTRE = (CELL_SIZE - 1) / 2


def preview_augmentation(
    cells: NDArray[np.uint8], config: AugmentationConfig, seed: int
) -> NDArray[np.uint8]:
    """Return some cells as a network would see them in training.

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
    """Return cells changed at random, each in its own way.

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
    # Drawn even where a setting is zero: each change keeps its random numbers whatever the others are set to.
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
    """Return cells turned, stretched, sheared, shifted and bent in one resampling, so that it blurs once."""
    map_x, map_y = _sampling_maps(len(ink), config, rng)
    distorted = np.empty_like(ink)
    for index, cell in enumerate(ink):
        cv2.remap(cell, map_x[index], map_y[index], cv2.INTER_LINEAR, dst=distorted[index])
    return distorted


def _sampling_maps(
    count: int, config: AugmentationConfig, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw where each pixel of each new cell comes from: x and y, float32 (count, 28, 28)."""
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
    positions = (matrices @ offsets).reshape(count, 2, CELL_SIZE, CELL_SIZE) + np.float32(_CENTRE)
    positions += rng.uniform(-config.shift, config.shift, (count, 2, 1, 1)).astype(np.float32)
    # Each cell is bent by a strength of its own: were all bent fully, none would be as it was written.
    strength = rng.uniform(0, config.elastic, (count, 1, 1, 1))
    knots = (strength * rng.standard_normal((count, 2, _KNOTS, _KNOTS))).astype(np.float32)
    if config.elastic:
        positions += _SPREAD @ knots @ _SPREAD.T
    return np.ascontiguousarray(positions[:, 0]), np.ascontiguousarray(positions[:, 1])


_SPREAD = cv2.resize(np.eye(_KNOTS, dtype=np.float32), (_KNOTS, CELL_SIZE), interpolation=cv2.INTER_CUBIC)
"""float32 (28, 5): spreads values at the knots smoothly over a cell's side."""


def _neighbours(ink: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Return the cells moved by one pixel up, down, left and right."""
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    return [padded[:, :-2, 1:-1], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]]


def _thicken(ink: NDArray[np.float32], shares: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return cells mixed with themselves dilated (share above 0) or eroded (below) by one pixel."""
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
    """Return cells mixed with themselves blurred by a cross of the nearest pixels."""
    up, down, left, right = _neighbours(ink)
    blurred = ink * np.float32(0.5) + (up + down + left + right) * np.float32(0.125)
    mixed = ink + shares.astype(np.float32)[:, np.newaxis, np.newaxis] * (blurred - ink)
    return mixed.astype(np.float32, copy=False)
