"""The files of a training run, written by its worker, read by every page; each is checked as it is read.

A run's folder holds `settings.json` (what was chosen, and by whom), `events.jsonl` (a line for each thing
that happened, which pandas can load), `samples.json` (what the network makes of a few test cells now),
`checkpoint.npz` (what training goes on from, as of the last epoch), `worker.log` (what libraries said) and,
once it is over, `outcome.json`.
"""

from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE
from mnist_core.errors import ModelError
from mnist_core.json_files import Count, decode_json, require_shallow
from mnist_core.storage.model_card import CurvePoint

_T = TypeVar("_T")


class RunState(StrEnum):
    """How far a run is, or how it ended."""

    PREPARING = "preparing"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run's `settings.json` holds.

    Attributes:
        config: what was chosen, as `TrainConfig.to_json` gives it.
        started: ISO 8601, UTC.
        who: started it, as they are called; "" where that isn't known.
        expected_end: when it was expected to be over, as it began; in seconds since 1970, 0 where unknown.
    """

    config: dict[str, Any]
    started: str = ""
    who: str = ""
    expected_end: float = 0.0

    def __post_init__(self) -> None:
        require_shallow(self.config)


@dataclass(frozen=True, slots=True)
class RunSize:
    """How large a run is; `steps` are those of an epoch."""

    training_cells: Count = 0
    validation_cells: Count = 0
    epochs: Count = 0
    steps: Count = 0


@dataclass(frozen=True, slots=True)
class BatchPoint:
    """How training went at one moment; means since the moment before."""

    epoch: Count
    step: Count
    """Of this epoch, from 1 on."""
    at: float
    """In epochs since the start, for a chart's horizontal axis."""
    loss: float
    accuracy: float
    cells_per_second: float
    seconds_left: float | None
    """Until the model is written; None where that wasn't known."""
    digits: Count = 0
    """That loss and accuracy are means over; 0 where an older version trained."""


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


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run's `outcome.json` holds: how it ended, in a sentence, and when (ISO 8601, UTC)."""

    state: RunState
    message: str = ""
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class RunEvents:
    """What a run's `events.jsonl` holds, all lines together.

    Attributes:
        size: of the run; None while it is preparing.
        batches: one point every half second or so.
        curves: one point an epoch.
        finishing: whether the last epoch is over.
        expected_end: when what comes after it is expected to be over, in seconds since 1970; 0 before.
    """

    size: RunSize | None = None
    batches: tuple[BatchPoint, ...] = ()
    curves: tuple[CurvePoint, ...] = ()
    finishing: bool = False
    expected_end: float = 0.0


def checkpoint_path(folder: Path) -> Path:
    """Return the path of what training goes on from; there is nothing before the first epoch's end."""
    return folder / "checkpoint.npz"


def load_settings(folder: Path) -> RunSettings:
    """Load what was chosen for a run, and by whom.

    Raises:
        ModelError: missing or damaged.
    """
    settings = _load(folder / "settings.json", RunSettings)
    if settings is None:
        raise ModelError(f"The settings of the training run {folder.name!r} are damaged.")
    return settings


def load_outcome(folder: Path) -> RunOutcome | None:
    """Load how a run ended; None where it has not, or its file is damaged."""
    return _load(folder / "outcome.json", RunOutcome)


def load_events(folder: Path) -> RunEvents:
    """Load what happened in a run; a line that is damaged or being written is left out."""
    path = folder / "events.jsonl"
    try:
        status = path.stat()
    except OSError:
        return RunEvents()
    return _read_events(path, status.st_mtime_ns, status.st_size)


def load_samples(folder: Path) -> tuple[SampleReading, ...]:
    """Load what the network made last of a few test cells; none where that is missing or damaged."""
    content = _load(folder / "samples.json", _Samples)
    try:
        return tuple(
            SampleReading(_cell(sample.cell), sample.label, sample.reading, sample.confidence)
            for sample in (content.samples if content else ())
        )
    except ValueError:  # no hexadecimal digits, or not 28 x 28 of them
        return ()


@dataclass(frozen=True, slots=True)
class _Event:
    """What every line of `events.jsonl` has; the rest is as its kind says."""

    event: Literal["prepared", "batch", "epoch", "finishing"]


@dataclass(frozen=True, slots=True)
class _Finishing:
    """What the line of a run's last epoch has."""

    expected_end: float = 0.0


@dataclass(frozen=True, slots=True)
class _Sample:
    """One of the cells in `samples.json`."""

    label: Count
    reading: Count
    confidence: float
    cell: str
    """Its bytes in hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class _Samples:
    """What `samples.json` holds."""

    samples: tuple[_Sample, ...]


def _load(path: Path, kind: type[_T]) -> _T | None:
    try:
        return decode_json(path.read_bytes(), kind)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=8)
def _read_events(path: Path, changed: int, size: int) -> RunEvents:
    """Read the events; a class that watches a long run together reads each state of it once."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return RunEvents()
    run_size: RunSize | None = None
    batches: list[BatchPoint] = []
    curves: list[CurvePoint] = []
    finishing: _Finishing | None = None
    for line in lines:
        with suppress(ValueError):
            match decode_json(line, _Event).event:
                case "prepared":
                    run_size = run_size or decode_json(line, RunSize)
                case "batch":
                    batches.append(decode_json(line, BatchPoint))
                case "epoch":
                    curves.append(decode_json(line, CurvePoint))
                case "finishing":
                    finishing = decode_json(line, _Finishing)
    expected_end = finishing.expected_end if finishing else 0.0
    return RunEvents(run_size, tuple(batches), tuple(curves), finishing is not None, expected_end)


def _cell(digits: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(digits), np.uint8).reshape(CELL_SIZE, CELL_SIZE)
