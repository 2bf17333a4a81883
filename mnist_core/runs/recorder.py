"""Writes a training run down while it runs; `mnist_core.runs.run_files` reads it."""

import json
import secrets
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.runs.history import list_runs, run_number, running_id
from mnist_core.runs.run_files import (
    BatchPoint,
    RunSettings,
    RunState,
    checkpoint_path,
    load_events,
    load_outcome,
    load_settings,
)
from mnist_core.storage.atomic import sweep_partials, write_whole
from mnist_core.storage.model_card import CurvePoint, ModelCard

CANCELLED = "Cancelled. The epochs so far are kept; no model was written."
_KEPT_RUNS = 30
"""Older ones are dropped when a new one begins; their models stay."""
_KEPT_CHECKPOINTS = 5
"""A finished run is trained for longer only while it is one of the newest: its state takes 1 to 20 MB."""
_RESERVE_BYTES = 16_384
"""Kept free for the outcome, which can then be written on a full disk, too."""


def finished_sentence(card: ModelCard) -> str:
    """Return how a run ended that made the model of this card."""
    first = card.scores[0]
    return (
        f"{card.name} is on the shelf: it reads {first.right / first.total:.2%} of "
        f"{first.total:,} cells it had never seen ({first.total - first.right:,} wrong)."
    )


def now() -> str:
    """Return the time, ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_run(config: Mapping[str, Any], who: str, paths: AppPaths, expected_seconds: float = 0.0) -> Path:
    """Make the folder of a new run, with its settings.

    Args:
        config: what was chosen, as `TrainConfig.to_json` gives it.
        who: starts it, as they are called.
        paths: where runs are kept.
        expected_seconds: that it will take; 0 where unknown.
    Returns:
        The run's folder, whose name is its id.
    Raises:
        ModelError: the home folder can't be written to.
    """
    # Numbered, since a clock may go back; with a few digits that no other process comes upon.
    number = max(map(run_number, list_runs(paths)), default=0) + 1
    folder = paths.runs / f"run-{number:06d}-{secrets.token_hex(2)}"
    try:
        folder.mkdir(parents=True)
        (folder / "reserve").write_bytes(bytes(_RESERVE_BYTES))
        _write_settings(folder, RunSettings(dict(config), now(), who, _moment_in(expected_seconds)))
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ModelError(f"No run can be started: {paths.runs}: {error.strerror}.") from error
    for old in list_runs(paths)[_KEPT_RUNS:]:
        if old not in (folder.name, running_id(paths)):
            shutil.rmtree(paths.runs / old, ignore_errors=True)
    for old in list_runs(paths)[_KEPT_CHECKPOINTS:]:
        outcome = load_outcome(paths.runs / old)
        if outcome is not None and outcome.state is RunState.FINISHED:
            with suppress(OSError):
                checkpoint_path(paths.runs / old).unlink(missing_ok=True)
    return folder


def reopen_run(
    folder: Path,
    config: Mapping[str, Any],
    who: str,
    curves: Sequence[CurvePoint],
    expected_seconds: float = 0.0,
) -> None:
    """Have a run that is over go on from the end of an epoch: what came after is dropped from its record.

    Args:
        folder: of the run; whoever calls this holds the lock of training.
        config: what is chosen now.
        who: goes on with it, as they are called.
        curves: of the epochs that count.
        expected_seconds: that it will take; 0 where unknown.
    Raises:
        ModelError: the home folder can't be written to.
    """
    known = {point.epoch for point in load_events(folder).curves}
    missing = [_line("epoch", **asdict(point)) for point in curves if point.epoch not in known]
    try:
        started = load_settings(folder).started
        record = folder / "events.jsonl"
        lines = record.read_text("utf-8", "replace").splitlines(keepends=True) if record.exists() else []
        lines = [line for line in lines if _is_within(line, len(curves))]
        (folder / "reserve").write_bytes(bytes(_RESERVE_BYTES))
        sweep_partials(folder)
        _write_settings(folder, RunSettings(dict(config), started, who, _moment_in(expected_seconds)))
        write_whole(record, "".join([*lines, *missing]))
        (folder / "outcome.json").unlink(missing_ok=True)
    except OSError as error:
        raise ModelError(f"The run can't go on: {folder}: {error.strerror}.") from error


def _write_settings(folder: Path, settings: RunSettings) -> None:
    write_whole(folder / "settings.json", json.dumps(asdict(settings), indent=1) + "\n")


def _moment_in(seconds: float) -> float:
    return round(time.time() + seconds, 1) if seconds else 0.0


def _is_within(line: str, epochs: int) -> bool:
    """Return whether a line of the record is about the epochs until one's end."""
    try:
        content = json.loads(line)
        return bool(content.get("at", content.get("epoch", epochs + 1)) <= epochs)
    except (ValueError, TypeError, AttributeError):  # damaged
        return False


def _line(event: str, **values: float | None) -> str:
    return json.dumps({"event": event, "time": now(), **values}, allow_nan=False) + "\n"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The files of one run, written by its worker alone; OSError where the disk is full."""

    folder: Path

    def prepared(self, training_cells: int, validation_cells: int, epochs: int, steps: int) -> None:
        """Write down how large the run is."""
        self._add(
            "prepared",
            training_cells=training_cells,
            validation_cells=validation_cells,
            epochs=epochs,
            steps=steps,
        )

    def batch(self, point: BatchPoint) -> None:
        """Write down how training goes."""
        self._add("batch", **asdict(point))

    def epoch(self, point: CurvePoint) -> None:
        """Write down how an epoch went."""
        self._add("epoch", **asdict(point))

    def finishing(self, expected_seconds: float) -> None:
        """Write down that the last epoch is over, and how long the rest should take."""
        self._add("finishing", expected_end=_moment_in(expected_seconds))

    def samples(
        self, cells: NDArray[np.uint8], labels: NDArray[np.integer], probabilities: NDArray[np.float32]
    ) -> None:
        """Replace what the network makes of a few test cells: (n, 28, 28), (n,), (n, 10)."""
        rows = [
            {
                "label": int(label),
                "reading": int(answer.argmax()),
                "confidence": float(answer.max()),
                "cell": cell.tobytes().hex(),
            }
            for cell, label, answer in zip(cells, labels, probabilities, strict=True)
        ]
        write_whole(self.folder / "samples.json", json.dumps({"samples": rows}) + "\n")

    def end(self, state: RunState, message: str) -> None:
        """Write down how the run ended; the first that is written stays."""
        path = self.folder / "outcome.json"
        if path.exists():
            return
        with suppress(OSError):
            (self.folder / "reserve").unlink(missing_ok=True)
        content = {"state": state, "message": message, "ended": now()}
        write_whole(path, json.dumps(content, indent=1) + "\n")

    def _add(self, event: str, **values: float | None) -> None:
        with (self.folder / "events.jsonl").open("a", encoding="utf-8") as file:
            file.write(_line(event, **values))
