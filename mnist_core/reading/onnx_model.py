"""The network that reads cells: opened once, run from any thread.

ONNX Runtime runs it: of the light runtimes it alone lets threads share one open model, and takes batches
of any size.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mnist_core.config import DIGIT_CLASSES, SHIPPED_MODEL, ModelFiles
from mnist_core.errors import InvalidImageError, ModelError
from mnist_core.json_files import Share, decode_json
from mnist_core.reading.normalization import to_batch
from mnist_core.reading.onnx_errors import OPEN_ERRORS

_CELLS_AT_ONCE = 256
"""Larger batches are no faster and take more memory."""
_LEAST_CONFIDENCE = 0.5
"""A model that was never shown what is no digit refuses where it can't make up its mind."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Predictions:
    """What cells show. What `digit` and `sign` leave to 1 is a part of something, or several things.

    Attributes:
        probabilities: float32 (n, 10), each row sums to 1; how likely each digit is, should it be one.
        digit: float32 (n,) in [0, 1]; how likely the cell shows one whole digit.
        sign: float32 (n,) in [0, 1]; how likely it shows one whole thing that is no digit: a letter, a sign.
    """

    probabilities: NDArray[np.float32]
    digit: NDArray[np.float32]
    sign: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Threshold:
    """What reading wants of a model's card."""

    digitness_threshold: Share | None = None


class Network:
    """An open model."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        digit_threshold: float | None,
        knows_signs: bool = False,
    ) -> None:
        """Wrap an open model; `Network.open` is the way to one.

        Args:
            session: input `cells` float32 (n, 28, 28, 1); outputs `probabilities` (n, 10) and, where the
                model knows what is no digit, `digitness` (n, 1).
            digit_threshold: a mark is a digit where `digitness` is at least this; None without it.
            knows_signs: whether there is an output `signness` (n, 1), too.
        """
        self._knows_signs = knows_signs
        self._session = session
        self._digit_threshold = digit_threshold

    @classmethod
    def open(cls, files: ModelFiles) -> "Network":
        """Open a model's files.

        Raises:
            ModelError: a file is missing or broken; the message says which and how to get it back.
        """
        try:
            session = open_session(files.onnx.read_bytes())
            threshold = decode_json(files.card.read_bytes(), _Threshold).digitness_threshold
        except FileNotFoundError as error:
            raise ModelError(_missing(files, str(error.filename))) from error
        except _BROKEN_FILE_ERRORS as error:
            raise ModelError(_broken(files)) from error
        outputs = [output.name for output in session.get_outputs()]
        if session.get_inputs()[0].name != "cells" or "probabilities" not in outputs:
            raise ModelError(_broken(files))
        return cls(session, threshold if "digitness" in outputs else None, "signness" in outputs)

    @property
    def digit_threshold(self) -> float:
        """A mark is read as a digit where its digit probability is at least this."""
        return _LEAST_CONFIDENCE if self._digit_threshold is None else self._digit_threshold

    def run(self, cells: NDArray[np.float32]) -> Predictions:
        """Compute what each cell shows.

        Args:
            cells: float32 (n, 28, 28) in [0, 1], 1 is ink; n may be 0.
        Returns:
            A row for each cell.
        Raises:
            InvalidImageError: another shape or dtype, or numbers that are not finite.
        """
        batch = to_batch(cells)
        if not np.isfinite(batch).all():
            raise InvalidImageError("Cells hold finite numbers only, from 0 to 1.")
        probabilities = np.empty((len(batch), DIGIT_CLASSES), np.float32)
        digit = np.empty(len(batch), np.float32)
        sign = np.empty(len(batch), np.float32)
        names = ["probabilities"]
        if self._digit_threshold is not None:
            names += ["digitness", "signness"] if self._knows_signs else ["digitness"]
        for start in range(0, len(batch), _CELLS_AT_ONCE):
            part = slice(start, start + _CELLS_AT_ONCE)
            outputs = cast(list[NDArray[np.float32]], self._session.run(names, {"cells": batch[part]}))
            probabilities[part] = outputs[0]
            digit[part] = outputs[1][:, 0] if len(outputs) > 1 else outputs[0].max(axis=1)
            # Without that output what is no digit may as well be a part as a whole sign.
            sign[part] = outputs[2][:, 0] if len(outputs) > 2 else (1 - digit[part]) / 2
        return Predictions(probabilities, digit, sign)


def open_session(content: bytes) -> onnxruntime.InferenceSession:
    """Open an ONNX file's content, as all of ours are opened: quiet, and leaving the cores to others.

    Raises:
        one of `mnist_core.reading.onnx_errors.OPEN_ERRORS`: it is no sound network.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # errors reach us as exceptions: nothing is to be printed besides
    # Threads that wait by spinning would take the cores from the web server's own.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


_BROKEN_FILE_ERRORS: tuple[type[Exception], ...] = (
    OSError,
    ValueError,
    *OPEN_ERRORS,
)
"""Raised on a file that is no sound model or card."""


def _remedy(files: ModelFiles) -> str:
    if files.name == SHIPPED_MODEL:
        return (
            "It comes with the project: `git checkout -- models` brings it back, `make train` makes it anew."
        )
    return "Train it again, or activate another model."


def _missing(files: ModelFiles, path: str) -> str:
    return f"The model {files.name!r} can't be opened: there is no file {path}. {_remedy(files)}"


def _broken(files: ModelFiles) -> str:
    damage = f"{files.onnx} or its card.json is damaged"
    return f"The model {files.name!r} can't be opened: {damage}. {_remedy(files)}"
