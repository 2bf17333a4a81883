"""`read`: pictures in, digits out, a row a picture."""

import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mnist_core.commands.console import RowFormat, progress_console, say
from mnist_core.commands.paths import find_pictures
from mnist_core.commands.pool import read_pictures
from mnist_core.commands.rows import rows_written
from mnist_core.errors import UnreadableFileError

if TYPE_CHECKING:
    from mnist_core.reading.reports import PictureReport


class Kind(StrEnum):
    """The kinds of pictures, which decide how ink is separated from paper."""

    PHOTO = "photo"
    DRAWING = "drawing"


def read(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Pictures, and folders of them.")],
    kind: Annotated[Kind, typer.Option("--as", help="What the pictures are.")] = Kind.PHOTO,
    row_format: Annotated[
        RowFormat | None,
        typer.Option("--format", help="Default: a table on a terminal, else JSON, one object a line."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write the results to this file.", metavar="FILE", dir_okay=False)
    ] = None,
) -> None:
    """Read the handwritten digits in pictures."""
    from mnist_core.reading.files import PICTURE_SUFFIXES
    from mnist_core.reading.recognizer import Recognizer

    pictures = list(find_pictures(paths, PICTURE_SUFFIXES))
    if output is not None and any(_same_file(picture, output) for picture in pictures):
        raise typer.BadParameter(f"{output} is one of the pictures to read.", param_hint="--output")
    row_format = row_format or _usual_format(output)
    recognizer = Recognizer.load()
    failures = done = 0
    with ExitStack() as stack:
        stream = sys.stdout if output is None else stack.enter_context(_open_output(output))
        write = stack.enter_context(rows_written(stream, row_format))
        stopped = stack.enter_context(_stopped_by_interrupt())
        results = read_pictures(pictures, recognizer, as_drawing=kind is Kind.DRAWING, stopped=stopped)
        stack.enter_context(closing(results))  # its processes end first, whatever happens here
        rows: Iterator[PictureReport] = results
        if len(pictures) > 1 and not (stream.isatty() and row_format is not RowFormat.TABLE):
            rows = _with_progress(results, len(pictures))
        for result in rows:
            if result.error is not None:
                failures += 1
                say(result.error)
            write(result)
            done += 1
    if done < len(pictures):
        say(f"Stopped: {done:,} of {len(pictures):,} pictures were read.")
    if failures or done < len(pictures):
        raise typer.Exit(1)


@contextmanager
def _stopped_by_interrupt() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C ask for an end, so that what is in work is read and written whole.

    Yields the function that returns whether it was pressed. Pressed again, it interrupts at once.
    """
    presses = 0

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal presses
        presses += 1
        if presses > 1:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield lambda: presses > 0
    finally:
        signal.signal(signal.SIGINT, before)


def _usual_format(output: Path | None) -> RowFormat:
    if output is not None:
        return RowFormat.CSV if output.suffix.lower() == ".csv" else RowFormat.JSON
    return RowFormat.TABLE if sys.stdout.isatty() else RowFormat.JSON


def _same_file(picture: Path, output: Path) -> bool:
    return output.exists() and picture.exists() and picture.samefile(output)


def _open_output(output: Path) -> TextIO:
    try:
        return output.open("w", encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UnreadableFileError(f"{output} can't be written: {reason}.") from error


def _with_progress(results: "Iterable[PictureReport]", total: int) -> "Iterator[PictureReport]":
    """Show a bar on standard error while results come, where a person is looking."""
    console = progress_console()
    columns = (TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, redirect_stdout=False, disable=not console.is_terminal
    ) as bar:
        yield from bar.track(results, total=total)
