"""How a training run goes, on standard error: a bar where a person is looking, and a line an epoch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn

from mnist_core.commands.console import progress_console

if TYPE_CHECKING:
    from mnist_core.training.events import BatchProgress, EpochEnd, TrainingEvent


@contextmanager
def training_progress() -> "Iterator[Callable[[TrainingEvent], None]]":
    """Show how training goes: a bar where a person is looking, and a line an epoch everywhere."""
    from mnist_core.training.events import BatchProgress, EpochEnd, Finishing, Prepared

    console = progress_console()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"))
    with Progress(
        *columns, console=console, transient=True, redirect_stdout=False, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("Preparing", total=None, state="")

        def on_event(event: "TrainingEvent") -> None:
            if isinstance(event, Prepared):
                console.print(
                    f"Learning from {event.training_cells} cells, checked on {event.validation_cells} others."
                )
            elif isinstance(event, BatchProgress):
                description = f"Epoch {event.epoch} of {event.epochs}"
                bar.update(
                    task,
                    description=description,
                    completed=event.step,
                    total=event.steps,
                    state=_batch_state(event),
                )
            elif isinstance(event, EpochEnd):
                console.print(_epoch_line(event))
            elif isinstance(event, Finishing):
                bar.update(task, description="Writing and measuring", completed=0, total=None, state="")

        yield on_event


def _batch_state(event: "BatchProgress") -> str:
    return (
        f"loss {event.loss:.3f}, {event.accuracy:.2%} right, {event.cells_per_second:.0f} cells a second"
        + (f", {event.seconds_left:.0f} s left" if event.seconds_left is not None else "")
    )


def _epoch_line(event: "EpochEnd") -> str:
    point = event.point
    plain = ""
    if point.plain_loss is not None and point.plain_accuracy is not None:
        plain = f" (without augmentation {point.plain_loss:.4f}, {point.plain_accuracy:.2%})"
    return (
        f"Epoch {point.epoch} of {event.epochs}: loss {point.loss:.4f}, {point.accuracy:.2%} right"
        f"{plain}; on cells held out loss {point.validation_loss:.4f}, "
        f"{point.validation_accuracy:.2%} right; {point.seconds:.0f} s"
    )
