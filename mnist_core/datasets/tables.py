"""A user's own tables of cells as .csv: loaded within bounds, refused with the row that is wrong."""

import itertools
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.errors import DataError

MAX_ROWS = 250_000
"""Four times MNIST, 200 MB in memory: more is refused before it fills the machine."""

_PIXELS = CELL_SIZE * CELL_SIZE
_ROWS_AT_ONCE = 4096
"""A table is parsed in such pieces, so that its text never lies in memory whole."""
_LONGEST_LINE = 20_000
"""Characters; 785 values of up to 24 characters fit. A file without line breaks is refused early."""


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
    """Load a table `label,pixel0,...,pixel783` with a header, then a row a digit, 0 to 255.

    Args:
        path: of the table.
    Returns:
        Its cells, in the order of its rows.
    Raises:
        DataError: missing or malformed; rows are counted as a spreadsheet does, the header being row 1.
    """
    parts: list[NDArray[np.uint8]] = []
    try:
        with path.open(encoding="utf-8-sig", newline=None) as file:
            _check_header(file.readline(_LONGEST_LINE), path)
            for first_row in itertools.count(2, _ROWS_AT_ONCE):
                lines = list(itertools.islice(iter(lambda: file.readline(_LONGEST_LINE), ""), _ROWS_AT_ONCE))
                if not lines:
                    break
                if first_row + len(lines) - 2 > MAX_ROWS:
                    raise DataError(
                        f"{path} has more than {MAX_ROWS:,} rows; that is too many for this machine."
                    )
                parts.append(_parse_rows(lines, first_row, path))
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no text in UTF-8, so no CSV table.") from error
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}.") from error
    if not parts:
        raise DataError(f"{path} has a header but no rows.")
    table = np.concatenate(parts)
    return LabelledCells(table[:, 1:].reshape(-1, CELL_SIZE, CELL_SIZE), table[:, 0].astype(np.int64))


def _check_header(line: str, path: Path) -> None:
    names = line.strip().split(",")
    if len(names) != 1 + _PIXELS or names[0].strip().strip('"') != "label":
        raise DataError(
            f"{path} does not begin with the header label,pixel0,...,pixel783: "
            f"its first row has {len(names)} columns, the first being {names[0][:20]!r}."
        )


def _parse_rows(lines: Sequence[str], first_row: int, path: Path) -> NDArray[np.uint8]:
    """Parse rows to uint8 (n, 785); the label is the first column."""
    try:
        table = np.loadtxt(lines, dtype=np.float32, delimiter=",", comments=None, ndmin=2)
    except ValueError:
        table = None
    if table is None or table.shape != (len(lines), 1 + _PIXELS):  # blank lines are passed over in silence
        raise DataError(f"{path}, {_first_bad_row(lines, first_row)}")
    # Not a number compares false, so it is caught here too.
    sound = (table >= 0) & (table <= 255) & (table == np.floor(table))
    sound[:, 0] &= table[:, 0] < DIGIT_CLASSES
    if not sound.all():
        row, column = (int(place) for place in np.argwhere(~sound)[0])
        what, most = ("label", DIGIT_CLASSES - 1) if column == 0 else (f"pixel{column - 1}", 255)
        value = f"{table[row, column]:g}"
        raise DataError(
            f"{path}, row {first_row + row}: {what} is {value}, not a whole number from 0 to {most}."
        )
    return table.astype(np.uint8)


def _first_bad_row(lines: Sequence[str], first_row: int) -> str:
    """Say which row can't be parsed, and why."""
    for row, line in enumerate(lines, first_row):
        values = line.strip().split(",")
        if len(values) != 1 + _PIXELS:
            return f"row {row}: {len(values) if line.strip() else 0} values where {1 + _PIXELS} are expected."
        for column, value in enumerate(values):
            try:
                float(value)
            except ValueError:
                name = "label" if column == 0 else f"pixel{column - 1}"
                problem = "is missing" if not value.strip() else f"is {value[:20]!r}, no number"
                return f"row {row}: {name} {problem}."
    return f"rows {first_row} to {first_row + len(lines) - 1}: not a table of numbers."
