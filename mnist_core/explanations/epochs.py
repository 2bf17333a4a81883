"""A digit's answer after each of some epochs of the run that trained a network."""

from dataclasses import dataclass
from typing import Annotated, cast

import msgspec
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mnist_core.config import ModelFiles
from mnist_core.errors import ModelError
from mnist_core.json_files import decode_json
from mnist_core.reading.normalization import to_batch
from mnist_core.reading.onnx_errors import OPEN_ERRORS
from mnist_core.reading.onnx_model import open_session

EPOCHS_KEY = "epochs"
"""Under this name the file of the snapshots holds their epochs as JSON."""
_Epochs = Annotated[list[Annotated[int, msgspec.Meta(ge=1)]], msgspec.Meta(min_length=1, max_length=100)]
_BROKEN_FILE_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, KeyError, *OPEN_ERRORS)


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class EpochAnswers:
    """What a network made of one cell while it learned.

    Attributes:
        epochs: after which, in order; from 1 on.
        probabilities: float32 (epochs, 10), before calibration.
    """

    epochs: tuple[int, ...]
    probabilities: NDArray[np.float32]


class EpochReaders:
    """The networks after some epochs, open; they may be used from several threads at once."""

    def __init__(self, session: onnxruntime.InferenceSession, epochs: tuple[int, ...]) -> None:
        """Wrap an open file; `EpochReaders.open` is the way to one."""
        self._session = session
        self._epochs = epochs

    @classmethod
    def open(cls, files: ModelFiles) -> "EpochReaders":
        """Open the snapshots beside a model.

        Raises:
            ModelError: there are none, or they are damaged.
        """
        try:
            session = open_session(files.epochs.read_bytes())
            described = session.get_modelmeta().custom_metadata_map[EPOCHS_KEY]
            epochs = decode_json(described.encode(), _Epochs)
        except FileNotFoundError as error:
            raise ModelError(f"No epochs of {files.name} are stored.", "no epochs") from error
        except _BROKEN_FILE_ERRORS as error:
            raise ModelError(f"The file {files.epochs} is damaged.", "damaged epochs") from error
        return cls(session, tuple(epochs))

    def answers(self, cell: NDArray[np.float32]) -> EpochAnswers:
        """Compute the answer to a cell, float32 (28, 28), after each epoch."""
        names = [f"epoch_{epoch}" for epoch in self._epochs]
        feeds = {"cells": to_batch(cell[np.newaxis])}
        outputs = cast(list[NDArray[np.float32]], self._session.run(names, feeds))
        return EpochAnswers(self._epochs, np.concatenate(outputs))
