"""The process that trains: `python -m mnist_core.runs.worker RUN_FOLDER PARENT`, started by `jobs`.

It writes everything down in the run's folder. SIGTERM cancels it; it ends when its parent is gone.
"""

import errno
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from mnist_core.config import AppPaths
from mnist_core.errors import MnistCoreError
from mnist_core.runs.estimate import record_speed
from mnist_core.runs.recorder import CANCELLED, RunRecord
from mnist_core.runs.run_files import BatchPoint, RunState, load_settings
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
from mnist_core.training.packages import missing_package
from mnist_core.training.train_config import TrainConfig

_NICENESS = 10
_PARENT_CHECK_SECONDS = 0.25
_GRACE_SECONDS = 0.7
"""A step or a library may take so long to return after SIGTERM; then the process ends all the same."""
_INTERRUPTED = "Interrupted: the server stopped. The curves so far are kept."


class EventRecorder:
    """Writes a training run's events into its files, as they come."""

    def __init__(self, record: RunRecord, config: TrainConfig, paths: AppPaths) -> None:
        """Write events of a run.

        Args:
            record: the run's files.
            config: what is trained.
            paths: where the speed of runs is kept.
        """
        self._record = record
        self._config = config
        self._paths = paths
        self._cells = 0
        self._epochs = 0

    def __call__(self, event: TrainingEvent) -> None:
        """Write an event; OSError where the disk is full."""
        match event:
            case Prepared():
                self._cells, self._epochs = event.training_cells, event.epochs
                self._record.prepared(event.training_cells, event.validation_cells, event.epochs, event.steps)
            case BatchProgress():
                self._record.batch(
                    BatchPoint(
                        epoch=event.epoch,
                        step=event.step,
                        at=round(event.epoch - 1 + event.step / event.steps, 4),
                        loss=event.loss,
                        accuracy=event.accuracy,
                        cells_per_second=round(event.cells_per_second, 1),
                        seconds_left=round(event.seconds_left, 1),
                    )
                )
            case EpochEnd():
                self._record.epoch(event.point)
            case WatchedCellsRead():
                self._record.samples(event.cells, event.labels, event.probabilities)
            case Finishing():
                self._record.finishing()
                record_speed(self._config, self._cells * self._epochs, event.seconds, self._paths)
            case Finished() | Cancelled():
                pass  # the outcome is written when all else is done


def main() -> None:
    """Train what the run's folder says, and write down how it ended."""
    record = RunRecord(Path(sys.argv[1]))
    parent = int(sys.argv[2])
    _lower_priority()
    stop = threading.Event()
    signals = _signal_pipe()
    threading.Thread(target=_watch_signals, args=(signals, record, stop), daemon=True).start()
    threading.Thread(target=_watch_parent, args=(record, parent), daemon=True).start()
    try:
        state, message = _train(record, stop)
    except OSError as error:
        reason = "The disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        state, message = RunState.FAILED, f"{reason}: the run could not be written down any further."
    except BaseException as error:  # whatever it is, the page shows it; the traceback goes to the log
        record.end(RunState.FAILED, f"Training broke off: {_summary(error)}. worker.log has the details.")
        raise
    if stop.is_set() and state is not RunState.FINISHED:
        state, message = RunState.CANCELLED, CANCELLED
    record.end(state, message)


def _train(record: RunRecord, stop: threading.Event) -> tuple[RunState, str]:
    """Train, and return how it ended, in a sentence too."""
    paths = AppPaths.from_environment()
    try:
        config = TrainConfig.from_json(load_settings(record.folder).config)
        config.require_files()
        try:
            # Here, since it takes seconds, and so that a sentence says it where tensorflow is missing.
            from mnist_core.training.loop import train
        except ModuleNotFoundError as error:
            raise missing_package(error) from error
        end = train(config, paths, on_event=EventRecorder(record, config, paths), should_stop=stop.is_set)
    except MnistCoreError as error:
        return RunState.FAILED, str(error)
    if isinstance(end, Cancelled):
        return RunState.CANCELLED, CANCELLED
    first = end.card.scores[0]
    return RunState.FINISHED, (
        f"{end.card.name} is on the shelf: it reads {first.right / first.total:.2%} of "
        f"{first.total:,} cells it had never seen ({first.total - first.right:,} wrong)."
    )


def _summary(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "this machine's memory is full"
    return f"{type(error).__name__}: {str(error)[:200]}"


def _lower_priority() -> None:
    """Let every other process go first: the server that draws and reads, above all."""
    os.nice(_NICENESS)
    # With sessions grouped by the kernel, niceness counts within a session only; this is the group's.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_NICENESS))


def _signal_pipe() -> int:
    """Return a descriptor that has something to read once SIGTERM or Ctrl-C came.

    A handler in Python would run when a library returns to the main thread; blocking the signals here would
    not hold for the threads that numpy has by now, and the first of them would end the process.
    """
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return read_end


def _watch_signals(signals: int, record: RunRecord, stop: threading.Event) -> None:
    """Wait for a signal, ask training to stop, and end the process where it does not."""
    os.read(signals, 1)
    stop.set()
    time.sleep(_GRACE_SECONDS)
    _end_process(record, RunState.CANCELLED, CANCELLED)


def _watch_parent(record: RunRecord, parent: int) -> None:
    """End the process when the one that started it is gone."""
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    _end_process(record, RunState.INTERRUPTED, _INTERRUPTED)


def _end_process(record: RunRecord, state: RunState, message: str) -> None:
    with suppress(OSError):
        record.end(state, message)
    os._exit(1)


if __name__ == "__main__":
    main()
    # All is written. What tensorflow still tidies up takes seconds, in which no other run could start.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
