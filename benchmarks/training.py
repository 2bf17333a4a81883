"""How fast the recipes train on this machine, and to what accuracy: several seeds, side by side in one run.

    python -m benchmarks.training [--rounds N] [--what quick,keras-fit,best,notebook] [--json FILE]

Each training runs in a process of its own, kinds in turn, so that a busy minute meets all alike. Epochs are
fixed beforehand; the test cells are read at each epoch's end with the clock stopped, and nothing is chosen
by them. MNIST is found as the app finds it (MNIST_DATA).
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.training.mixture.build import build_training_set
from mnist_core.training.recipes import RECIPES
from mnist_core.training.train_config import TrainConfig

GOALS = (0.990, 0.994, 0.996)
EPOCHS = {"quick": 4, "keras-fit": 4, "best": 8, "notebook": 2, "notebook-plain": 2, "linear": 5, "dense": 5}
"""The notebook's network is far from done then: 50 epochs are what it is meant for."""
ROUNDS = {"quick": 3, "keras-fit": 2}


@dataclass(frozen=True, slots=True)
class Epoch:
    """One epoch's wall and CPU seconds, and how many of the 10,000 test cells are then read right."""

    seconds: float
    cpu_seconds: float
    steps: int
    cells: int
    right: int
    total: int


@dataclass(frozen=True, slots=True)
class Result:
    """One training."""

    what: str
    seed: int
    epochs: tuple[Epoch, ...]

    def seconds_to(self, accuracy: float) -> float | None:
        """Return the seconds of training until an epoch ended with that test accuracy; None: never."""
        spent = 0.0
        for epoch in self.epochs:
            spent += epoch.seconds
            if epoch.right / epoch.total >= accuracy:
                return spent
        return None


class _Clock:
    """A stopwatch of wall and CPU seconds."""

    def __init__(self) -> None:
        self._started = self._now()

    def lap(self) -> tuple[float, float]:
        """Return the seconds since the clock was started."""
        return tuple(now - then for now, then in zip(self._now(), self._started, strict=True))  # type: ignore[return-value]

    def restart(self) -> None:
        self._started = self._now()

    def _now(self) -> tuple[float, float]:
        return time.monotonic(), time.process_time()


