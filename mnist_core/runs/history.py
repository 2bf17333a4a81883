"""Training runs as they lie on disk: a folder each, written by the worker, read by every page.

A run's folder holds `settings.json` (what was chosen, and by whom), `events.jsonl` (a line for each thing
that happened, which pandas can load), `samples.json` (what the network makes of a few test cells now),
`worker.log` (what libraries said) and, once it is over, `outcome.json`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, AppPaths
from mnist_core.errors import ModelError
from mnist_core.storage.atomic import is_locked
from mnist_core.storage.model_card import CurvePoint

_INTERRUPTED = "This run was interrupted: its process ended before it could say why. Its curves are kept."


class RunState(StrEnum):
    """How far a run is, or how it ended."""

    PREPARING = "preparing"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class BatchPoint:
    """How training went at one moment; means since the moment before."""

    epoch: int
    step: int
    """Of this epoch, from 1 on."""
    at: float
    """In epochs since the start, for a chart's horizontal axis."""
    loss: float
    accuracy: float
    cells_per_second: float
    seconds_left: float


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class SampleReading:
    """What the network makes of one test cell, uint8 (28, 28), now."""

    cell: NDArray[np.uint8]
    label: int
    reading: int
    confidence: float

    @property
    def right(self) -> bool:
        return self.reading == self.label


@dataclass(frozen=True, eq=False)
class Run:
    """A training run, under way or over.

    Attributes:
        id: its folder's name; later runs sort after earlier ones.
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

    @property
    def alive(self) -> bool:
        """Whether it is under way."""
        return self.state in (RunState.PREPARING, RunState.RUNNING)

    @property
    def model(self) -> str:
        """The name of the entry on the shelf."""
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
        """Seconds to the last step, as of the last batch; None where that isn't known or it is over."""
        if not self.alive or not self.batches:
            return None
        return 0.0 if self.finishing else self.batches[-1].seconds_left

    @property
    def cells_per_second(self) -> float | None:
        """Cells learned from a second, lately; None before the first batches."""
        return self.batches[-1].cells_per_second if self.batches else None


_Point = TypeVar("_Point", BatchPoint, CurvePoint)


def lock_path(paths: AppPaths) -> Path:
    """The lock that the worker of the run under way holds; it contains the run's id."""
    return paths.home / "training.lock"


def list_runs(paths: AppPaths) -> tuple[str, ...]:
    """List the runs' ids, the newest first."""
    try:
        folders = [path for path in paths.runs.iterdir() if (path / "settings.json").is_file()]
    except OSError:
        return ()
    return tuple(sorted((path.name for path in folders), reverse=True))


def latest_run(paths: AppPaths) -> Run | None:
    """Load the newest run, whatever its state; None where there is none that can be read."""
    for run_id in list_runs(paths):
        try:
            return load_run(run_id, paths)
        except ModelError:  # damaged: the one before it is still of use
            continue
    return None


def running_id(paths: AppPaths) -> str | None:
    """The id of the run under way, if there is one."""
    path = lock_path(paths)
    if not is_locked(path):
        return None
    try:
        return path.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def load_run(run_id: str, paths: AppPaths) -> Run:
    """Load a run as it is now.

    Raises:
        ModelError: there is no such run, or its settings are damaged.
    """
    folder = paths.runs / run_id
    if Path(run_id).name != run_id or not (folder / "settings.json").is_file():
        raise ModelError(f"There is no training run {run_id!r}.")
    # Asked first: a run that ends while we look has written its outcome before it lets the lock go.
    alive = running_id(paths) == run_id
    start = _load_object(folder / "settings.json")
    if start is None or not isinstance(start.get("config"), dict):
        raise ModelError(f"The settings of the training run {run_id!r} are damaged.")
    outcome = _load_object(folder / "outcome.json")
    story = _load_story(folder / "events.jsonl")
    state, message = _state(alive, outcome, story)
    return Run(
        id=run_id,
        folder=folder,
        state=state,
        message=message,
        who=str(start.get("who", "")),
        started=str(start.get("started", "")),
        ended=str(outcome["ended"]) if outcome and "ended" in outcome else None,
        settings=start["config"],
        **{
            name: int(story.prepared.get(name, 0))
            for name in ("training_cells", "validation_cells", "epochs", "steps")
        },
        batches=story.batches,
        curves=story.curves,
        samples=_load_samples(folder / "samples.json"),
        finishing=story.finishing,
    )


@dataclass(frozen=True, slots=True)
class _Story:
    """What `events.jsonl` tells."""

    prepared: Mapping[str, Any]
    batches: tuple[BatchPoint, ...]
    curves: tuple[CurvePoint, ...]
    finishing: bool


def _state(alive: bool, outcome: Mapping[str, Any] | None, story: _Story) -> tuple[RunState, str]:
    if outcome is not None and outcome.get("state") in tuple(RunState):
        return RunState(outcome["state"]), str(outcome.get("message", ""))
    if not alive:
        return RunState.INTERRUPTED, _INTERRUPTED
    if story.finishing:
        return RunState.RUNNING, "Writing the model and measuring it ..."
    if story.prepared:
        return RunState.RUNNING, f"Learning from {story.prepared.get('training_cells', 0):,} cells."
    return RunState.PREPARING, "Starting tensorflow and loading the cells ..."


def _load_object(path: Path) -> dict[str, Any] | None:
    """Load a JSON object; None where it is missing or damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _load_story(path: Path) -> _Story:
    try:
        status = path.stat()
    except OSError:
        return _Story({}, (), (), False)
    return _read_story(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _read_story(path: Path, changed: int, size: int) -> _Story:
    """Read the events; a class that watches a long run together reads each state of it once."""
    events = _load_events(path)
    return _Story(
        prepared=next((event for event in events if event["event"] == "prepared"), {}),
        batches=tuple(_points(BatchPoint, (event for event in events if event["event"] == "batch"))),
        curves=tuple(_points(CurvePoint, (event for event in events if event["event"] == "epoch"))),
        finishing=any(event["event"] == "finishing" for event in events),
    )


def _load_events(path: Path) -> list[dict[str, Any]]:
    """Load the events; a last line that is being written, or was cut off, is left out."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    events = []
    for line in lines:
        with suppress(ValueError):
            event = json.loads(line)
            if isinstance(event, dict) and "event" in event:
                events.append(event)
    return events


def _points(kind: type[_Point], events: Iterable[Mapping[str, Any]]) -> Iterator[_Point]:
    names = kind.__dataclass_fields__
    for event in events:
        if all(isinstance(event.get(name), int | float) for name in names):
            yield kind(**{name: event[name] for name in names})


def _load_samples(path: Path) -> tuple[SampleReading, ...]:
    content = _load_object(path)
    if content is None:
        return ()
    try:
        return tuple(
            SampleReading(
                np.frombuffer(bytes.fromhex(row["cell"]), np.uint8).reshape(CELL_SIZE, CELL_SIZE),
                int(row["label"]),
                int(row["reading"]),
                float(row["confidence"]),
            )
            for row in content["samples"]
        )
    except (KeyError, TypeError, ValueError):
        return ()
