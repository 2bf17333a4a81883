"""Writes the events of a training run into its files, as they come; and how fast it was, for the next one."""

import time

from mnist_core.config import AppPaths
from mnist_core.runs.estimate import Phase, record_phase, record_speed
from mnist_core.runs.recorder import RunRecord
from mnist_core.runs.run_files import BatchPoint
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
from mnist_core.training.train_config import TrainConfig


class EventRecorder:
    """Writes down a training run."""

    def __init__(
        self, record: RunRecord, config: TrainConfig, paths: AppPaths, started: float | None = None
    ) -> None:
        """Write events of a run.

        Args:
            record: the run's files.
            config: what is trained.
            paths: where the speed of runs is kept.
            started: when preparing began, by `time.monotonic`; None: now.
        """
        self._record = record
        self._config = config
        self._paths = paths
        self._cells = 0
        self._epochs = 0
        self._started = self._finishing_at = time.monotonic() if started is None else started

    def __call__(self, event: TrainingEvent) -> None:
        """Write an event; OSError where the disk is full."""
        match event:
            case Prepared():
                self._cells, self._epochs = event.training_cells, event.epochs
                self._record.prepared(event.training_cells, event.validation_cells, event.epochs, event.steps)
                self._record_phase(Phase.PREPARING, self._started)
            case BatchProgress():
                left = event.seconds_left
                self._record.batch(
                    BatchPoint(
                        epoch=event.epoch,
                        step=event.step,
                        at=round(event.epoch - 1 + event.step / event.steps, 4),
                        loss=event.loss,
                        accuracy=event.accuracy,
                        cells_per_second=round(event.cells_per_second, 1),
                        seconds_left=None if left is None else round(left, 1),
                        digits=event.digits,
                    )
                )
            case EpochEnd():
                self._record.epoch(event.point)
            case WatchedCellsRead():
                self._record.samples(event.cells, event.labels, event.probabilities)
            case Finishing():
                self._record.finishing(event.seconds_left)
                self._finishing_at = time.monotonic()
                record_speed(self._config, self._cells * self._epochs, event.seconds, self._paths)
            case Finished():
                self._record_phase(Phase.FINISHING, self._finishing_at)
            case Cancelled():
                pass  # the outcome is written when all else is done

    def _record_phase(self, phase: Phase, since: float) -> None:
        record_phase(self._config, phase, time.monotonic() - since, self._paths)
