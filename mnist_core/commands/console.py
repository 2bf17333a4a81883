"""What commands write on: results go to standard output, all else to standard error."""

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from mnist_core.visible_text import escape_hidden

_WIDE = 10_000
"""Columns of a table that no one looks at: wide enough that nothing is cut or folded."""


class TableFormat(StrEnum):
    """The formats of a command without rows of its own."""

    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[TableFormat, typer.Option("--format", help="A table, or JSON.")]


class RowFormat(StrEnum):
    """The formats of a command that writes a row for each picture."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def results_console() -> Console:
    """Return standard output; as wide as it takes where it is no terminal."""
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _WIDE)


def progress_console() -> Console:
    """Return standard error, for progress and remarks."""
    return Console(stderr=True, highlight=False, markup=False)


def say(sentence: str) -> None:
    """Write what is no result to standard error; what a terminal would obey is shown as an escape."""
    print(escape_hidden(sentence), file=sys.stderr, flush=True)


def print_json(value: object) -> None:
    """Write a value as one line of JSON."""
    print(json.dumps(value), flush=True)
