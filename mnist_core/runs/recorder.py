"""Writes a training run down while it runs; `mnist_core.runs.run_files` reads it."""

import json
import secrets
import shutil
from collections.abc import Mapping
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
from mnist_core.runs.run_files import BatchPoint, RunState
from mnist_core.storage.atomic import write_whole
from mnist_core.storage.model_card import CurvePoint

CANCELLED = "Cancelled. The curves so far are kept; no model was written."
_KEPT_RUNS = 30
"""Older ones are dropped when a new one begins; their models stay."""
_RESERVE_BYTES = 16_384
"""Kept free for the outcome, which can then be written on a full disk, too."""


def now() -> str:
    """Return the time, ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_run(config: Mapping[str, Any], who: str, paths: AppPaths) -> Path:
    """Make the folder of a new run, with its settings.

    Args:
        config: what was chosen, as `TrainConfig.to_json` gives it.
        who: starts it, as they are called.
        paths: where runs are kept.
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
        content = {"started": now(), "who": who, "config": dict(config)}
        write_whole(folder / "settings.json", json.dumps(content, indent=1) + "\n")
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ModelError(f"No run can be started: {paths.runs}: {error.strerror}.") from error
    for old in list_runs(paths)[_KEPT_RUNS:]:
        if old not in (folder.name, running_id(paths)):
            shutil.rmtree(paths.runs / old, ignore_errors=True)
    return folder


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

    def finishing(self) -> None:
        """Write down that the last epoch is over."""
        self._add("finishing")

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

    def _add(self, event: str, **values: float) -> None:
        line = json.dumps({"event": event, "time": now(), **values}, allow_nan=False)
        with (self.folder / "events.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
