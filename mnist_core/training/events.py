"""Events of a training run: the same for the page and for the command line."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import ModelFiles
from mnist_core.storage.model_card import CurvePoint, ModelCard


@dataclass(frozen=True, slots=True)
class Prepared:
    """The data is loaded; the first step comes next."""

    training_cells: int
    """In each epoch."""
    validation_cells: int
    epochs: int
    steps: int
    """In each epoch."""


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """Progress within an epoch; about twice a second."""

    epoch: int
    epochs: int
    step: int
    """Of this epoch, from 1 on."""
    steps: int
    loss: float
    """Mean cross-entropy of the digits since the last such event, augmented as they were."""
    accuracy: float
    """Of the digits since the last such event, in [0, 1]."""
    digits: int
    """That loss and accuracy are means over."""
    cells_per_second: float
    seconds_left: float | None
    """Until the model is written; None where that isn't known yet."""


@dataclass(frozen=True, slots=True)
class EpochEnd:
    """An epoch is over and the network was validated."""

    point: CurvePoint
    epochs: int


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class WatchedCellsRead:
    """The network's present predictions for the watched cells; about once a second, and at each epoch's end.

    Attributes:
        cells: uint8 (n, 28, 28), always the same.
        labels: integers (n,).
        probabilities: float32 (n, 10).
    """

    cells: NDArray[np.uint8]
    labels: NDArray[np.integer]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Finishing:
    """The last epoch is over; the network is calibrated, exported and tested next."""

    seconds: float
    """From the first step to the last."""
    seconds_left: float
    """That this is expected to take."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The model is written."""

    files: ModelFiles
    card: ModelCard


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Someone stopped the run; no model was written."""

    curves: tuple[CurvePoint, ...]
    """Of the epochs that were completed."""


TrainingEvent = Prepared | BatchProgress | WatchedCellsRead | EpochEnd | Finishing | Finished | Cancelled
