"""`train`: a training run from the command line; Ctrl-C cancels it."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from mnist_core.commands.console import results_console, say
from mnist_core.commands.findings import say_findings
from mnist_core.commands.training_progress import training_progress
from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.training.recipes import RECIPES

if TYPE_CHECKING:
    from mnist_core.runs.foreground import ForegroundRun
    from mnist_core.training.events import TrainingEvent
    from mnist_core.training.train_config import TrainConfig


def _known_recipe(name: str) -> str:
    """Return the name; raise what typer takes for wrong usage where there is no such recipe."""
    if name not in RECIPES:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(RECIPES)}.")
    return name


def train(
    context: typer.Context,
    data: Annotated[
        str, typer.Option(metavar="mnist|FILE.csv|FILE.npz", help="What to learn from.")
    ] = "mnist",
    recipe: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            callback=_known_recipe,
            help=f"Network and settings: {', '.join(RECIPES)}.",
        ),
    ] = "best",
    epochs: Annotated[int | None, typer.Option(min=1, help="Default: the recipe's.")] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Default: the recipe's.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same start.")] = 0,
    learning_rate: Annotated[float | None, typer.Option(help="Default: the recipe's.")] = None,
    data_share: Annotated[float, typer.Option(help="Learn from this share of the cells only.")] = 1.0,
    validation_share: Annotated[float | None, typer.Option(help="Default: the recipe's.")] = None,
    name: Annotated[
        str | None, typer.Option(help="What the model is called on the shelf; default: mine, mine-2 ...")
    ] = None,
    strokes: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Digits as pen strokes, UNIPEN text, to learn from too."),
    ] = None,
    unipen: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="UNIPEN's digits, letters and signs as pen strokes, likewise."),
    ] = None,
    not_digits: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Pictures of what is no digit, to learn to refuse.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the model here instead of on the shelf.")
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="RUN",
            help="Go on with a run that was interrupted, cancelled or finished: from its last epoch, with "
            "its settings. `runs` lists them; `last` is the latest.",
        ),
    ] = None,
    more_epochs: Annotated[
        int | None,
        typer.Option(
            min=1, help="With --resume: so many beyond those it was started for; a finished run: 5."
        ),
    ] = None,
) -> None:
    """Train a network. Ctrl-C cancels: no model is written, and `--resume` goes on later."""
    from mnist_core.runs.foreground import new_foreground_run, resumed_foreground_run
    from mnist_core.storage.model_folder import require_free
    from mnist_core.storage.shelf import free_name
    from mnist_core.training.train_config import TrainConfig

    paths: AppPaths = context.obj
    if resume is not None:
        _require_no_settings(context)
        training = _import_training()
        with resumed_foreground_run(_run_id(resume, paths), more_epochs, paths) as run:
            _train_and_say(training, run, paths)
        return
    if more_epochs is not None:
        raise typer.BadParameter("goes with --resume only.", param_hint="--more-epochs")
    config = TrainConfig(
        recipe=recipe,
        data=data,
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
        learning_rate=learning_rate,
        data_share=data_share,
        validation_share=validation_share,
        name=free_name("mine", paths) if name is None else name,
        strokes=strokes,
        unipen=unipen,
        not_digits=not_digits,
        output=output,
    )
    config.require_files()
    if output is None:
        require_free(paths.model(config.name).folder)
    if data != "mnist":
        _inspect_table(config, paths)
    training = _import_training()
    with new_foreground_run(config, paths) as run:
        _train_and_say(training, run, paths)


def _require_no_settings(context: typer.Context) -> None:
    """Refuse settings beside --resume: a run keeps those that it was started with."""
    for name in context.params:
        source = context.get_parameter_source(name)
        if name not in ("resume", "more_epochs") and source is not None and source.name == "COMMANDLINE":
            option = f"--{name.replace('_', '-')}"
            raise typer.BadParameter("a run goes on with the settings it has.", param_hint=option)


def _run_id(name: str, paths: AppPaths) -> str:
    from mnist_core.runs.history import latest_run

    if name != "last":
        return name
    run = latest_run(paths)
    if run is None:
        raise ModelError("No run was started here yet.")
    return run.id


def _train_and_say(training: ModuleType, run: "ForegroundRun", paths: AppPaths) -> None:
    """Train, show how it goes, and write what came of it."""
    from mnist_core.runs.estimate import expect_finishing
    from mnist_core.runs.run_files import checkpoint_path
    from mnist_core.training.events import Cancelled

    with _cancelled_by_signals() as should_stop, training_progress() as show:

        def on_event(event: "TrainingEvent") -> None:
            run.record(event)
            show(event)

        outcome = training.train(
            run.config,
            paths,
            on_event=on_event,
            should_stop=should_stop,
            checkpoint=checkpoint_path(run.folder),
            finishing_seconds=expect_finishing(run.config, paths),
        )
    if isinstance(outcome, Cancelled):
        epochs = f"{len(outcome.curves)} epoch{'' if len(outcome.curves) == 1 else 's'}"
        on = f"; `train --resume {run.folder.name}` goes on." if outcome.curves else "."
        say(f"Cancelled after {epochs}; no model was written{on}")
        raise typer.Exit(1)
    console = results_console()
    console.print(f"{outcome.card.name} is in {outcome.files.folder}")
    for score in outcome.card.scores:
        console.print(f"{score.measure}: {score.right / score.total:.2%} ({score.right} of {score.total})")


def _inspect_table(config: "TrainConfig", paths: AppPaths) -> None:
    """Write how a table is split, and what looks wrong with it, before minutes are spent on it."""
    from mnist_core.datasets.loading import load_dataset
    from mnist_core.datasets.splitting import split_sizes
    from mnist_core.datasets.summary import describe_dataset
    from mnist_core.reading.recognizer import Recognizer

    dataset = load_dataset(config.data, paths)
    summary = describe_dataset(dataset)
    share = config.chosen_recipe.validation_share
    say(f"{split_sizes(summary.counts, summary.test_cells, share, config.data_share).words}.")
    say_findings(dataset.train, Recognizer.open(paths.active_model()))


def _import_training() -> ModuleType:
    """Import the one module that needs tensorflow, without what tensorflow says while it starts."""
    from mnist_core.training.packages import missing_package

    say("Starting tensorflow ...")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _silenced_standard_error():
            from mnist_core.training import loop
    except ModuleNotFoundError as error:
        raise missing_package(error) from error
    return loop


@contextmanager
def _silenced_standard_error() -> Iterator[None]:
    """Drop what libraries write to standard error behind Python's back; exceptions pass."""
    sys.stderr.flush()
    before = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


@contextmanager
def _cancelled_by_signals() -> Iterator[Callable[[], bool]]:
    """Let the first Ctrl-C, or SIGTERM, ask training to stop; a second Ctrl-C ends the process at once."""
    stops: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        stops.append(number)
        say("Cancelling ...")
        signal.signal(signal.SIGINT, before[signal.SIGINT])

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(stops)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
