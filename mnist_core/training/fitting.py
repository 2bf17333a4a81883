"""Weights on their way: one step on a batch at a time, and their average, which is what is kept."""

import math
from dataclasses import dataclass

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
from mnist_core.training.network import DIGIT_KIND, KIND_LOGITS, LOGITS, build_network, logits_of
from mnist_core.training.recipes import Recipe

_WARM_UP = 0.25
"""Share of a one-cycle run in which the rate rises; then it falls to nothing."""
_FIRST_RATE = 0.04
"""Share of the highest rate that a one-cycle run begins with."""
_AVERAGE_EVERY = 10
"""Steps: weights move little in ten, and averaging costs a tenth so."""
BROKEN_LOSS = "Training broke off: the loss is no number any more. Try a lower learning rate."
_CELLS_AT_ONCE = 500
"""When only looking, not learning: as quick as larger and small in memory."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step came to."""

    loss: float
    right: int
    """Digits that were read right, as they were augmented."""
    digits: int
    """Digits in the batch; the others were no digits."""
    cells: int


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class Answers:
    """What the kept network answers, before softmax and sigmoid.

    Attributes:
        logits: float32 (n, 10).
        digitness: float32 (n,) in [0, 1], or None without that head.
    """

    logits: NDArray[np.float32]
    digitness: NDArray[np.float32] | None


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]  # keras has no types
    """A rate that rises to its highest and falls to nothing, once: the quickest way to a good network."""

    def __init__(self, highest: float, steps: int) -> None:
        """Plan a run.

        Args:
            highest: learning rate at its height.
            steps: of the whole run.
        """
        self._highest = highest
        self._steps = steps

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        """Give the rate at a step, counted from 0."""
        done = tf.cast(step, tf.float32) / self._steps
        rising = _FIRST_RATE + (1 - _FIRST_RATE) * done / _WARM_UP
        falling = 0.5 + 0.5 * tf.cos(math.pi * tf.minimum((done - _WARM_UP) / (1 - _WARM_UP), 1.0))
        return self._highest * tf.where(done < _WARM_UP, rising, falling)

    def get_config(self) -> dict[str, float]:
        """Tell Keras how to make the same schedule again."""
        return {"highest": self._highest, "steps": self._steps}


class Fitter:
    """A network in training, and the network that is kept of it."""

    def __init__(self, recipe: Recipe, steps: int) -> None:
        """Start with fresh weights.

        Args:
            recipe: what to train, and how.
            steps: of the whole run.
        """
        self._recipe = recipe
        self._steps_done = 0
        self._network = build_network(recipe, recipe.mixed_precision)
        self._logits = logits_of(self._network)
        self.kept = build_network(recipe)
        self._kept_logits = logits_of(self.kept)
        if recipe.schedule == "one_cycle":
            # A short run can't wait a thousand steps for its second moments, as 0.999 would.
            self._optimizer = keras.optimizers.Adam(OneCycle(recipe.learning_rate, steps), beta_2=0.99)
        else:
            self._optimizer = keras.optimizers.Adam(recipe.learning_rate)
        self._optimizer.build(self._network.trainable_variables)
        cells = tf.TensorSpec((None, CELL_SIZE, CELL_SIZE, 1), tf.float32)
        self._fit = tf.function(self._fit_batch, input_signature=[cells, tf.TensorSpec((None,), tf.int32)])
        self._average = tf.function(self._average_weights, input_signature=[tf.TensorSpec((), tf.float32)])
        self._answer = tf.function(self._answer_batch, input_signature=[cells])
        self._average(1.0)

    def step(self, batch: Batch) -> StepResult:
        """Learn from one batch.

        Raises:
            ModelError: the loss is no number any more.
        """
        loss, right, digits = (value.numpy() for value in self._fit(batch.cells, batch.labels))
        if not math.isfinite(loss):
            raise ModelError(BROKEN_LOSS)
        self._steps_done += 1
        if self._recipe.averaged_steps and self._steps_done % _AVERAGE_EVERY == 0:
            # Early on the average is short, or it would long remember the first random weights.
            self._average(max(_AVERAGE_EVERY / self._recipe.averaged_steps, 1 / (1 + self._steps_done / 100)))
        return StepResult(float(loss), int(right), int(digits), len(batch.labels))

    def answer(self, cells: NDArray[np.uint8]) -> Answers:
        """Ask the network that would be kept as of now.

        Args:
            cells: uint8 (n, 28, 28); n may be 0.
        """
        if not self._recipe.averaged_steps:
            self._average(1.0)
        starts = range(0, max(len(cells), 1), _CELLS_AT_ONCE)
        parts = [self._answer(to_batch(cells[first : first + _CELLS_AT_ONCE])) for first in starts]
        logits = np.concatenate([part[LOGITS].numpy() for part in parts])
        if not self._recipe.digitness:
            return Answers(logits, None)
        kinds = softmax(np.concatenate([part[KIND_LOGITS].numpy() for part in parts]))
        return Answers(logits, kinds[:, DIGIT_KIND])

    def validate(self, cells: LabelledCells) -> tuple[float, float]:
        """Find loss and accuracy of the network that would be kept as of now."""
        logits = self.answer(cells.cells).logits
        losses = keras.ops.sparse_categorical_crossentropy(cells.labels, logits, from_logits=True)
        return float(np.mean(losses)), float((logits.argmax(axis=1) == cells.labels).mean())

    def _fit_batch(self, cells: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        is_digit = tf.cast(labels >= 0, tf.float32)  # (n,)
        digits = tf.reduce_sum(is_digit)
        with tf.GradientTape() as tape:
            answers = self._logits(cells, training=True)
            logits = answers[LOGITS]  # (n, 10)
            smoothing = self._recipe.label_smoothing
            # A negative label becomes a row of zeros, which the mask leaves out of the loss.
            targets = tf.one_hot(labels, DIGIT_CLASSES) * (1 - smoothing) + smoothing / DIGIT_CLASSES
            losses = tf.nn.softmax_cross_entropy_with_logits(targets, logits)  # (n,)
            loss = tf.reduce_sum(losses * is_digit) / tf.maximum(digits, 1)
            if self._recipe.digitness:
                # 0 to 9 are digits, -1 is a sign, -2 a part: the kinds are numbered so.
                kinds = tf.maximum(-labels, DIGIT_KIND)
                kind_losses = tf.nn.sparse_softmax_cross_entropy_with_logits(kinds, answers[KIND_LOGITS])
                loss += self._recipe.digitness_weight * tf.reduce_mean(kind_losses)
        weights = self._network.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        right = tf.reduce_sum(tf.cast(tf.argmax(logits, axis=1, output_type=tf.int32) == labels, tf.float32))
        return loss, right, digits

    def _answer_batch(self, cells: tf.Tensor) -> dict[str, tf.Tensor]:
        answers: dict[str, tf.Tensor] = self._kept_logits(cells, training=False)
        return answers

    def _average_weights(self, share: tf.Tensor) -> None:
        """Move the kept weights this share of the way to the present ones; batch norm's statistics too."""
        for kept, present in zip(self.kept.variables, self._network.variables, strict=True):
            kept.assign_add(share * (tf.cast(present.value, tf.float32) - kept.value))
