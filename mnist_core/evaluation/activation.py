"""Make a model the one that reads for everyone: only after it was proven to be what its card says."""

import numpy as np

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES, SHIPPED_MODEL, AppPaths, ModelFiles
from mnist_core.errors import InvalidImageError, ModelError
from mnist_core.evaluation.evaluation import Evaluation, load_evaluation_file
from mnist_core.reading.normalization import to_batch
from mnist_core.reading.onnx_errors import RUN_ERRORS
from mnist_core.reading.recognizer import Recognizer
from mnist_core.storage.model_card import ModelCard, load_card
from mnist_core.storage.shelf import activate_if, activate_previous_if

_STORED_CELLS = 500
"""Of the test cells that are read again: a tenth of a second."""
_AGREEMENT = 1e-3
"""The same network on another machine differs by less."""
_MADE_UP_CELLS = 16
_REFUSALS: tuple[type[Exception], ...] = (*RUN_ERRORS, InvalidImageError, ValueError)
"""Raised by a network that takes no cells."""


def activate(name: str, paths: AppPaths) -> None:
    """Make a model the one that reads, once it has shown that it can.

    Raises:
        ModelError: there is no such model, it is not what it should be, or the home folder can't be
            written to; then whichever read before goes on reading.
    """
    activate_if(_require_sound_to_activate, name, paths)


def activate_previous(paths: AppPaths) -> str:
    """Make the model that read before the one that reads again, once it has shown that it still can.

    Returns:
        Its name.
    Raises:
        ModelError: there is none, it is not what it should be, or the home folder can't be written to.
    """
    return activate_previous_if(_require_sound_to_activate, paths)


def require_sound(files: ModelFiles) -> None:
    """Check that a model takes cells, answers with probabilities, and reads as well as its card says.

    Raises:
        ModelError: it does not; the message says what is wrong.
    """
    recognizer, card = Recognizer.open(files), load_card(files.card)
    cells = np.random.default_rng(0).random((_MADE_UP_CELLS, CELL_SIZE, CELL_SIZE), np.float32)
    cells[0] = 0
    _read(recognizer, cells)
    if files.evaluation.is_file():
        _require_as_stored(recognizer, card, load_evaluation_file(files.evaluation))


def _require_sound_to_activate(files: ModelFiles) -> None:
    try:
        require_sound(files)
    except ModelError as error:
        if files.name == SHIPPED_MODEL:
            raise
        raise ModelError(f"{files.name} was not activated. {error}") from error


def _read(recognizer: Recognizer, cells: np.ndarray) -> np.ndarray:
    """Read cells float32 (n, 28, 28), and check that what comes back are probabilities (n, 10)."""
    try:
        probabilities = recognizer.probabilities(cells)
    except _REFUSALS as error:
        raise ModelError(f"It can't read cells of {CELL_SIZE}×{CELL_SIZE} pixels.") from error
    if probabilities.shape != (len(cells), DIGIT_CLASSES):
        raise ModelError(f"It answers with {probabilities.shape[1:]} values a cell, not {DIGIT_CLASSES}.")
    if not np.isfinite(probabilities).all():
        raise ModelError("It answers with what is no number.")
    if probabilities.min() < -_AGREEMENT or np.abs(probabilities.sum(axis=1) - 1).max() > _AGREEMENT:
        raise ModelError("Its ten answers are no probabilities: they don't sum to one.")
    return probabilities


def _require_as_stored(recognizer: Recognizer, card: ModelCard, stored: Evaluation) -> None:
    matrix = np.array(card.confusion_matrix)
    if stored.report.total == matrix.sum() and not np.array_equal(stored.report.confusion_matrix, matrix):
        raise ModelError("Its card and its stored test results contradict each other.")
    indices = np.linspace(0, stored.report.total - 1, min(_STORED_CELLS, stored.report.total)).astype(int)
    now = _read(recognizer, to_batch(stored.cells[indices])[..., 0])
    then = stored.report.probabilities[indices]
    if np.abs(now - then).max() > _AGREEMENT:
        labels = stored.report.labels[indices]
        counts = [int((answers.argmax(axis=1) == labels).sum()) for answers in (now, then)]
        raise ModelError(
            f"It is not the network that its card is about: of {len(indices)} stored test cells it reads "
            f"{counts[0]} right, where its card's network read {counts[1]}, with other confidences."
        )
