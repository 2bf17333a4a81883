"""One training run: load the data, fit, calibrate, export, test. Events go out; a run can be cancelled."""

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
from mnist_core.storage.disk_space import require_shelf_room
from mnist_core.storage.model_card import CurvePoint
from mnist_core.storage.model_folder import new_model_folder, require_free, require_space
from mnist_core.storage.shelf import free_name
from mnist_core.training.batches import cells_per_epoch, epoch_batches
from mnist_core.training.calibration import softmax
from mnist_core.training.epoch_snapshots import EpochSnapshots
from mnist_core.training.events import (
    BatchProgress,
    Cancelled,
    EpochEnd,
    Finished,
    Finishing,
    Prepared,
    TrainingEvent,
    WatchedCellsRead,
)
from mnist_core.training.finishing import calibrate_and_export
from mnist_core.training.fitting import DIVERGED, Fitter, StepResult
from mnist_core.training.mixture.build import build_training_set
from mnist_core.training.mixture.training_set import TrainingSet
from mnist_core.training.train_config import TrainConfig
from mnist_core.training.watched_cells import choose_watched_cells

_REPORT_SECONDS = 0.5
_SLOWEST_REPORT_SECONDS = 3.0
_REPORTS = 600
"""A long run reports less often, so that its record stays small: about so many events at any time."""
_WATCH_SECONDS = 1.0

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
        on_event: called with every event, the last one included, on this thread.
        should_stop: called before every step.
    Returns:
        The last event. When cancelled, nothing was written.
    Raises:
        DataError: the data is missing or malformed.
        ModelError: the name is taken, the disk is full or can't be written to, or the loss diverged.
    """
    target = paths.model(config.name).folder if config.output is None else config.output
    require_free(target, replace=config.output is not None)
    require_space(target)
    if config.output is None:
        require_shelf_room(paths)
    keras.utils.set_random_seed(config.seed)
    training_set = build_training_set(config, paths)
    loop = TrainingLoop(config, training_set, on_event, should_stop)
    started = time.monotonic()
    curves = tuple(loop.epochs())
    end: Finished | Cancelled
    if len(curves) < config.chosen_epochs:
        end = Cancelled(curves)
    else:
        seconds = time.monotonic() - started
        on_event(Finishing(seconds))
        if config.output is None:  # the name may have been taken while this trained
            target = paths.model(free_name(config.name, paths)).folder
        with (
            _disk_errors_as_model_errors(),
            new_model_folder(target, replace=config.output is not None) as files,
        ):
            card = calibrate_and_export(
                loop.fitter, config, training_set, files, target.name, curves, seconds
            )
            if config.output is None:  # a folder that was named may be given away, and is to stay small
                loop.snapshots.save(files.epochs)
        end = Finished(ModelFiles(target), card)
    on_event(end)
    return end


@contextmanager
def _disk_errors_as_model_errors() -> Iterator[None]:
    """Raise ModelError in place of OSError, with the reason in words."""
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
        """Build a network with fresh weights.

        Args:
            config: what was chosen.
            training_set: from `build_training_set`.
            on_event: called with every event.
            should_stop: called before every step.
        """
        self._config = config
        self._set = training_set
        self._on_event = on_event
        self._should_stop = should_stop
        cells = cells_per_epoch(training_set.sources)
        self._steps = -(-cells // config.chosen_batch_size)
        self._all_steps = self._steps * config.chosen_epochs
        self._done = 0
        test = training_set.test_sets[0]
        self._watched = choose_watched_cells(LabelledCells(test.cells, test.labels))
        self.fitter = Fitter(config.chosen_recipe, self._all_steps)
        self.snapshots = EpochSnapshots(config.chosen_recipe)
        on_event(Prepared(cells, len(training_set.validation), config.chosen_epochs, self._steps))
        self._started = time.monotonic()

    def epochs(self) -> Iterator[CurvePoint]:
        """Train, and yield a point of the curves after each epoch; end early when asked to stop."""
        for epoch in range(1, self._config.chosen_epochs + 1):
            started = time.monotonic()
            results = self._one_epoch(epoch)
            if len(results) < self._steps:
                return
            loss, accuracy = _summary(results)
            validation_loss, validation_accuracy = self.fitter.validate(self._set.validation)
            if not math.isfinite(validation_loss):
                raise ModelError(DIVERGED)
            self._report_watched_cells()
            self.snapshots.note(epoch, self.fitter.averaged)
            seconds = time.monotonic() - started
            point = CurvePoint(epoch, loss, accuracy, validation_loss, validation_accuracy, seconds)
            self._on_event(EpochEnd(point, self._config.chosen_epochs, self._seconds_left()))
            yield point

    def _one_epoch(self, epoch: int) -> list[StepResult]:
        changes = self._config.augmentation_in(epoch)
        rng = np.random.default_rng((self._config.seed, 2, epoch))
        results: list[StepResult] = []
        reported, reported_at, watched_at = 0, time.monotonic(), 0.0
        with epoch_batches(self._set.sources, self._config.chosen_batch_size, changes, rng) as batches:
            for batch in batches:
                if self._should_stop():
                    break
                results.append(self.fitter.step(batch))
                self._done += 1
                if self._done == 1:  # the first step traces the graph and takes longer than the others
                    self._started = time.monotonic()
                elapsed = time.monotonic() - reported_at
                if elapsed >= self._report_seconds():
                    self._report(epoch, len(results), results[reported:], elapsed)
                    reported, reported_at = len(results), time.monotonic()
                    if reported_at - watched_at >= _WATCH_SECONDS:
                        self._report_watched_cells()
                        watched_at = reported_at
        return results

    def _report_seconds(self) -> float:
        share = (time.monotonic() - self._started) / _REPORTS
        return min(max(_REPORT_SECONDS, share), _SLOWEST_REPORT_SECONDS)

    def _report_watched_cells(self) -> None:
        probabilities = softmax(self.fitter.predict(self._watched.cells).logits)
        self._on_event(WatchedCellsRead(self._watched.cells, self._watched.labels, probabilities))

    def _report(self, epoch: int, step: int, recent: list[StepResult], elapsed: float) -> None:
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
    """Compute mean loss and accuracy."""
    digits = sum(result.digits for result in results)
    loss = sum(result.loss * result.cells for result in results) / sum(result.cells for result in results)
    return loss, sum(result.right for result in results) / max(1, digits)
