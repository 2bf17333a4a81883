"""`read`: pictures in, digits out, a row a picture."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mnist_core.commands.console import RowFormat, progress_console, say
from mnist_core.commands.paths import find_pictures
from mnist_core.commands.rows import rows_written
from mnist_core.errors import UnreadableFileError

if TYPE_CHECKING:
    from mnist_core.reading.recognizer import Recognizer
    from mnist_core.reading.reports import PictureReport


class Kind(StrEnum):
    """How a picture came about, which decides how ink is told from paper."""

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
    results = _read_all(pictures, Recognizer.load(), kind)
    failures = 0
    with ExitStack() as stack:
        stream = sys.stdout if output is None else stack.enter_context(_open_output(output))
        write = stack.enter_context(rows_written(stream, row_format))
        if len(pictures) > 1 and not (stream.isatty() and row_format is not RowFormat.TABLE):
            results = _with_progress(results, len(pictures))
        for result in results:
            if result.error is not None:
                failures += 1
                say(result.error)
            write(result)
    if failures:
        raise typer.Exit(1)


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


def _read_all(pictures: Iterable[Path], recognizer: "Recognizer", kind: Kind) -> "Iterator[PictureReport]":
    from mnist_core.reading.files import printable_name
    from mnist_core.reading.reports import PictureReport, report_picture

    for picture in pictures:
        name = str(picture)
        if picture.is_dir():
            yield PictureReport(name, None, f"{printable_name(name)} is a folder that holds no pictures.")
        else:
            yield report_picture(recognizer, picture, name, as_drawing=kind is Kind.DRAWING)
