"""A run's state after an epoch, in one file of its folder: what training needs to go on as if never stopped.

The batches' random numbers need no place in it: each epoch draws its own from the run's seed and its number.
"""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import ModelError
from mnist_core.json_files import Count, decode_json
from mnist_core.storage.atomic import write_whole
from mnist_core.storage.model_card import CurvePoint, TrainingData

_PROGRESS = "progress"
_SNAPSHOT = "snapshot"
_PARTS = ("network", "averaged", "optimizer")
# What zipfile, zlib and numpy raise on damaged bytes.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    RuntimeError,
    SyntaxError,
    ValueError,
    OSError,
)

Arrays = tuple[NDArray[np.generic], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is after an epoch.

    Attributes:
        steps: done since the start; the learning rate follows them.
        seconds: that training took so far.
        curves: one point an epoch; as many as epochs are over.
        data: what it learns from.
    """

    steps: Count
    seconds: float
    curves: tuple[CurvePoint, ...]
    data: tuple[TrainingData, ...]


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class FitterState:
    """All numbers of a `Fitter`, in the order in which Keras lists its variables.

    Attributes:
        network: weights, and batch norm's statistics.
        averaged: the same of the averaged network.
        optimizer: its moments, and how many steps it has done.
    """

    network: Arrays
    averaged: Arrays
    optimizer: Arrays


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A run's progress and the numbers that go with it.

    Attributes:
        progress: how far it is.
        state: of its fitter.
        snapshots: weights after some of its epochs, float16.
    """

    progress: Progress
    state: FitterState
    snapshots: Mapping[int, Arrays] = field(default_factory=dict)


def save_checkpoint(checkpoint: Checkpoint, path: Path) -> None:
    """Save a checkpoint: whole or not at all, so that the one before stays until the new one is there.

    Raises:
        OSError: the disk is full or can't be written to.
    """
    content = io.BytesIO()
    arrays: dict[str, Any] = {  # savez has another keyword, of another type
        f"{part}-{index:04}": array
        for part in _PARTS
        for index, array in enumerate(getattr(checkpoint.state, part))
    }
    for epoch, weights in checkpoint.snapshots.items():
        arrays |= {f"{_SNAPSHOT}-{epoch:04}-{index:04}": array for index, array in enumerate(weights)}
    arrays[_PROGRESS] = np.array(json.dumps(asdict(checkpoint.progress)))
    np.savez(content, **arrays)
    write_whole(path, content.getvalue())


def load_checkpoint(path: Path) -> Checkpoint:
    """Load a checkpoint.

    Raises:
        ModelError: missing or damaged.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            progress = decode_json(str(file[_PROGRESS]).encode(), Progress)
            parts = {
                part: tuple(file[name] for name in sorted(file.files) if name.startswith(f"{part}-"))
                for part in _PARTS
            }
            snapshots: dict[int, list[NDArray[np.generic]]] = {}
            for name in sorted(file.files):
                if name.startswith(f"{_SNAPSHOT}-"):
                    snapshots.setdefault(int(name.split("-")[1]), []).append(file[name])
    except FileNotFoundError as error:
        raise ModelError(
            "This run ended before its first epoch was over: there is nothing to go on from."
        ) from error
    except _DAMAGE as error:
        raise ModelError(f"What this run would go on from is damaged: {path}. Start it anew.") from error
    by_epoch = {epoch: tuple(weights) for epoch, weights in snapshots.items()}
    return Checkpoint(progress, FitterState(**parts), by_epoch)
