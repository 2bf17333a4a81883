"""Tables that were uploaded: stored once they are checked, within a quota, listed and removed."""

import hashlib
import io
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mnist_core.config import MAX_STORED_TABLES_BYTES, MAX_TABLE_BYTES, AppPaths
from mnist_core.datasets.labelled_cells import LabelledCells, split_stratified
from mnist_core.datasets.loading import load_dataset
from mnist_core.errors import DataError

_SUFFIXES = (".csv", ".npz")
_LONGEST_STEM = 40
_STORED_NAME = re.compile(r"(?P<stem>[a-zA-Z0-9_-]{1,40})-[0-9a-f]{12}(?P<suffix>\.csv|\.npz)")
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table in the home folder.

    Attributes:
        path: for `load_dataset`.
        name: what its owner called it, as far as a file here can be called so.
        bytes: its size.
    """

    path: Path
    name: str
    bytes: int


def store_table(name: str, content: bytes, paths: AppPaths) -> Path:
    """Write a table that was uploaded to the home folder, once it is checked.

    Args:
        name: of the file, as its owner calls it; its ending says what it is.
        content: of the file.
        paths: where to store it.
    Returns:
        Its path, for `load_dataset`; the same table is stored once.
    Raises:
        DataError: malformed, too few of a digit to train on, too large, beyond the quota, or the disk can't
            be written to.
    """
    stem = re.sub(r"[^a-zA-Z0-9_-]+", "-", Path(name).stem)[:_LONGEST_STEM].strip("-") or "table"
    suffix = Path(name).suffix.lower()
    if suffix not in _SUFFIXES:
        raise DataError(f"{name} is neither a .csv nor an .npz file.")
    if len(content) > MAX_TABLE_BYTES:
        raise DataError(f"{name} has more than {MAX_TABLE_BYTES // _MB} MB, which is the limit for a table.")
    target = paths.tables / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
    if target.is_file():
        return target
    _require_room(name, len(content), paths)
    try:
        paths.tables.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=paths.tables, prefix=".partial-") as partial:
            path = Path(partial) / f"{stem}{suffix}"  # complaints name the file as its owner does
            path.write_bytes(content)
            try:
                split_stratified(load_dataset(str(path), paths).train, 0.1, 0)
            except DataError as error:
                raise DataError(str(error).replace(f"{partial}{os.sep}", "")) from error
            os.replace(path, target)
    except OSError as error:
        raise DataError(f"{name} can't be stored in {paths.tables}: {error.strerror}.") from error
    return target


def store_cells(name: str, train: LabelledCells, test: LabelledCells, paths: AppPaths) -> Path:
    """Store cells as a table of their own, as `store_table` does.

    Args:
        name: of the table, without an ending.
        train: training cells.
        test: test cells; there may be none.
        paths: where to store them.
    """
    content = io.BytesIO()
    np.savez_compressed(
        content, x_train=train.cells, y_train=train.labels, x_test=test.cells, y_test=test.labels
    )
    return store_table(f"{name}.npz", content.getvalue(), paths)


def list_tables(paths: AppPaths) -> tuple[StoredTable, ...]:
    """List the stored tables by name."""
    found = []
    with suppress(OSError):
        for path in sorted(paths.tables.iterdir()):
            if parsed := _STORED_NAME.fullmatch(path.name):
                found.append(StoredTable(path, parsed["stem"] + parsed["suffix"], path.stat().st_size))
    return tuple(found)


def remove_table(table: StoredTable, paths: AppPaths) -> None:
    """Remove a stored table for good; one that is gone already is no error.

    Raises:
        DataError: it is none of the stored tables, or can't be removed.
    """
    if table.path.parent != paths.tables or not _STORED_NAME.fullmatch(table.path.name):
        raise DataError(f"{table.name} is none of the tables that are stored here.")
    try:
        table.path.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{table.name} can't be removed: {error.strerror}.") from error


def _require_room(name: str, size: int, paths: AppPaths) -> None:
    stored = sum(table.bytes for table in list_tables(paths))
    if stored + size > MAX_STORED_TABLES_BYTES:
        raise DataError(
            f"There is no room for {name}: the tables stored here take {stored // _MB} of "
            f"{MAX_STORED_TABLES_BYTES // _MB} MB. Delete one of them first."
        )
