"""A model's card: where it comes from and what it scored. Written by training, read by everyone.

A card may come from elsewhere: nothing in it is believed before it is checked.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mnist_core.config import DIGIT_CLASSES
from mnist_core.errors import ModelError
from mnist_core.json_files import Count, Share, decode_json, require_shallow
from mnist_core.storage.atomic import write_whole

_MAX_BYTES = 4_000_000
"""Of a card's file; one of a thousand epochs has 200 kB."""


@dataclass(frozen=True, slots=True)
class Score:
    """What was measured, and how many of how many came out right."""

    measure: str
    right: Count
    total: Count

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.total:
            raise ValueError(f"{self.right} of {self.total} can't be a score")


@dataclass(frozen=True, slots=True)
class TrainingData:
    """One source of training data."""

    name: str
    sha256: str
    cells: Count


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One epoch of a training run; losses are cross-entropies without smoothing, accuracies in [0, 1].

    Attributes:
        epoch: from 1 on.
        loss: mean over the epoch's digits, augmented as they were, while the weights changed.
        accuracy: likewise.
        validation_loss: of cells held out, after the epoch.
        validation_accuracy: likewise.
        seconds: that the epoch took.
        plain_loss: of some training cells without augmentation, after the epoch: on one footing with
            validation. None where an older version trained.
        plain_accuracy: likewise.
    """

    epoch: Count
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float
    plain_loss: float | None = None
    plain_accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Everything that is known of a trained model.

    Attributes:
        name: of the model.
        recipe: the name of the recipe.
        created: when training ended; ISO 8601, UTC.
        seed: of the run.
        settings: all of the recipe's settings, as they were used.
        data: what it was trained on.
        versions: of the libraries, by name.
        parameters: of the network, those that were learned.
        multiply_adds: for reading one cell.
        scores: measured on what training never saw.
        confusion_matrix: 10 rows of 10 counts on the test cells; a row is a true digit.
        curves: one point an epoch.
        digitness_threshold: below this the digitness head says "no digit"; None without such a head.
        temperature: by which the logits were divided so that confidence means what it says.
        training_seconds: from the first step to the last.
    """

    name: str
    recipe: str
    created: str
    seed: Count
    settings: Mapping[str, Any]
    data: tuple[TrainingData, ...]
    versions: Mapping[str, str]
    parameters: Count
    multiply_adds: Count
    scores: tuple[Score, ...]
    confusion_matrix: tuple[tuple[Count, ...], ...]
    curves: tuple[CurvePoint, ...]
    digitness_threshold: Share | None
    temperature: float
    training_seconds: float

    @property
    def is_onnx_alone(self) -> bool:
        """True for a network that came as ONNX: there is no .keras file of it."""
        return self.settings.get("imported") == ".onnx"

    def __post_init__(self) -> None:
        rows = self.confusion_matrix
        if len(rows) != DIGIT_CLASSES or any(len(row) != DIGIT_CLASSES or min(row) < 0 for row in rows):
            raise ValueError("the confusion matrix is not 10 rows of 10 counts")
        threshold = self.digitness_threshold
        if threshold is not None and not 0 <= threshold <= 1:
            raise ValueError(f"the digitness threshold is {threshold}, not in [0, 1]")


def load_card(path: Path) -> ModelCard:
    """Load a card and check it.

    Args:
        path: of `card.json`.
    Returns:
        The card.
    Raises:
        ModelError: missing, too large, or not a card; the message names the file.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ModelError(f"The model's card {path} is too large to be one.")
        card = decode_json(path.read_bytes(), ModelCard)
        require_shallow(card.settings)
    except FileNotFoundError as error:
        raise ModelError(f"The model's card {path} is missing.") from error
    except OSError as error:
        raise ModelError(f"The model's card {path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise ModelError(f"The model's card {path} is damaged: {error}.") from error
    return card


def card_json(card: ModelCard) -> str:
    """Return a card as its file holds it."""
    return json.dumps(asdict(card), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def save_card(card: ModelCard, path: Path) -> None:
    """Save a card: whole or not at all.

    Raises:
        ModelError: the folder can't be written to.
    """
    try:
        write_whole(path, card_json(card))
    except OSError as error:
        raise ModelError(f"The model's card {path} can't be written: {error.strerror}.") from error
