"""The probe of a model: the same network with every layer's activations, and the gradient of its answer.

Training writes it beside the model (`mnist_core.training.probe_file`); here it is opened and run, without
tensorflow.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES, ModelFiles
from mnist_core.errors import InvalidImageError, ModelError
from mnist_core.explanations.architecture import ARCHITECTURE_KEY, Architecture
from mnist_core.json_files import decode_json
from mnist_core.reading.normalization import to_batch
from mnist_core.reading.onnx_errors import OPEN_ERRORS
from mnist_core.reading.onnx_model import open_session

_CELLS_AT_ONCE = 16
"""Larger batches are no faster, and all layers of all their cells are in memory together."""
KINDS = 3
"""Outputs of the second head: one whole digit, one whole sign, a part or several things."""
DIGIT_KIND = 0


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Activations:
    """What a network computes on the way to its answer, for n cells.

    Attributes:
        layers: float32 (n, channels, height, width) each, at least 0; in the order of the architecture.
        logits: float32 (n, 10), before softmax.
        kind_logits: float32 (n, 3), before softmax; None where the network has no second head.
    """

    layers: tuple[NDArray[np.float32], ...]
    logits: NDArray[np.float32]
    kind_logits: NDArray[np.float32] | None


class Probe:
    """An open probe; it may be used from several threads at once."""

    def __init__(
        self,
        forward: onnxruntime.InferenceSession,
        backward: onnxruntime.InferenceSession,
        architecture: Architecture,
    ) -> None:
        """Wrap open files; `Probe.open` is the way to them.

        Args:
            forward: from cells to activations, as `mnist_core.training.probe_graph` describes it.
            backward: from cells and a weight for each logit to the gradient, likewise.
            architecture: of the network in it.
        """
        self._forward = forward
        self._backward = backward
        self.architecture = architecture

    @classmethod
    def open(cls, files: ModelFiles) -> "Probe":
        """Open a model's probe.

        Raises:
            ModelError: there is none, or it is damaged.
        """
        try:
            forward, backward = (open_session(path.read_bytes()) for path in (files.probe, files.gradient))
            described = forward.get_modelmeta().custom_metadata_map[ARCHITECTURE_KEY]
            architecture = decode_json(described.encode(), Architecture)
        except FileNotFoundError as error:
            sentence = f"The model {files.name!r} has no file {Path(error.filename).name}."
            raise ModelError(sentence, "no probe") from error
        except _BROKEN_FILE_ERRORS as error:
            raise ModelError(f"The probe of {files.folder} is damaged.", "damaged probe") from error
        return cls(forward, backward, architecture)

    def activations(self, cells: NDArray[np.float32]) -> Activations:
        """Compute every layer's activations.

        Args:
            cells: float32 (n, 28, 28) in [0, 1], 1 is ink.
        Raises:
            InvalidImageError: another shape or dtype, or numbers that are not finite.
        """
        names = [f"layer_{index}" for index in range(len(self.architecture.layers))] + ["logits"]
        if self.architecture.has_kinds:
            names.append("kind_logits")
        outputs = self._run(names, cells)
        layers = len(self.architecture.layers)
        kinds = outputs[layers + 1] if self.architecture.has_kinds else None
        maps = [
            layer[..., np.newaxis, np.newaxis] if layer.ndim == 2 else layer for layer in outputs[:layers]
        ]
        return Activations(tuple(maps), outputs[layers], kinds)

    def logits(self, cells: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute the logits float32 (n, 10) of cells float32 (n, 28, 28)."""
        parts = [self._run(["logits"], part)[0] for part in _parts(cells)]
        return np.concatenate(parts)

    def gradient(
        self,
        cells: NDArray[np.float32],
        digit_weights: NDArray[np.float32],
        kind_weights: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Compute how a weighted sum of the logits changes with each pixel.

        Args:
            cells: float32 (n, 28, 28).
            digit_weights: float32 (n, 10), or (10,) for all cells: of the digits' logits in the sum.
            kind_weights: float32 (n, 3) or (3,), of the second head's; None counts as zeros.
        Returns:
            float32 (n, 28, 28): the sum's derivative for each pixel.
        Raises:
            InvalidImageError: cells of another shape or dtype, or numbers that are not finite.
        """
        batch = _batch(cells)
        feeds = {"cells": batch, "digit_weights": _rows(digit_weights, len(batch), DIGIT_CLASSES)}
        if self.architecture.has_kinds:
            feeds["kind_weights"] = _rows(kind_weights, len(batch), KINDS)
        gradient = np.empty_like(batch)
        for start in range(0, len(batch), _CELLS_AT_ONCE):
            part = slice(start, start + _CELLS_AT_ONCE)
            outputs = self._backward.run(["gradient"], {name: each[part] for name, each in feeds.items()})
            gradient[part] = outputs[0]
        return gradient[..., 0]

    @cached_property
    def filters(self) -> NDArray[np.float32]:
        """The first layer's weights, batch norm included: float32 (filters, kernel, kernel).

        A network without convolutions has one weight a pixel and unit, so that these are (units, 28, 28);
        in a linear network the units are the ten digits.
        """
        return self._run(["filters"], _NO_CELLS)[0]

    @cached_property
    def filter_biases(self) -> NDArray[np.float32]:
        """What the first layer adds to each sum, batch norm included: float32 (filters,)."""
        return self._run(["filter_biases"], _NO_CELLS)[0]

    def _run(self, names: list[str], cells: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        return cast(list[NDArray[np.float32]], self._forward.run(names, {"cells": _batch(cells)}))


_NO_CELLS = np.zeros((1, CELL_SIZE, CELL_SIZE), np.float32)
_BROKEN_FILE_ERRORS: tuple[type[Exception], ...] = (OSError, ValueError, KeyError, *OPEN_ERRORS)
"""Raised on a file that is no sound probe."""


def _as_maps(layer: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a dense layer's activations (n, units) as maps of one place each."""
    return layer[..., np.newaxis, np.newaxis] if layer.ndim == 2 else layer


def _parts(cells: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Return cells in batches; one without any where there are none."""
    return [cells[start : start + _CELLS_AT_ONCE] for start in range(0, max(1, len(cells)), _CELLS_AT_ONCE)]


def _batch(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    batch = to_batch(cells)
    if not np.isfinite(batch).all():
        raise InvalidImageError("Cells hold finite numbers only, from 0 to 1.")
    return batch


def _rows(weights: NDArray[np.float32] | None, rows: int, columns: int) -> NDArray[np.float32]:
    """Return weights as (rows, columns); zeros where there are none."""
    if weights is None:
        return np.zeros((rows, columns), np.float32)
    return np.ascontiguousarray(np.broadcast_to(weights, (rows, columns)), np.float32)
