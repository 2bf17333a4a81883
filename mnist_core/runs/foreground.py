"""A training run in this very process, for the command line: written down like one in the background."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mnist_core.config import AppPaths
from mnist_core.errors import MnistCoreError
from mnist_core.runs.event_recorder import EventRecorder
from mnist_core.runs.recorder import CANCELLED, RunRecord, finished_sentence, new_run
from mnist_core.runs.resumption import resume_run
from mnist_core.runs.run_files import RunState
from mnist_core.runs.run_lock import take_run_lock, write_run_id
from mnist_core.training.events import Cancelled, Finished, TrainingEvent
from mnist_core.training.train_config import TrainConfig


@dataclass(frozen=True, slots=True)
class ForegroundRun:
    """A run that is being trained by this process.

    Attributes:
        config: what to train.
        folder: of the run.
        record: to be called with every event.
    """

    config: TrainConfig
    folder: Path
    record: Callable[[TrainingEvent], None]


@contextmanager
def new_foreground_run(config: TrainConfig, paths: AppPaths) -> Iterator[ForegroundRun]:
    """Begin a run, and write down how it ended when the block is left.

    Raises:
        ModelError: another run is under way, or the home folder can't be written to.
    """
    with _locked(paths) as lock:
        folder = new_run(config.with_whole_paths().to_json(), "", paths)
        with _recorded(config, folder, lock, paths) as run:
            yield run


@contextmanager
def resumed_foreground_run(run_id: str, more_epochs: int | None, paths: AppPaths) -> Iterator[ForegroundRun]:
    """Go on with a run that is over, and write down how it ended when the block is left.

    Args:
        run_id: of the run, which keeps it.
        more_epochs: beyond those it was started for; None: none, or a few where they are over.
        paths: where runs are kept.
    Raises:
        ModelError: another run is under way, this one has nothing to go on from, or the home folder can't be
            written to.
        DataError: its data is not there, or it would have too many epochs.
    """
    with _locked(paths) as lock:
        config = resume_run(run_id, paths, more_epochs=more_epochs)
        with _recorded(config, paths.runs / run_id, lock, paths) as run:
            yield run


@contextmanager
def _locked(paths: AppPaths) -> Iterator[int]:
    lock = take_run_lock(paths)
    try:
        yield lock
    finally:
        os.close(lock)


@contextmanager
def _recorded(config: TrainConfig, folder: Path, lock: int, paths: AppPaths) -> Iterator[ForegroundRun]:
    """Write down a run's events and its end; without an end it is listed as interrupted."""
    write_run_id(lock, folder.name)
    (folder / "process").write_text(str(os.getpid()))
    record, write_event = RunRecord(folder), EventRecorder(RunRecord(folder), config, paths)

    def on_event(event: TrainingEvent) -> None:
        write_event(event)
        match event:
            case Finished(card=card):
                record.end(RunState.FINISHED, finished_sentence(card))
            case Cancelled():
                record.end(RunState.CANCELLED, CANCELLED)
            case _:
                pass

    try:
        yield ForegroundRun(config, folder, on_event)
    except MnistCoreError as error:
        with suppress(OSError):
            record.end(RunState.FAILED, str(error))
        raise
