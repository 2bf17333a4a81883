"""A user's own tables of cells as .csv: loaded within bounds, refused with the row that is wrong.

A table comes with commas, semicolons or tabs, with or without its header, in quotes or without them.
"""

import csv
import io
import itertools
import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.errors import DataError

MAX_ROWS = 250_000
"""Four times MNIST, 200 MB in memory: more is refused before it fills the machine."""

_PIXELS = CELL_SIZE * CELL_SIZE
_COLUMNS = 1 + _PIXELS
_SHORTEST_ROW_BYTES = 2 * _COLUMNS - 1
"""A character a value and one between two of them: no file has more rows than this allows."""
_ROWS_AT_ONCE = 2048
"""A table is parsed in such pieces, so that its text never lies in memory whole."""
_LONGEST_LINE = 20_000
"""Characters; 785 values of up to 24 characters fit. A file without line breaks is refused early."""
_DELIMITERS = (",", ";", "\t")
_EMPTY = ' \t\r\n,;"'
"""What a row without any value may consist of: spreadsheets write such rows below a table."""


@dataclass(frozen=True, slots=True, eq=False)  # eq=False: comparing arrays has no single answer
class _Layout:
    """How a table is written.

    Attributes:
        delimiter: between two values.
        has_header: whether its first row names the columns.
        columns: intp (785,); where in a row the label stands, and then pixel 0, pixel 1 and so on.
        is_quoted_whole: whether each row stands in quotes as a whole, as a spreadsheet writes a row that it
            took for one value.
    """

    delimiter: str
    has_header: bool
    columns: NDArray[np.intp]
    is_quoted_whole: bool


def open_table(path: Path) -> BinaryIO:
    """Open a table's file for reading.

    Raises:
        DataError: missing, no plain file, or not to be opened: one sentence for all, which tells a stranger
            nothing of what is on this machine.
    """
    with suppress(OSError):
        if path.is_file():  # not a folder, nor a pipe, which would be waited for
            return path.open("rb")
    raise DataError(f"{path} can't be read: there is no such file, or it may not be opened.")


