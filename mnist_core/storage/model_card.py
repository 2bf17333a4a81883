"""A model's card: where it comes from and what it scored. Written by training, read by everyone."""

import json
import math
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mnist_core.config import DIGIT_CLASSES
from mnist_core.errors import ModelError

_MAX_BYTES = 4_000_000
"""A card of a thousand epochs is 200 kB; what is larger is no card."""


@dataclass(frozen=True, slots=True)
class Score:
    """What was measured, and how many of how many came out right."""

    measure: str
    right: int
    total: int

    def __post_init__(self) -> None:
        if not 0 <= self.right <= self.total:
            raise ValueError(f"{self.right} of {self.total} can't be a score")


@dataclass(frozen=True, slots=True)
class TrainingData:
    """One source of training data."""

    name: str
    sha256: str
    cells: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One epoch of a training run; accuracies in [0, 1]."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float


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
        parameters: numbers that were learned.
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
    seed: int
    settings: Mapping[str, Any]
    data: tuple[TrainingData, ...]
    versions: Mapping[str, str]
    parameters: int
    multiply_adds: int
    scores: tuple[Score, ...]
    confusion_matrix: tuple[tuple[int, ...], ...]
    curves: tuple[CurvePoint, ...]
    digitness_threshold: float | None
    temperature: float
    training_seconds: float

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
        content = json.loads(path.read_text(encoding="utf-8"))
        return _card_from_json(content)
    except FileNotFoundError as error:
        raise ModelError(f"The model's card {path} is missing.") from error
    except OSError as error:
        raise ModelError(f"The model's card {path} can't be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"The model's card {path} is damaged: {_in_words(error)}.") from error


def save_card(card: ModelCard, path: Path) -> None:
    """Save a card: whole or not at all.

    Raises:
        ModelError: the folder can't be written to.
    """
    text = json.dumps(asdict(card), indent=1, ensure_ascii=False, allow_nan=False)
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, suffix=".partial", delete=False, encoding="utf-8"
        ) as file:
            file.write(text + "\n")
        os.chmod(file.name, 0o644)  # temporary files are closed to everyone else
        os.replace(file.name, path)
    except OSError as error:
        raise ModelError(f"The model's card {path} can't be written: {error.strerror}.") from error


def _in_words(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error}"
    return str(error)


def _card_from_json(content: Any) -> ModelCard:
    if not isinstance(content, dict):
        raise ValueError("it is no JSON object")
    threshold = content["digitness_threshold"]
    return ModelCard(
        name=_text(content, "name"),
        recipe=_text(content, "recipe"),
        created=_text(content, "created"),
        seed=_count(content, "seed"),
        settings=_object(content, "settings"),
        data=tuple(
            TrainingData(_text(entry, "name"), _text(entry, "sha256"), _count(entry, "cells"))
            for entry in _list(content, "data")
        ),
        versions={name: str(version) for name, version in _object(content, "versions").items()},
        parameters=_count(content, "parameters"),
        multiply_adds=_count(content, "multiply_adds"),
        scores=tuple(
            Score(_text(entry, "measure"), _count(entry, "right"), _count(entry, "total"))
            for entry in _list(content, "scores")
        ),
        confusion_matrix=tuple(
            tuple(int(count) for count in row) for row in _list(content, "confusion_matrix")
        ),
        curves=tuple(_curve_point(entry) for entry in _list(content, "curves")),
        digitness_threshold=None if threshold is None else _number(content, "digitness_threshold"),
        temperature=_number(content, "temperature"),
        training_seconds=_number(content, "training_seconds"),
    )


def _curve_point(entry: Any) -> CurvePoint:
    return CurvePoint(
        epoch=_count(entry, "epoch"),
        loss=_number(entry, "loss"),
        accuracy=_number(entry, "accuracy"),
        validation_loss=_number(entry, "validation_loss"),
        validation_accuracy=_number(entry, "validation_accuracy"),
        seconds=_number(entry, "seconds"),
    )


def _text(content: Any, key: str) -> str:
    if not isinstance(content[key], str):
        raise ValueError(f"{key} is no text")
    return str(content[key])


def _count(content: Any, key: str) -> int:
    if type(content[key]) is not int or content[key] < 0:
        raise ValueError(f"{key} is no whole number")
    return int(content[key])


def _number(content: Any, key: str) -> float:
    if type(content[key]) not in (int, float) or not math.isfinite(content[key]):
        raise ValueError(f"{key} is no number")
    return float(content[key])


def _list(content: Any, key: str) -> list[Any]:
    if not isinstance(content[key], list):
        raise ValueError(f"{key} is no list")
    return list(content[key])


def _object(content: Any, key: str) -> dict[str, Any]:
    if not isinstance(content[key], dict):
        raise ValueError(f"{key} is no object")
    return dict(content[key])
