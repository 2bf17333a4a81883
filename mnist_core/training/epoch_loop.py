"""The loop over epochs and batches: it fits, validates, reports, and stops when asked to."""

import math
import time
from collections.abc import Callable, Iterator

import numpy as np

from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.errors import DataError, ModelError
from mnist_core.storage.model_card import CurvePoint
from mnist_core.training.batches import cells_per_epoch, epoch_batches
from mnist_core.training.calibration import softmax
from mnist_core.training.checkpoint import Checkpoint, Progress
from mnist_core.training.epoch_snapshots import EpochSnapshots
from mnist_core.training.events import BatchProgress, EpochEnd, Prepared, TrainingEvent, WatchedCellsRead
from mnist_core.training.fitting import DIVERGED, Fitter, StepResult
from mnist_core.training.mixture.training_set import TrainingSet
from mnist_core.training.time_left import FINISHING_SECONDS, TimeLeft
from mnist_core.training.train_config import TrainConfig
from mnist_core.training.watched_cells import choose_watched_cells

_REPORT_SECONDS = 0.5
_SLOWEST_REPORT_SECONDS = 3.0
_REPORTS = 600
"""A long run reports less often, so that its record stays small: about so many events at any time."""
_REPORTS_AN_EPOCH = 10
"""At least so many, so that the curves of a short run have points,"""
_QUICK_EPOCHS = 20
"""in this many first epochs: by then there are enough."""
_WATCH_SECONDS = 1.0
_PLAIN_CELLS = 3000
"""Training cells that are read without augmentation after each epoch, at most."""

Listener = Callable[[TrainingEvent], None]


class TrainingLoop:
    """The epochs of one run, and its clock."""

    def __init__(
        self,
        config: TrainConfig,
        training_set: TrainingSet,
        on_event: Listener,
        should_stop: Callable[[], bool],
        before: Checkpoint | None = None,
        finishing_seconds: float = FINISHING_SECONDS,
    ) -> None:
        """Build a network, with fresh weights or with those of a checkpoint.

        Args:
            config: what was chosen.
            training_set: from `build_training_set`.
            on_event: called with every event.
            should_stop: called before every step.
            before: what training goes on from; None where it begins.
            finishing_seconds: that what comes after the last epoch is expected to take.
        Raises:
            DataError: the checkpoint was made with other data.
            ModelError: it was made with another network.
        """
        self._config = config
        self._set = training_set
        self._on_event = on_event
        self._should_stop = should_stop
        cells = cells_per_epoch(training_set.sources)
        self._steps = -(-cells // config.chosen_batch_size)
        test = training_set.test_sets[0]
        self._watched = choose_watched_cells(LabelledCells(test.cells, test.labels))
        self._plain = _some_training_cells(training_set)
        self.fitter = Fitter(config.chosen_recipe, self._steps * config.chosen_epochs)
        self.snapshots = EpochSnapshots(config.chosen_recipe)
        self.progress = Progress(0, 0.0, (), training_set.data)
        if before is not None:
            if before.progress.data != training_set.data:
                raise DataError("This run can't go on: its training data has changed since. Start it anew.")
            self.fitter.restore(before.state, before.progress.steps)
            self.snapshots.restore(before.snapshots)
            self.progress = before.progress
        on_event(Prepared(cells, len(training_set.validation), config.chosen_epochs, self._steps))
        self._began = time.monotonic()
        epochs_left = config.chosen_epochs - len(self.progress.curves)
        self._time_left = TimeLeft(epochs_left, self._steps, finishing_seconds)

    def checkpoint(self) -> Checkpoint:
        """Return what training would go on from, as of the last epoch's end."""
        return Checkpoint(self.progress, self.fitter.state(), self.snapshots.weights)

    def epochs(self) -> Iterator[CurvePoint]:
        """Train, and yield a point of the curves after each epoch; end early when asked to stop."""
        for epoch in range(len(self.progress.curves) + 1, self._config.chosen_epochs + 1):
            started = time.monotonic()
            results = self._one_epoch(epoch)
            if len(results) < self._steps:
                return
            point = self._curve_point(epoch, results, started)
            self.snapshots.note(epoch, self.fitter.averaged)
            before = self.progress
            self.progress = Progress(
                before.steps + self._steps,
                before.seconds + time.monotonic() - started,
                (*before.curves, point),
                before.data,
            )
            self._on_event(EpochEnd(point, self._config.chosen_epochs))
            yield point
            self._time_left.note_epoch()

    def _curve_point(self, epoch: int, results: list[StepResult], started: float) -> CurvePoint:
        """Validate, and read training cells in the same way: what lies between the two is overfitting."""
        loss, accuracy = _summary(results)
        validation_loss, validation_accuracy = self.fitter.validate(self._set.validation)
        if not math.isfinite(validation_loss):
            raise ModelError(DIVERGED)
        plain_loss, plain_accuracy = self.fitter.validate(self._plain)
        self._report_watched_cells()
        return CurvePoint(
            epoch,
            loss,
            accuracy,
            validation_loss,
            validation_accuracy,
            time.monotonic() - started,
            plain_loss,
            plain_accuracy,
        )

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
                self._time_left.note_step()
                elapsed = time.monotonic() - reported_at
                if elapsed >= self._report_seconds() or self._is_part_of_epoch(epoch, len(results)):
                    self._report(epoch, len(results), results[reported:], elapsed)
                    reported, reported_at = len(results), time.monotonic()
                    if reported_at - watched_at >= _WATCH_SECONDS:
                        self._report_watched_cells()
                        watched_at = reported_at
        return results

    def _report_seconds(self) -> float:
        share = (time.monotonic() - self._began) / _REPORTS
        return min(max(_REPORT_SECONDS, share), _SLOWEST_REPORT_SECONDS)

    def _is_part_of_epoch(self, epoch: int, step: int) -> bool:
        """Return whether another tenth of the epoch is over, and tenths are reported."""
        parts = (_REPORTS_AN_EPOCH * done // self._steps for done in (step - 1, step))
        return epoch <= _QUICK_EPOCHS and len(set(parts)) > 1

    def _report_watched_cells(self) -> None:
        probabilities = softmax(self.fitter.predict(self._watched.cells).logits)
        self._on_event(WatchedCellsRead(self._watched.cells, self._watched.labels, probabilities))

    def _report(self, epoch: int, step: int, recent: list[StepResult], elapsed: float) -> None:
        digits = sum(result.digits for result in recent)
        if not digits:  # what shows no digit has no place on the curves
            return
        loss, accuracy = _summary(recent)
        self._on_event(
            BatchProgress(
                epoch=epoch,
                epochs=self._config.chosen_epochs,
                step=step,
                steps=self._steps,
                loss=loss,
                accuracy=accuracy,
                digits=digits,
                cells_per_second=sum(result.cells for result in recent) / max(elapsed, 1e-6),
                seconds_left=self._time_left.seconds,
            )
        )


def _summary(results: list[StepResult]) -> tuple[float, float]:
    """Compute mean loss and accuracy over the digits."""
    digits = max(1, sum(result.digits for result in results))
    loss = sum(result.loss * result.digits for result in results) / digits
    return loss, sum(result.right for result in results) / digits


def _some_training_cells(training_set: TrainingSet) -> LabelledCells:
    """Choose training cells of the data asked for, as many as there are to validate with: always the same."""
    source = training_set.sources[0]
    count = min(_PLAIN_CELLS, len(training_set.validation), len(source.labels))
    chosen = np.random.default_rng(0).choice(len(source.labels), count, replace=False)
    return LabelledCells(source.cells[chosen], source.labels[chosen])