def load_csv(path: Path) -> LabelledCells:
    """Load a table of a label and 784 pixels a row, 0 to 255, below a header `label,...` or without one.

    Args:
        path: of the table.
    Returns:
        Its cells, in the order of its rows.
    Raises:
        DataError: missing or malformed; rows are counted as a spreadsheet does, from 1 on, the header
            included. The message says where the mistake is and quotes nothing of the file.
    """
    with open_table(path) as binary, io.TextIOWrapper(binary, encoding="utf-8-sig", newline=None) as file:
        capacity = min(MAX_ROWS, os.fstat(binary.fileno()).st_size // _SHORTEST_ROW_BYTES + 1)
        cells = np.empty((capacity, CELL_SIZE, CELL_SIZE), np.uint8)  # costs memory only where it is filled
        labels = np.empty(capacity, np.int64)
        count = 0
        try:
            for table in _pieces(file, path):
                if count + len(table) > capacity:
                    raise DataError(f"{path} has more than {MAX_ROWS:,} rows: too many for this machine.")
                cells[count : count + len(table)] = table[:, 1:].reshape(-1, CELL_SIZE, CELL_SIZE)
                labels[count : count + len(table)] = table[:, 0]
                count += len(table)
        except UnicodeDecodeError as error:
            raise DataError(f"{path} is no text in UTF-8, so no CSV table.") from error
        except (OSError, csv.Error) as error:
            raise DataError(f"{path} is damaged: it can't be read to its end as a CSV table.") from error
    if not count:
        raise DataError(f"{path} has a header but no rows.")
    return LabelledCells(cells[:count], labels[:count])


def _pieces(file: TextIO, path: Path) -> Iterator[NDArray[np.uint8]]:
    """Parse a table a piece at a time: uint8 (n, 785) each."""
    first_line = file.readline(_LONGEST_LINE)
    layout = _find_layout(first_line, path)
    others = iter(lambda: file.readline(_LONGEST_LINE), "")
    first_row = 2 if layout.has_header else 1
    lines = _filled_lines(
        others if layout.has_header else itertools.chain([first_line], others), first_row, path
    )
    while piece := list(itertools.islice(lines, _ROWS_AT_ONCE)):
        if layout.is_quoted_whole:
            piece = [_unquoted(line) for line in piece]
        yield _parse_rows(piece, first_row, layout, path)
        first_row += len(piece)


def _find_layout(line: str, path: Path) -> _Layout:
    """Find out how a table is written from its first line.

    Raises:
        DataError: it has not 785 columns, or neither names a `label` nor begins with a digit.
    """
    most = 0
    for delimiter, is_quoted_whole in itertools.product(_DELIMITERS, (False, True)):
        values = _split(_unquoted(line) if is_quoted_whole else line, delimiter)
        most = max(most, len(values))
        if len(values) == _COLUMNS:
            names = [value.strip().casefold() for value in values]
            if names.count("label") == 1:
                return _Layout(delimiter, True, _column_order(names), is_quoted_whole)
            if names[0] in map(str, range(DIGIT_CLASSES)):
                return _Layout(delimiter, False, np.arange(_COLUMNS), is_quoted_whole)
            raise DataError(
                f"{path} has {_COLUMNS} columns, but its first row names none of them `label`, nor does it "
                "begin with a digit from 0 to 9: the first column is to say which digit each row shows."
            )
    raise DataError(
        f"{path} is no table of digits: that has a label and {_PIXELS} pixels in each row, {_COLUMNS} "
        f"columns. Its first row has {most}."
    )


def _column_order(names: Sequence[str]) -> NDArray[np.intp]:
    """Find where the label and each pixel stand; pixels whose names end in no number are taken in order."""
    label = names.index("label")
    pixels = [column for column in range(_COLUMNS) if column != label]
    numbers = [re.fullmatch(r"\D*(\d{1,3})", names[column]) for column in pixels]
    by_number = {int(number[1]): column for number, column in zip(numbers, pixels, strict=True) if number}
    if sorted(by_number) in (list(range(_PIXELS)), list(range(1, _PIXELS + 1))):
        pixels = [by_number[number] for number in sorted(by_number)]
    return np.array([label, *pixels])


def _unquoted(line: str) -> str:
    return line.strip().removeprefix('"').removesuffix('"').replace('""', '"')


def _split(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


def _filled_lines(lines: Iterator[str], first_row: int, path: Path) -> Iterator[str]:
    """Pass a table's lines on, without empty ones at its end; one between its rows is refused."""
    empty_row = None
    for row, line in enumerate(lines, first_row):
        if row > 2 * MAX_ROWS:
            raise DataError(f"{path} has more than {MAX_ROWS:,} rows: too many for this machine.")
        if not line.strip(_EMPTY):
            empty_row = empty_row or row
            continue
        if empty_row:
            raise DataError(f"{path}, row {empty_row}: 0 values where {_COLUMNS} are expected.")
        yield line


def _parse_rows(lines: Sequence[str], first_row: int, layout: _Layout, path: Path) -> NDArray[np.uint8]:
    """Parse rows to uint8 (n, 785); the label is the first column."""
    table = _numbers(lines, layout.delimiter)
    if table is None or table.shape != (len(lines), _COLUMNS):
        raise DataError(f"{path}, {_first_bad_row(lines, first_row, layout)}")
    table = table[:, layout.columns]
    # Not a number compares false, so it is caught here too.
    sound = (table >= 0) & (table <= 255) & (np.rint(table) == table)
    sound[:, 0] &= table[:, 0] < DIGIT_CLASSES
    if not sound.all():
        row, column = (int(index) for index in np.argwhere(~sound)[0])
        problem = _what_is_wrong(float(table[row, column]), DIGIT_CLASSES - 1 if column == 0 else 255)
        raise DataError(f"{path}, row {first_row + row}: {_column_name(column)} {problem}.")
    return table.astype(np.uint8)


def _numbers(lines: Sequence[str], delimiter: str) -> NDArray[np.number] | None:
    """Parse rows as whole numbers or else, ten times as slowly, as fractions; None where they are neither."""
    for dtype in (np.int32, np.float32):
        with suppress(ValueError):
            return np.loadtxt(lines, dtype, delimiter=delimiter, quotechar='"', comments=None, ndmin=2)
    return None


def _first_bad_row(lines: Sequence[str], first_row: int, layout: _Layout) -> str:
    """Return which row can't be parsed, and why, as the end of a sentence."""
    for row, line in enumerate(lines, first_row):
        values = _split(line, layout.delimiter)
        if len(values) != _COLUMNS:
            return f"row {row}: {len(values)} values where {_COLUMNS} are expected."
        for column, index in enumerate(layout.columns):
            try:
                float(values[index])
            except ValueError:
                problem = "is no number" if values[index].strip() else "is missing"
                return f"row {row}: {_column_name(column)} {problem}."
    return f"rows {first_row} to {first_row + len(lines) - 1}: not a table of numbers."


def _what_is_wrong(value: float, most: int) -> str:
    if math.isnan(value):
        return "is no number"
    if value < 0:
        return "is below 0"
    if value > most:
        return f"is over {most}"
    return (
        "is a fraction; here are whole numbers from 0 (paper) to 255 (ink). Where yours go from 0 to 1, "
        "multiply them by 255"
    )


def _column_name(column: int) -> str:
    return f"pixel{column - 1}" if column else "label"
