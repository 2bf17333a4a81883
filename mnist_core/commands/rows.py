"""What came of each picture, written as a table, as JSON lines or as CSV."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from rich.table import Table
from rich.text import Text

from mnist_core.commands.console import RowFormat, results_console
from mnist_core.results import DigitReading, Reading
from mnist_core.spreadsheet import csv_row

_CSV_HEADER = ("path", "text", "digits", "least_confidence", "not_digits", "error")


@dataclass(frozen=True, slots=True)
class PictureReading:
    """What came of one picture: a reading, or the reason why there is none."""

    path: str
    reading: Reading | None
    error: str | None

    @property
    def text(self) -> str:
        return self.reading.text if self.reading else ""

    @property
    def marks(self) -> tuple[DigitReading, ...]:
        return self.reading.digits if self.reading else ()

    @property
    def accepted(self) -> int:
        """How many marks are digits."""
        return sum(mark.is_digit for mark in self.marks)

    @property
    def refused(self) -> int:
        """How many marks are no digits."""
        return len(self.marks) - self.accepted

    @property
    def least_confidence(self) -> float | None:
        """The confidence of the digit that is least sure; None where there is no digit."""
        return min((mark.confidence for mark in self.marks if mark.is_digit), default=None)


@contextmanager
def rows_written(stream: TextIO, row_format: RowFormat) -> Iterator[Callable[[PictureReading], None]]:
    """Give the function that writes a row; rows appear at once, a table when all are there.

    Args:
        stream: where to; left open.
        row_format: how.
    """
    if row_format is RowFormat.TABLE:
        table = Table("Picture", "Text", "Least sure", "Remarks")
        try:
            yield lambda result: table.add_row(*_as_table(result))
        finally:  # when interrupted, what was read so far
            console = results_console()
            console.file = stream
            console.print(table)
        return

    as_row = _as_json if row_format is RowFormat.JSON else _as_csv

    def write(result: PictureReading) -> None:
        stream.write(as_row(result))
        stream.flush()

    if row_format is RowFormat.CSV:
        stream.write(csv_row(_CSV_HEADER))
    yield write


def _as_json(result: PictureReading) -> str:
    digits = [
        {
            "label": mark.label,
            "is_digit": mark.is_digit,
            "confidence": round(mark.confidence, 6),
            "box": [mark.box.x, mark.box.y, mark.box.width, mark.box.height],
        }
        for mark in result.marks
    ]
    row = {"path": result.path, "text": result.text, "digits": digits, "error": result.error}
    return json.dumps(row) + "\n"


def _as_csv(result: PictureReading) -> str:
    least = None if result.least_confidence is None else round(result.least_confidence, 4)
    return csv_row((result.path, result.text, result.accepted, least, result.refused, result.error))


def _as_table(result: PictureReading) -> tuple[Text, ...]:
    """Cells as plain Text: a file's name is never markup."""
    from mnist_core.reading.files import printable_name

    remarks = [result.error] if result.error else []
    if not result.error and not result.accepted:
        remarks.append("no digit in it")
    if result.refused:
        remarks.append(
            "1 mark is no digit" if result.refused == 1 else f"{result.refused} marks are no digits"
        )
    least = "" if result.least_confidence is None else f"{result.least_confidence:.1%}"
    return tuple(map(Text, (printable_name(result.path), result.text, least, ", ".join(remarks))))
