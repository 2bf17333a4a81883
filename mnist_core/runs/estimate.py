"""How long a run will take on this machine: as runs did before, or else from its speed at reading."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from mnist_core.config import CELL_SIZE, SHIPPED_FOLDER, AppPaths, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.json_files import decode_json
from mnist_core.reading.recognizer import Recognizer
from mnist_core.storage.atomic import write_whole
from mnist_core.storage.model_card import load_card
from mnist_core.training.checkpoint import Progress
from mnist_core.training.layers import count_multiply_adds
from mnist_core.training.time_left import FINISHING_SECONDS
from mnist_core.training.train_config import TrainConfig

_START_SECONDS = 10.0
"""For starting tensorflow and loading the cells."""
_LEARNING_OVER_READING = 4.0
"""The time of a training step over that of a prediction by ONNX Runtime: measured here as 3 to 5."""
_SECONDS_A_CELL = 40e-6
"""What augmentation and the loop cost for each cell, however small the network."""
_MADE_UP = 1.82
"""With what is no digit, an epoch has so many cells for each one of MNIST's; see `training.mixture`."""
_SECONDS_TO_MAKE_UP = 0.6e-3
"""For drawing and normalizing a cell, before the first epoch."""
_LOOK_CELLS = 128


class Phase(StrEnum):
    """What a run does before its first step and after its last."""

    PREPARING = "preparing"
    FINISHING = "finishing"


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a run will take.

    Attributes:
        seconds: from Start to the model on the shelf.
        measured: from runs of this recipe on this machine; False: a rough figure.
    """

    seconds: float
    measured: bool


def estimate_training(config: TrainConfig, paths: AppPaths, training_cells: int = 60_000) -> Estimate:
    """Estimate how long a run will take.

    Args:
        config: what was chosen.
        paths: where the speeds of earlier runs are kept.
        training_cells: in the data's training part.
    """
    recipe = config.chosen_recipe
    cells = training_cells * config.data_share * (1 - recipe.validation_share) * recipe.epochs
    speeds = _load_speeds(paths)
    start = _START_SECONDS
    if recipe.kind_head:
        start += cells / recipe.epochs * (_MADE_UP - 1) * _SECONDS_TO_MAKE_UP
        cells *= _MADE_UP
    start = speeds.get(_phase_key(config, Phase.PREPARING), start)
    speed = speeds.get(_key(config), 0.0)
    measured = speed > 0
    if not measured:
        rate = _multiply_adds_a_second()
        speed = count_multiply_adds(recipe.layers) * _LEARNING_OVER_READING / rate + _SECONDS_A_CELL
    return Estimate(start + expect_finishing(config, paths) + cells * speed, measured)


def expect_finishing(config: TrainConfig, paths: AppPaths) -> float:
    """Return how many seconds a run will take after its last epoch: as many as its recipe's last one did."""
    return _load_speeds(paths).get(_phase_key(config, Phase.FINISHING), FINISHING_SECONDS)


def expect_resumed(config: TrainConfig, progress: Progress, paths: AppPaths) -> float:
    """Return how many seconds the rest of a run will take, from how long its epochs took so far."""
    start = _load_speeds(paths).get(_phase_key(config, Phase.PREPARING), _START_SECONDS)
    done = len(progress.curves)
    epochs_left = config.chosen_epochs - done
    return start + epochs_left * progress.seconds / done + expect_finishing(config, paths)


def record_speed(config: TrainConfig, cells: int, seconds: float, paths: AppPaths) -> None:
    """Write how fast a run was, for the next estimate; nothing happens where the disk can't be written to.

    Args:
        config: what was trained.
        cells: learned from in all.
        seconds: that took.
        paths: where speeds are kept.
    """
    if cells > 0:
        _save_speed(_key(config), seconds / cells, paths)


def record_phase(config: TrainConfig, phase: Phase, seconds: float, paths: AppPaths) -> None:
    """Write how long a run prepared or finished, for the next estimate; nothing happens likewise.

    Args:
        config: what is trained.
        phase: what took that long.
        seconds: that it took.
        paths: where speeds are kept.
    """
    _save_speed(_phase_key(config, phase), round(seconds, 2), paths)


def _save_speed(key: str, value: float, paths: AppPaths) -> None:
    speeds = _load_speeds(paths) | {key: value}
    with suppress(OSError):
        write_whole(paths.home / "training-speeds.json", json.dumps(speeds, indent=1) + "\n")


def _phase_key(config: TrainConfig, phase: Phase) -> str:
    return f"{config.recipe}, {phase}"


def _key(config: TrainConfig) -> str:
    # A small batch costs more for each cell.
    return f"{config.recipe}, batches of {config.chosen_batch_size}"


def _load_speeds(paths: AppPaths) -> dict[str, float]:
    try:
        return decode_json((paths.home / "training-speeds.json").read_bytes(), dict[str, float])
    except (OSError, ValueError):
        return {}


@cache
def _multiply_adds_a_second() -> float:
    """Look how fast this machine reads with the shipped network, which needs no tensorflow."""
    files = ModelFiles(SHIPPED_FOLDER)
    cells = np.random.default_rng(0).random((_LOOK_CELLS, CELL_SIZE, CELL_SIZE), np.float32)
    try:
        recognizer, card = Recognizer.open(files), load_card(files.card)
    except ModelError:
        return 1e10  # as measured on two cores
    seconds = []
    for _ in range(4):
        started = time.perf_counter()
        recognizer.probabilities(cells)
        seconds.append(time.perf_counter() - started)
    return card.multiply_adds * _LOOK_CELLS / min(seconds)
