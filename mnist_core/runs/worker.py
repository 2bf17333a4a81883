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
from mnist_core.runs.estimate import expect_finishing
from mnist_core.runs.event_recorder import EventRecorder
from mnist_core.runs.recorder import CANCELLED, RunRecord, finished_sentence
from mnist_core.runs.run_files import RunState, checkpoint_path, load_settings
from mnist_core.training.events import Cancelled
from mnist_core.training.packages import missing_package
from mnist_core.training.train_config import TrainConfig

_NICENESS = 10
_PARENT_CHECK_SECONDS = 0.25
_GRACE_SECONDS = 0.7
"""A step or a library may take so long to return after SIGTERM; then the process ends all the same."""
_INTERRUPTED = "The server stopped while this run was under way. The epochs so far are kept."


def main() -> None:
    """Train what the run's folder says, and write down how it ended."""
    started = time.monotonic()
    record = RunRecord(Path(sys.argv[1]))
    parent = int(sys.argv[2])
    _lower_priority()
    stop = threading.Event()
    signals = _signal_pipe()
    threading.Thread(target=_watch_signals, args=(signals, record, stop), daemon=True).start()
    threading.Thread(target=_watch_parent, args=(record, parent), daemon=True).start()
    try:
        state, message = _train(record, stop, started)
    except OSError as error:
        reason = "The disk is full" if error.errno == errno.ENOSPC else error.strerror or str(error)
        state, message = RunState.FAILED, f"{reason}: the run could not be written down any further."
    except BaseException as error:  # whatever it is, the page shows it; the traceback goes to the log
        record.end(RunState.FAILED, f"Training broke off: {_summary(error)}. worker.log has the details.")
        raise
    if stop.is_set() and state is not RunState.FINISHED:
        state, message = RunState.CANCELLED, CANCELLED
    record.end(state, message)


def _train(record: RunRecord, stop: threading.Event, started: float) -> tuple[RunState, str]:
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
        end = train(
            config,
            paths,
            on_event=EventRecorder(record, config, paths, started),
            should_stop=stop.is_set,
            checkpoint=checkpoint_path(record.folder),
            finishing_seconds=expect_finishing(config, paths),
        )
    except MnistCoreError as error:
        return RunState.FAILED, str(error)
    if isinstance(end, Cancelled):
        return RunState.CANCELLED, CANCELLED
    return RunState.FINISHED, finished_sentence(end.card)


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
