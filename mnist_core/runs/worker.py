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
from dataclasses import dataclass
from pathlib import Path

from mnist_core.config import AppPaths
from mnist_core.errors import DataError, MnistCoreError
from mnist_core.runs.estimate import keep_speed
from mnist_core.runs.recorder import RunRecord
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
from mnist_core.training.train_config import TrainConfig

TRAINING_SET = ("tensorflow", "keras", "onnx", "tf2onnx")
_NICENESS = 10
_PARENT_ASKED_EVERY = 0.25
_GRACE_SECONDS = 1.0
"""So long a step or a library may take to let go after SIGTERM; then the process ends all the same."""
_CANCELLED = "Cancelled. The curves so far are kept; no model was written."


@dataclass(slots=True)
class _Wish:
    """Whether someone wants the run to stop; set by one thread, read by another."""

    stop: bool = False


class _Recorder:
    """Writes a training run's events down."""

    def __init__(self, record: RunRecord, config: TrainConfig, paths: AppPaths) -> None:
        self._record = record
        self._config = config
        self._paths = paths
        self._cells = 0
        self._epochs = 0

    def __call__(self, event: TrainingEvent) -> None:
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
                keep_speed(self._config, self._cells * self._epochs, event.seconds, self._paths)
            case Finished() | Cancelled():
                pass  # the outcome is written when all else is done


def main() -> None:
    """Train what the run's folder says, and write down how it ended."""
    record = RunRecord(Path(sys.argv[1]))
    parent = int(sys.argv[2])
    # Blocked in every thread that is made from here on: one thread alone waits for it, and hears it at once
    # even while a library keeps the main thread.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    _be_modest()
    wish = _Wish()
    threading.Thread(target=_await_cancel, args=(record, wish), daemon=True).start()
    threading.Thread(target=_await_orphanhood, args=(record, parent), daemon=True).start()
    try:
        state, message = _train(record, wish)
    except OSError as error:
        reason = "The disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        state, message = RunState.FAILED, f"{reason}: the run could not be written down any further."
    except BaseException as error:  # whatever it is, the class is told; the traceback goes to the log
        record.end(RunState.FAILED, f"Training broke off: {_in_words(error)}. worker.log has the details.")
        raise
    if wish.stop and state is not RunState.FINISHED:
        state, message = RunState.CANCELLED, _CANCELLED
    record.end(state, message)


def _train(record: RunRecord, wish: _Wish) -> tuple[RunState, str]:
    paths = AppPaths.from_environment()
    try:
        config = TrainConfig.from_json(load_settings(record.folder).config)
        # Here, so that all else is told of in words where tensorflow is missing.
        from mnist_core.training.loop import train

        end = train(config, paths, on_event=_Recorder(record, config, paths), should_stop=lambda: wish.stop)
    except MnistCoreError as error:
        return RunState.FAILED, str(error)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in TRAINING_SET:
            raise
        return RunState.FAILED, (
            f"Training needs {error.name}, which is not installed (yet): `make install-train` installs it."
        )
    if isinstance(end, Cancelled):
        return RunState.CANCELLED, _CANCELLED
    first = end.card.scores[0]
    return RunState.FINISHED, (
        f"{end.card.name} is on the shelf: it reads {first.right / first.total:.2%} of "
        f"{first.total:,} cells it had never seen ({first.total - first.right:,} wrong)."
    )


def _in_words(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "this machine's memory is full"
    return f"{type(error).__name__}: {str(error)[:200]}"


def _be_modest() -> None:
    """Let everyone else go first: the server that draws and reads, above all."""
    os.nice(_NICENESS)
    # With sessions grouped by the kernel, niceness counts within a session only; this is the group's.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_NICENESS))


def _await_cancel(record: RunRecord, wish: _Wish) -> None:
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    wish.stop = True
    time.sleep(_GRACE_SECONDS)
    _end_now(record, RunState.CANCELLED, _CANCELLED)


def _await_orphanhood(record: RunRecord, parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_ASKED_EVERY)
    _end_now(record, RunState.INTERRUPTED, "Interrupted: the server stopped. The curves so far are kept.")


def _end_now(record: RunRecord, state: RunState, message: str) -> None:
    with suppress(OSError, DataError):
        record.end(state, message)
    os._exit(1)


if __name__ == "__main__":
    main()
