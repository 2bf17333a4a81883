"""Training runs, under way and over: which there are, how far each is and how it ended."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.runs.run_files import (
    BatchPoint,
    RunEvents,
    RunOutcome,
    RunSize,
    RunState,
    SampleReading,
    load_events,
    load_outcome,
    load_samples,
    load_settings,
)
from mnist_core.storage.locks import is_locked
from mnist_core.storage.model_card import CurvePoint

_NUMBERED = re.compile(r"run-(\d{1,9})-[0-9a-f]+")
_ID = re.compile(r"[\w-]{1,80}")

_INTERRUPTED = "This run was interrupted: its process ended before it could say why. Its curves are kept."


@dataclass(frozen=True, eq=False)
class Run:
    """A training run, under way or over.

    Attributes:
        id: its folder's name.
        folder: where it lies.
        state: how far it is, or how it ended.
        message: that in a sentence.
        who: started it, as they are called; "" where that isn't known.
        started: ISO 8601, UTC.
        ended: likewise; None while it is under way, or where it was interrupted.
        settings: what was chosen, as `TrainConfig.to_json` gives it.
        training_cells: learned from in each epoch; this, `validation_cells`, `epochs` and `steps` (an
            epoch) are 0 while preparing.
        batches: one point every half second or so.
        curves: one point an epoch.
        samples: what the network made last of a few test cells; none before it was asked.
        finishing: whether the last epoch is over.
        expected_end: when its model should be written, as was thought when it began or when the last epoch
            was over; in seconds since 1970, 0 where unknown.
    """

    id: str
    folder: Path
    state: RunState
    message: str
    who: str
    started: str
    ended: str | None
    settings: Mapping[str, Any]
    training_cells: int
    validation_cells: int
    epochs: int
    steps: int
    batches: tuple[BatchPoint, ...]
    curves: tuple[CurvePoint, ...]
    samples: tuple[SampleReading, ...]
    finishing: bool
    expected_end: float

    @property
    def alive(self) -> bool:
        """True while it is under way."""
        return self.state in (RunState.PREPARING, RunState.RUNNING)

    @property
    def model(self) -> str:
        """The name of the model on the shelf."""
        return str(self.settings.get("name", ""))

    @property
    def recipe(self) -> str:
        """The recipe's name."""
        return str(self.settings.get("recipe", ""))

    @cached_property
    def progress(self) -> float:
        """The share that is done, in [0, 1]."""
        if self.state is RunState.FINISHED or self.finishing:
            return 1.0
        done = max(self.batches[-1].at if self.batches else 0.0, float(len(self.curves)))
        return min(1.0, done / self.epochs) if self.epochs else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds until its model is written; None where that isn't known or it is over."""
        if not self.alive:
            return None
        if self.state is RunState.RUNNING and self.batches and not self.finishing:
            return self.batches[-1].seconds_left
        return max(0.0, self.expected_end - time.time()) if self.expected_end else None

    @property
    def cells_per_second(self) -> float | None:
        """Cells learned from a second, lately; None before the first batches."""
        return self.batches[-1].cells_per_second if self.batches else None


def lock_path(paths: AppPaths) -> Path:
    """Return the path of the lock that the worker of the run under way holds; it contains the run's id."""
    return paths.home / "training.lock"


def list_runs(paths: AppPaths) -> tuple[str, ...]:
    """List the runs' ids, the newest first."""
    try:
        folders = [path for path in paths.runs.iterdir() if (path / "settings.json").is_file()]
    except OSError:
        return ()
    names = (path.name for path in folders)
    return tuple(sorted(names, key=lambda name: (run_number(name), name), reverse=True))


def run_number(run_id: str) -> int:
    """Return a run's number; 0 for what has none: runs were once named by a clock, which may go back."""
    numbered = _NUMBERED.fullmatch(run_id)
    return int(numbered[1]) if numbered else 0


def latest_run(paths: AppPaths) -> Run | None:
    """Load the run that was begun, or gone on with, last, whatever its state; None where none can be read."""
    last = _written_id(lock_path(paths))
    for run_id in dict.fromkeys((*([last] if last else []), *list_runs(paths))):
        try:
            return load_run(run_id, paths)
        except ModelError:  # damaged: the one before it is still of use
            continue
    return None


def running_id(paths: AppPaths) -> str | None:
    """Return the id of the run under way; None where there is none."""
    path = lock_path(paths)
    return _written_id(path) if is_locked(path) else None


def _written_id(path: Path) -> str | None:
    try:
        run_id = path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
    return run_id if _ID.fullmatch(run_id) else None  # no way out of the folder of runs


def load_run(run_id: str, paths: AppPaths) -> Run:
    """Load a run as it is now.

    Raises:
        ModelError: there is no such run, or its settings are damaged.
    """
    folder = paths.runs / run_id
    if not _ID.fullmatch(run_id) or not (folder / "settings.json").is_file():
        raise ModelError(f"There is no training run {run_id!r}.")
    # Asked first: a run that ends while we look has written its outcome before it lets the lock go.
    alive = running_id(paths) == run_id
    settings = load_settings(folder)
    outcome = load_outcome(folder)
    events = load_events(folder)
    size = events.size or RunSize()
    state, message = _state(alive, outcome, events)
    return Run(
        id=run_id,
        folder=folder,
        state=state,
        message=message,
        who=settings.who,
        started=settings.started,
        ended=outcome.ended if outcome else None,
        settings=settings.config,
        training_cells=size.training_cells,
        validation_cells=size.validation_cells,
        epochs=size.epochs,
        steps=size.steps,
        batches=events.batches,
        curves=events.curves,
        samples=load_samples(folder),
        finishing=events.finishing,
        expected_end=events.expected_end if events.finishing else settings.expected_end,
    )


def _state(alive: bool, outcome: RunOutcome | None, events: RunEvents) -> tuple[RunState, str]:
    if outcome is not None:
        return outcome.state, outcome.message
    if not alive:
        return RunState.INTERRUPTED, _INTERRUPTED
    if events.finishing:
        return RunState.RUNNING, "Writing the model and measuring it ..."
    if events.size is not None:
        return RunState.RUNNING, f"Learning from {events.size.training_cells:,} cells."
    return RunState.PREPARING, "Starting tensorflow and loading the cells ..."