def train_by_recipe(what: str, seed: int, epochs: int) -> Iterator[Epoch]:
    """Train as the app does, without writing the model."""
    import keras

    from mnist_core.training.epoch_loop import TrainingLoop

    config = TrainConfig(recipe=what, epochs=epochs, seed=seed)
    keras.utils.set_random_seed(seed)
    training_set = build_training_set(config, AppPaths.from_environment())
    test = training_set.test_sets[0]
    loop = TrainingLoop(config, training_set, lambda event: None, lambda: False)
    cells = sum(source.per_epoch for source in training_set.sources)
    clock = _Clock()
    for _ in loop.epochs():
        seconds, cpu_seconds = clock.lap()
        _, accuracy = loop.fitter.validate(LabelledCells(test.cells, test.labels))
        total = len(test.labels)
        steps = -(-cells // config.chosen_batch_size)
        yield Epoch(seconds, cpu_seconds, steps, cells, round(accuracy * total), total)
        clock.restart()


def train_by_fit(seed: int, epochs: int) -> Iterator[Epoch]:
    """Train quick's network as Keras' own pages do: `fit`, Adam as it comes, augmentation layers in front."""
    import keras

    from mnist_core.reading.normalization import to_batch
    from mnist_core.training.network import PROBABILITIES, build_network

    recipe = RECIPES["quick"]
    training_set = build_training_set(TrainConfig(recipe="quick", seed=seed), AppPaths.from_environment())
    keras.utils.set_random_seed(seed)
    source, test = training_set.sources[0], training_set.test_sets[0]
    change = recipe.augmentation
    network = build_network(recipe)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.RandomRotation(change.rotation / 360, fill_mode="constant"),
            keras.layers.RandomZoom(change.zoom, change.zoom, fill_mode="constant"),
            keras.layers.RandomTranslation(change.shift / 28, change.shift / 28, fill_mode="constant"),
            keras.Model(network.input, network.output[PROBABILITIES]),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    cells, test_cells = to_batch(source.cells), to_batch(test.cells)
    for _ in range(epochs):
        clock = _Clock()
        model.fit(cells, source.labels, batch_size=recipe.batch_size, epochs=1, verbose=0)
        seconds, cpu_seconds = clock.lap()
        right = int((model.predict(test_cells, verbose=0).argmax(axis=1) == test.labels).sum())
        steps = -(-len(cells) // recipe.batch_size)
        yield Epoch(seconds, cpu_seconds, steps, len(cells), right, len(test.labels))


def train_elsewhere(what: str, seed: int) -> Result:
    """Train in a fresh process."""
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.training", "--one", what, "--seed", str(seed)],
        cwd=PROJECT_FOLDER,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    epochs = json.loads(finished.stdout.splitlines()[-1])
    return Result(what, seed, tuple(Epoch(**epoch) for epoch in epochs))


def print_results(results: list[Result], console: Console) -> None:
    goals = [f"to {goal:.1%}" for goal in GOALS]
    columns = ("", "Seed", "Epochs", "Test cells read right", "ms a step", "Cells a s", "Wall s", "CPU s")
    table = Table(*columns, *goals)
    for result in results:
        seconds = sum(epoch.seconds for epoch in result.epochs)
        steps = sum(epoch.steps for epoch in result.epochs)
        cells = sum(epoch.cells for epoch in result.epochs)
        last = result.epochs[-1]
        table.add_row(
            result.what,
            str(result.seed),
            str(len(result.epochs)),
            f"{last.right / last.total:.2%} ({last.right} of {last.total})",
            f"{1000 * seconds / steps:.1f}",
            f"{cells / seconds:.0f}",
            f"{seconds:.0f}",
            f"{sum(epoch.cpu_seconds for epoch in result.epochs):.0f}",
            *(f"{to:.0f} s" if (to := result.seconds_to(goal)) else "–" for goal in GOALS),
        )
    console.print(table)
    for what in dict.fromkeys(result.what for result in results):
        shares = [r.epochs[-1].right / r.epochs[-1].total for r in results if r.what == what]
        console.print(f"{what}: mean {np.mean(shares):.3%} over {len(shares)} seeds")


def main(
    what: Annotated[str, typer.Option(help="Which, with commas between.")] = "quick,keras-fit,best,notebook",
    rounds: Annotated[int | None, typer.Option(help="Seeds for each; default: 3, 2, then 1.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures here.")] = None,
    one: Annotated[str | None, typer.Option(hidden=True)] = None,
    seed: Annotated[int, typer.Option(hidden=True)] = 0,
) -> None:
    if one is not None:
        trained = (
            train_by_fit(seed, EPOCHS[one]) if one == "keras-fit" else train_by_recipe(one, seed, EPOCHS[one])
        )
        print(json.dumps([asdict(epoch) for epoch in trained]))
        return
    console = Console(width=None if sys.stdout.isatty() else 200)
    kinds = what.split(",")
    results: list[Result] = []
    for round_number in range(max(rounds or ROUNDS.get(kind, 1) for kind in kinds)):
        for kind in kinds:
            if round_number < (rounds or ROUNDS.get(kind, 1)):
                results.append(train_elsewhere(kind, round_number))
                console.print(f"{datetime.now(UTC):%H:%M} {kind}, seed {round_number}: done", style="dim")
                if json_file is not None:
                    content = json.dumps([asdict(result) for result in results], indent=1)
                    json_file.write_text(content + "\n")
    console.print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, {os.cpu_count()} cores")
    print_results(sorted(results, key=lambda result: kinds.index(result.what)), console)


if __name__ == "__main__":
    typer.run(main)
