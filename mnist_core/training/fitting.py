"""Fitting weights: one step on a batch at a time, and the average of the weights, which is what predicts."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.errors import ModelError
from mnist_core.reading.normalization import to_batch
from mnist_core.training.batches import Batch
from mnist_core.training.calibration import softmax
from mnist_core.training.checkpoint import Arrays, FitterState
from mnist_core.training.network import DIGIT_KIND, KIND_LOGITS, LOGITS, build_network, logits_model
from mnist_core.training.recipes import Recipe

_WARM_UP = 0.25
"""Share of a one-cycle run in which the rate rises; then it falls to nothing."""
_FIRST_RATE = 0.04
"""Share of the highest rate that a one-cycle run begins with."""
_AVERAGE_EVERY = 10
"""Steps: weights move little in ten, and averaging costs a tenth so."""
DIVERGED = "Training broke off: the loss is no number any more. Try a lower learning rate."
_CELLS_AT_ONCE = 500
"""For predictions: as quick as larger batches and small in memory."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """Loss and counts of one step."""

    loss: float
    """Mean cross-entropy of the digits, without smoothing and without the kind head's: comparable with a
    validation loss."""
    right: int
    """Digits that were read right, augmented as they were."""
    digits: int
    """Digits in the batch; the other cells show none."""
    cells: int


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class LogitPredictions:
    """The averaged network's predictions, before softmax.

    Attributes:
        logits: float32 (n, 10).
        digit_probabilities: float32 (n,) in [0, 1], that the cell shows one whole digit; None without a kind
            head.
    """

    logits: NDArray[np.float32]
    digit_probabilities: NDArray[np.float32] | None


class Fitter:
    """A network in training, and one with the average of its weights, which makes the predictions.

    Without averaging the second one has the present weights.
    """

    def __init__(self, recipe: Recipe, steps: int) -> None:
        """Build the networks with fresh weights.

        Args:
            recipe: what to train, and how.
            steps: of the whole run.
        """
        self._recipe = recipe
        self._steps_done = 0
        self._network = build_network(recipe, recipe.mixed_precision)
        self._logits = logits_model(self._network)
        self.averaged = build_network(recipe)
        self._averaged_logits = logits_model(self.averaged)
        self._optimizer = _optimizer(recipe, steps)
        self._optimizer.build(self._network.trainable_variables)
        cells = tf.TensorSpec((None, CELL_SIZE, CELL_SIZE, 1), tf.float32)
        labels, share = tf.TensorSpec((None,), tf.int32), tf.TensorSpec((), tf.float32)
        self._fit = _compiled(self._fit_batch, cells, labels)
        self._average = _compiled(self._average_weights, share)
        self._predict = _compiled(self._predict_batch, cells)
        self._average(1.0)

    def step(self, batch: Batch) -> StepResult:
        """Learn from one batch.

        Raises:
            ModelError: the loss is no number any more.
        """
        minimized, loss, right, digits = (value.numpy() for value in self._fit(batch.cells, batch.labels))
        if not math.isfinite(minimized):
            raise ModelError(DIVERGED)
        self._steps_done += 1
        if self._recipe.averaged_steps and self._steps_done % _AVERAGE_EVERY == 0:
            # Early on the average is short, or it would long remember the first random weights.
            self._average(max(_AVERAGE_EVERY / self._recipe.averaged_steps, 1 / (1 + self._steps_done / 100)))
        return StepResult(float(loss), int(right), int(digits), len(batch.labels))

    def predict(self, cells: NDArray[np.uint8]) -> LogitPredictions:
        """Compute the predictions of the averaged network as of now.

        Args:
            cells: uint8 (n, 28, 28); n may be 0.
        """
        if not self._recipe.averaged_steps:
            self._average(1.0)
        starts = range(0, max(len(cells), 1), _CELLS_AT_ONCE)
        parts = [self._predict(to_batch(cells[first : first + _CELLS_AT_ONCE])) for first in starts]
        logits = np.concatenate([part[LOGITS].numpy() for part in parts])
        if not self._recipe.kind_head:
            return LogitPredictions(logits, None)
        kinds = softmax(np.concatenate([part[KIND_LOGITS].numpy() for part in parts]))
        return LogitPredictions(logits, kinds[:, DIGIT_KIND])

    def validate(self, cells: LabelledCells) -> tuple[float, float]:
        """Compute loss and accuracy of the averaged network as of now."""
        logits = self.predict(cells.cells).logits
        losses = keras.ops.sparse_categorical_crossentropy(cells.labels, logits, from_logits=True)
        return float(np.mean(losses)), float((logits.argmax(axis=1) == cells.labels).mean())

    def state(self) -> FitterState:
        """Return all numbers that the next step depends on."""
        network, averaged, optimizer = (
            tuple(np.array(variable) for variable in variables) for variables in self._variables()
        )
        return FitterState(network, averaged, optimizer)

    def restore(self, state: FitterState, steps: int) -> None:
        """Go on where another fitter of the same recipe was.

        Args:
            state: of that fitter.
            steps: that it had done.
        Raises:
            ModelError: it is of another network.
        """
        parts: tuple[Arrays, ...] = (state.network, state.averaged, state.optimizer)
        for variables, values in zip(self._variables(), parts, strict=True):
            if [tuple(variable.shape) for variable in variables] != [value.shape for value in values]:
                raise ModelError(
                    "This run can't go on: its network is another one than this version's recipe has. "
                    "Start it anew."
                )
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        self._steps_done = steps

    def _variables(self) -> tuple[list[keras.Variable], ...]:
        return self._network.variables, self.averaged.variables, self._optimizer.variables

    def _fit_batch(self, cells: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, ...]:
        is_digit = tf.cast(labels >= 0, tf.float32)  # (n,)
        digits = tf.reduce_sum(is_digit)
        with tf.GradientTape() as tape:
            outputs = self._logits(cells, training=True)
            logits = outputs[LOGITS]  # (n, 10)
            smoothing = self._recipe.label_smoothing
            # A negative label becomes a row of zeros, which the mask leaves out of the loss.
            truth = tf.one_hot(labels, DIGIT_CLASSES)
            targets = truth * (1 - smoothing) + smoothing / DIGIT_CLASSES
            losses = tf.nn.softmax_cross_entropy_with_logits(targets, logits)  # (n,)
            loss = tf.reduce_sum(losses * is_digit) / tf.maximum(digits, 1)
            if self._recipe.kind_head:
                # Labels from 0 on are digits, SIGN is -1, PART -2; their kinds are numbered 0, 1, 2.
                kinds = tf.maximum(-labels, DIGIT_KIND)
                kind_losses = tf.nn.sparse_softmax_cross_entropy_with_logits(kinds, outputs[KIND_LOGITS])
                loss += self._recipe.kind_loss_weight * tf.reduce_mean(kind_losses)
        weights = self._network.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        right = tf.reduce_sum(tf.cast(tf.argmax(logits, axis=1, output_type=tf.int32) == labels, tf.float32))
        plain = tf.nn.softmax_cross_entropy_with_logits(truth, logits)  # (n,); 0 where there is no digit
        return loss, tf.reduce_sum(plain) / tf.maximum(digits, 1), right, digits

    def _predict_batch(self, cells: tf.Tensor) -> dict[str, tf.Tensor]:
        outputs: dict[str, tf.Tensor] = self._averaged_logits(cells, training=False)
        return outputs

    def _average_weights(self, share: tf.Tensor) -> None:
        """Move the average this share of the way to the present weights; batch norm's statistics too."""
        for averaged, present in zip(self.averaged.variables, self._network.variables, strict=True):
            averaged.assign_add(share * (tf.cast(present.value, tf.float32) - averaged.value))


def _compiled(function: Callable[..., Any], *signature: tf.TensorSpec) -> Callable[..., Any]:
    """Return a function as a graph; no Python statement in it depends on a tensor."""
    graph: Callable[..., Any] = tf.function(function, input_signature=signature, autograph=False)
    return graph


def one_cycle(peak: float, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return a rate that rises to its peak and falls to nothing, once: the quickest way to a good network.

    Args:
        peak: the highest rate.
        steps: of the whole run.
    """
    return keras.optimizers.schedules.CosineDecay(
        _FIRST_RATE * peak,
        (1 - _WARM_UP) * steps,
        warmup_target=peak,
        warmup_steps=_WARM_UP * steps,
    )


def _optimizer(recipe: Recipe, steps: int) -> keras.optimizers.Optimizer:
    if recipe.schedule == "one_cycle":
        # A short run can't wait a thousand steps for its second moments, as 0.999 would.
        return keras.optimizers.Adam(one_cycle(recipe.learning_rate, steps), beta_2=0.99)
    return keras.optimizers.Adam(recipe.learning_rate)
