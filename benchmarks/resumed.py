"""Whether a run that was cut and goes on equals an unbroken one: several seeds, each trained both ways.

    python -m benchmarks.resumed [--seeds N] [--recipe quick] [--share 0.1]

Each seed is trained to its end in one go, and once more with a break in the middle, the second half in a
process of its own; both networks read the test cells. MNIST is found as the app finds it (MNIST_DATA).
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from mnist_core.config import PROJECT_FOLDER, AppPaths, ModelFiles
from mnist_core.reading.normalization import to_batch
from mnist_core.reading.onnx_model import Network
from mnist_core.training.events import EpochEnd, TrainingEvent
from mnist_core.training.mixture.build import build_training_set
from mnist_core.training.train_config import TrainConfig


def train_here(config: TrainConfig, checkpoint: Path, break_after: int) -> None:
    """Train in this process, until so many epochs are over or to the end."""
    from mnist_core.training.loop import train

    epochs: list[TrainingEvent] = []

    def on_event(event: TrainingEvent) -> None:
        if isinstance(event, EpochEnd):
            epochs.append(event)

    train(
        config,
        AppPaths.from_environment(),
        on_event=on_event,
        should_stop=lambda: 0 < break_after <= len(epochs),
        checkpoint=checkpoint,
    )


def train_elsewhere(config: TrainConfig, checkpoint: Path, break_after: int = 0) -> None:
    """Train in a fresh process."""
    arguments = [json.dumps(config.to_json()), str(checkpoint), str(break_after)]
    subprocess.run(
        [sys.executable, "-m", "benchmarks.resumed", "--one", json.dumps(arguments)],
        cwd=PROJECT_FOLDER,
        stderr=subprocess.DEVNULL,
        check=True,
    )


def main(
    seeds: Annotated[int, typer.Option(help="How many.")] = 3,
    recipe: Annotated[str, typer.Option(help="Of training.")] = "quick",
    share: Annotated[float, typer.Option(help="Of the training cells.")] = 0.1,
    one: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    if one is not None:
        content, checkpoint, break_after = json.loads(one)
        train_here(TrainConfig.from_json(json.loads(content)), Path(checkpoint), int(break_after))
        return
    for seed in range(seeds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            config = TrainConfig(recipe=recipe, seed=seed, data_share=share, output=folder / "whole")
            test = build_training_set(config, AppPaths.from_environment()).test_sets[0]
            train_elsewhere(config, folder / "whole.npz")
            halves = TrainConfig(recipe=recipe, seed=seed, data_share=share, output=folder / "halves")
            train_elsewhere(halves, folder / "halves.npz", break_after=config.chosen_epochs // 2)
            train_elsewhere(halves, folder / "halves.npz")
            cells = to_batch(test.cells)[..., 0]
            whole, resumed = (
                Network.open(ModelFiles(folder / kind)).run(cells).probabilities
                for kind in ("whole", "halves")
            )
            right = [int((answers.argmax(axis=1) == test.labels).sum()) for answers in (whole, resumed)]
            print(
                f"seed {seed}: unbroken {right[0]}, with a break {right[1]} of {len(test.labels)}; "
                f"{int((whole.argmax(axis=1) != resumed.argmax(axis=1)).sum())} read differently; "
                f"largest difference of a probability {np.abs(whole - resumed).max():.1e}",
                flush=True,
            )


if __name__ == "__main__":
    typer.run(main)
