"""Kill the trainer, or the server that started it, at random moments: does a model read each time?

    python -m benchmarks.kills [--rounds N]

In each round a server of its own trains on a tiny table and activates what came of it; after a random time
one of the two is killed. Then the active model is loaded, and nothing half written may be on the shelf.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import track

from mnist_core import ModelError, Recognizer
from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.runs.history import latest_run
from mnist_core.storage.shelf import list_models

_LONGEST = 14.0
"""Seconds: a whole run, and a second one begun, with the cores to itself."""
_SETTLE_SECONDS = 5.0

_SERVER = """
import sys, time
from mnist_core.config import AppPaths
from mnist_core.runs.history import load_run
from mnist_core.storage.shelf import free_name
from mnist_core.evaluation.activation import activate
from mnist_core.runs.jobs import start_training
from mnist_core.training.train_config import TrainConfig
paths = AppPaths.from_environment()
while True:
    config = TrainConfig(recipe="linear", data=sys.argv[1], epochs=3, name=free_name("tiny", paths))
    run_id = start_training(config, paths, "benchmark")
    while load_run(run_id, paths).alive:
        time.sleep(0.01)
    if load_run(run_id, paths).state == "finished":
        activate(config.name, paths)
"""


def main(rounds: Annotated[int, typer.Option(min=1)] = 50) -> None:
    chance = random.Random(0)
    endings: Counter[str] = Counter()
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DIGITS_HOME"] = folder
        paths = AppPaths.from_environment()
        table = write_table(Path(folder))
        for number in track(range(rounds), "Killing"):
            victim = chance.choice(["server", "trainer"])
            kill_one(victim, table, chance.uniform(0.5, _LONGEST), paths)
            problem = find_problem(paths)
            if problem:
                failures.append(f"round {number}, {victim} killed: {problem}")
            run = latest_run(paths)
            endings[f"{victim} killed, run {run.state if run else 'not begun'}"] += 1
        entries = len(list_models(paths))
    for ending, count in sorted(endings.items()):
        print(f"{count:4} {ending}")
    print(f"{rounds - len(failures)} of {rounds} times the active model loaded and every entry was whole.")
    print(f"{entries} models are on the shelf.")
    for failure in failures:
        print(failure)
    sys.exit(bool(failures))


def write_table(folder: Path) -> Path:
    """Write ten easy 'digits', a bar each in a place of its own."""
    rng = np.random.default_rng(0)
    labels = np.arange(1200) % 10
    cells = rng.integers(0, 40, (1200, 28, 28), np.uint8)
    for cell, label in zip(cells, labels, strict=True):
        cell[4:24, 4 + 2 * label : 6 + 2 * label] = 255
    path = folder / "bars.npz"
    np.savez(path, x_train=cells[:900], y_train=labels[:900], x_test=cells[900:], y_test=labels[900:])
    return path


def kill_one(victim: str, table: Path, after: float, paths: AppPaths) -> None:
    """Start a server that trains, kill it or its trainer, and wait until both are gone."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(table)],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(after)
    run = latest_run(paths)
    if victim == "trainer" and run is not None and run.alive:
        with suppress(OSError, ValueError):
            os.kill(int((run.folder / "process").read_text()), signal.SIGKILL)
        time.sleep(0.2)
    server.kill()
    server.wait()
    give_up_at = time.monotonic() + _SETTLE_SECONDS
    while (run := latest_run(paths)) is not None and run.alive and time.monotonic() < give_up_at:
        time.sleep(0.05)


def find_problem(paths: AppPaths) -> str | None:
    """Load what is active and look at the shelf."""
    try:
        Recognizer.load().probabilities(np.zeros((1, 28, 28), np.float32))
    except ModelError as error:
        return str(error)
    run = latest_run(paths)
    if run is not None and run.alive:
        return f"the trainer outlived its server by {_SETTLE_SECONDS:.0f} s"
    return next((entry.problem for entry in list_models(paths) if entry.problem), None)


if __name__ == "__main__":
    typer.run(main)
