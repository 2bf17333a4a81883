"""One training run: gather, fit, calibrate, export, measure, write. Progress out, cancel in."""

import errno
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import keras
import numpy as np

from mnist_core.config import AppPaths, ModelFiles
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.errors import ModelError
from mnist_core.storage.model_card import CurvePoint
from mnist_core.storage.model_folder import new_model_folder, require_free
from mnist_core.storage.shelf import free_name
from mnist_core.training.batches import cells_per_epoch, epoch_batches
from mnist_core.training.calibration import softmax
from mnist_core.training.events import (
    BatchProgress,
    Cancelled,
    EpochEnd,
    Finished,
    Finishing,
    Prepared,
    SamplesRead,
    TrainingEvent,
)
from mnist_core.training.finishing import finish
from mnist_core.training.fitting import BROKEN_LOSS, Fitter, StepResult
from mnist_core.training.mixture import TrainingSet, gather
from mnist_core.training.recipes import TrainConfig
from mnist_core.training.watched_cells import choose_samples

_REPORT_SECONDS = 0.5
_SLOWEST_REPORT_SECONDS = 3.0
_REPORTS = 600
"""A long run reports more rarely, so that its record stays small: so many by any time, and a few more."""
_SAMPLE_SECONDS = 1.0

Listener = Callable[[TrainingEvent], None]


def train(
    config: TrainConfig,
    paths: AppPaths,
    *,
    on_event: Listener = lambda event: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Finished | Cancelled:
    """Train a model and put it on the shelf, or into the folder that was asked for.

    Args:
        config: what was chosen.
        paths: where data and shelf are.
        on_event: told of everything that happens, the end included; called on this thread.
        should_stop: asked before every step.
    Returns:
        The last event. When cancelled, nothing was written.
    Raises:
        DataError: the data is missing or malformed.
        ModelError: the name is taken, the disk is full or can't be written to, or the loss broke down.
    """
    target = paths.model(config.name).folder if config.output is None else config.output
    require_free(target, replace=config.output is not None)
    keras.utils.set_random_seed(config.seed)
    training_set = gather(config, paths)
    loop = TrainingLoop(config, training_set, on_event, should_stop)
    started = time.monotonic()
    curves = tuple(loop.epochs())
    end: Finished | Cancelled
    if len(curves) < config.chosen_epochs:
        end = Cancelled(curves)
    else:
        seconds = time.monotonic() - started
        on_event(Finishing(seconds))
        if config.output is None:  # the name may have been taken while this trained: nothing is lost for it
            target = paths.model(free_name(config.name, paths)).folder
        with _disk_errors_told(), new_model_folder(target, replace=config.output is not None) as files:
            card = finish(loop.fitter, config, training_set, files, target.name, curves, seconds)
        end = Finished(ModelFiles(target), card)
    on_event(end)
    return end


@contextmanager
def _disk_errors_told() -> Iterator[None]:
    """Say in words that a model could not be written."""
    try:
        yield
    except OSError as error:
        reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise ModelError(f"The model could not be written: {reason}. Nothing else was changed.") from error


class TrainingLoop:
    """The loop over epochs and batches, and its clock."""

    def __init__(
        self,
        config: TrainConfig,
        training_set: TrainingSet,
        on_event: Listener,
        should_stop: Callable[[], bool],
    ) -> None:
        """Make a network with fresh weights.

        Args:
            config: what was chosen.
            training_set: what `gather` gave for it.
            on_event: told of what happens.
            should_stop: asked before every step.
        """
        self._config = config
        self._set = training_set
        self._on_event = on_event
        self._should_stop = should_stop
        cells = cells_per_epoch(training_set.learn)
        self._steps = -(-cells // config.chosen_batch_size)
        self._all_steps = self._steps * config.chosen_epochs
        self._done = 0
        test = training_set.measure[0]
        self._samples = choose_samples(LabelledCells(test.cells, test.labels))
        self.fitter = Fitter(config.chosen_recipe, self._all_steps)
        on_event(Prepared(cells, len(training_set.validation), config.chosen_epochs, self._steps))
        self._started = time.monotonic()

    def epochs(self) -> Iterator[CurvePoint]:
        """Train, and give a point after each epoch; ends early when someone asks for it."""
        for epoch in range(1, self._config.chosen_epochs + 1):
            started = time.monotonic()
            results = self._one_epoch(epoch)
            if len(results) < self._steps:
                return
            loss, accuracy = _summary(results)
            validation_loss, validation_accuracy = self.fitter.validate(self._set.validation)
            if not math.isfinite(validation_loss):
                raise ModelError(BROKEN_LOSS)
            self._read_samples()
            seconds = time.monotonic() - started
            point = CurvePoint(epoch, loss, accuracy, validation_loss, validation_accuracy, seconds)
            self._on_event(EpochEnd(point, self._config.chosen_epochs, self._seconds_left()))
            yield point

    def _one_epoch(self, epoch: int) -> list[StepResult]:
        changes = self._config.augmentation_in(epoch)
        rng = np.random.default_rng((self._config.seed, 2, epoch))
        results: list[StepResult] = []
        told, told_at, sampled_at = 0, time.monotonic(), 0.0
        with epoch_batches(self._set.learn, self._config.chosen_batch_size, changes, rng) as batches:
            for batch in batches:
                if self._should_stop():
                    break
                results.append(self.fitter.step(batch))
                self._done += 1
                if self._done == 1:  # the first step builds the graph, which tells nothing of the others
                    self._started = time.monotonic()
                elapsed = time.monotonic() - told_at
                if elapsed >= self._report_seconds():
                    self._tell(epoch, len(results), results[told:], elapsed)
                    told, told_at = len(results), time.monotonic()
                    if told_at - sampled_at >= _SAMPLE_SECONDS:
                        self._read_samples()
                        sampled_at = told_at
        return results

    def _report_seconds(self) -> float:
        share = (time.monotonic() - self._started) / _REPORTS
        return min(max(_REPORT_SECONDS, share), _SLOWEST_REPORT_SECONDS)

    def _read_samples(self) -> None:
        probabilities = softmax(self.fitter.answer(self._samples.cells).logits)
        self._on_event(SamplesRead(self._samples.cells, self._samples.labels, probabilities))

    def _tell(self, epoch: int, step: int, recent: list[StepResult], elapsed: float) -> None:
        loss, accuracy = _summary(recent)
        speed = sum(result.cells for result in recent) / elapsed
        epochs = self._config.chosen_epochs
        self._on_event(
            BatchProgress(epoch, epochs, step, self._steps, loss, accuracy, speed, self._seconds_left())
        )

    def _seconds_left(self) -> float:
        seconds = time.monotonic() - self._started
        return seconds / max(1, self._done - 1) * (self._all_steps - self._done)


def _summary(results: list[StepResult]) -> tuple[float, float]:
    """Find mean loss and accuracy."""
    digits = sum(result.digits for result in results)
    loss = sum(result.loss * result.cells for result in results) / sum(result.cells for result in results)
    return loss, sum(result.right for result in results) / max(1, digits)
