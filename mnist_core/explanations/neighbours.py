"""What a digit is like to a network: the training digits with the nearest last features, and their map."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, AppPaths, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.explanations.probe import Activations, Probe
from mnist_core.storage.atomic import write_whole

MAX_MAP_BYTES = 3_000_000
"""Of a map's file."""
_NEAREST = 10
_EXCITING = 6
"""Training digits that are remembered for each feature map."""
_CELLS_AT_ONCE = 100


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class NeighbourMap:
    """Training digits as one network sees them.

    Attributes:
        cells: uint8 (n, 28, 28), 255 is ink.
        labels: uint8 (n,), 0 to 9.
        features: float16 (n, k): the last activations before the logits.
        places: uint8 (n, 2): where each lies on a map of 256 x 256, x first; alike ones are near each other.
        exciting: for each layer uint16 (channels, 6): the digits that excite each map most.
    """

    cells: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    features: NDArray[np.float16]
    places: NDArray[np.uint8]
    exciting: tuple[NDArray[np.uint16], ...]

    def __post_init__(self) -> None:
        count = len(self.labels)
        if self.cells.shape != (count, CELL_SIZE, CELL_SIZE) or self.places.shape != (count, 2):
            raise ValueError("the map's parts don't belong together")
        if self.features.ndim != 2 or len(self.features) != count or count < _NEAREST:
            raise ValueError("the map's features don't belong to its digits")
        if any(layer.size and layer.max() >= count for layer in self.exciting):
            raise ValueError("a map is excited by a digit that is not there")

    def nearest(self, features: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the indices of the ten nearest digits, the nearest first; features are (k,)."""
        distances = self._distances(features)
        nearest = np.argpartition(distances, _NEAREST - 1)[:_NEAREST]
        return nearest[np.argsort(distances[nearest])]

    def place_of(self, features: NDArray[np.float32]) -> tuple[float, float]:
        """Compute where a digit lies on the map: amid its neighbours, the nearer the more they count."""
        nearest = self.nearest(features)
        weights = 1 / (self._distances(features)[nearest] + 1e-3)
        x, y = (weights[:, np.newaxis] * self.places[nearest]).sum(axis=0) / weights.sum()
        return float(x), float(y)

    def _distances(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        distances: NDArray[np.float32] = np.linalg.norm(self.features.astype(np.float32) - features, axis=1)
        return distances


def last_features(cells: NDArray[np.float32], activations: Activations) -> NDArray[np.float32]:
    """Return what a network makes its answer of, float32 (n, k): its last activations, or the pixels."""
    last = activations.layers[-1] if activations.layers else cells
    return last.reshape(len(last), -1)


def find_exciting(
    probe: Probe, cells: NDArray[np.float32]
) -> tuple[NDArray[np.float32], tuple[NDArray[np.uint16], ...]]:
    """Compute digits' features, and for each feature map the digits that excite it most anywhere.

    Args:
        probe: of the network.
        cells: float32 (n, 28, 28).
    Returns:
        Features float32 (n, k), and for each layer uint16 (channels, 6), the most exciting first.
    """
    features: list[NDArray[np.float32]] = []
    strongest: list[list[NDArray[np.float32]]] = [[] for _ in probe.architecture.layers]
    for start in range(0, len(cells), _CELLS_AT_ONCE):
        part = cells[start : start + _CELLS_AT_ONCE]
        activations = probe.activations(part)
        features.append(last_features(part, activations))
        for layer, maps in zip(strongest, activations.layers, strict=True):
            layer.append(maps.max(axis=(2, 3)))
    exciting = tuple(
        np.argsort(-np.concatenate(layer), axis=0, kind="stable")[:_EXCITING].T.astype(np.uint16)
        for layer in strongest
    )
    return np.concatenate(features), exciting


def map_path(files: ModelFiles, paths: AppPaths) -> Path:
    """Return where a network's map is, or would be: named after what is in the network's probe.

    Raises:
        ModelError: the model has no probe.
    """
    try:
        digest = hashlib.sha256(files.probe.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"The model {files.name!r} has no file {files.probe.name}.", "no probe") from error
    return paths.neighbours / f"{digest[:24]}.npz"


def save_map(neighbours: NeighbourMap, path: Path) -> None:
    """Write a map: whole or not at all.

    Raises:
        ModelError: it is too large, or the folder can't be written to.
    """
    content = io.BytesIO()
    parts: dict[str, Any] = {
        "cells": neighbours.cells,
        "labels": neighbours.labels,
        "features": neighbours.features,
        "places": neighbours.places,
    }
    parts |= {f"exciting_{index}": layer for index, layer in enumerate(neighbours.exciting)}
    np.savez_compressed(content, **parts)
    if content.tell() > MAX_MAP_BYTES:
        raise ModelError(f"The map would have {content.tell():,} bytes; {MAX_MAP_BYTES:,} are allowed.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content.getvalue())
    except OSError as error:
        raise ModelError(f"{path} can't be written: {error.strerror}.") from error


def load_map(path: Path) -> NeighbourMap:
    """Load a map and check it.

    Raises:
        ModelError: it is missing or damaged.
    """
    try:
        if path.stat().st_size > MAX_MAP_BYTES:
            raise ModelError(f"The file {path} is too large to be a map.", "damaged map")
        # From memory: numpy leaves the file of a damaged archive open.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as parts:
            names = [name for name in parts.files if name.startswith("exciting_")]
            return NeighbourMap(
                parts["cells"],
                parts["labels"],
                parts["features"],
                parts["places"],
                tuple(parts[f"exciting_{index}"] for index in range(len(names))),
            )
    except FileNotFoundError as error:
        raise ModelError("There is no map of training digits for this network yet.", "no map") from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        sentence = f"The map {path} is damaged: remove it to have it made anew."
        raise ModelError(sentence, "damaged map") from error
