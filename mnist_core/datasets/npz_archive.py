"""Cells from an .npz archive: every header is checked before a cell is inflated, then read in pieces."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from mnist_core.config import CELL_SIZE
from mnist_core.datasets.labelled_cells import LabelledCells
from mnist_core.datasets.tables import MAX_ROWS, open_table
from mnist_core.errors import DataError

_NAMES = ("x_train", "y_train", "x_test", "y_test")
_MAX_BYTES = 450_000_000
"""Of all four arrays: MNIST as 8-byte integers has 440 million. It takes a second or two to inflate."""
_PIECE_BYTES = 16_000_000
"""So much is inflated at a time, so that only the cells themselves, a byte a pixel, are ever held whole."""
_MAX_DIRECTORY_BYTES = 65_536
"""Of the archive's list of files, which is read whole; that of four arrays has 300 bytes."""
_MAX_HEADER_BYTES = 4096
"""Of one array; numpy writes 128."""
_END_RECORD = struct.Struct("<4s4H2LH")
_ENCRYPTED = 0x1

# What zipfile and zlib raise on damaged bytes.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
# As numpy writes it; read as text and never evaluated.
_HEADER = re.compile(
    r"\{\s*'descr':\s*'(?P<descr>[^']{1,16})',\s*'fortran_order':\s*(?P<fortran>True|False),"
    r"\s*'shape':\s*\((?P<shape>(?:\d{1,18},\s*)*(?:\d{1,18})?)\),?\s*\}\s*"
)
_INTEGERS = re.compile(r"[<>|=]?[ui][1248]")
_KINDS = {
    "f": "fractions",
    "b": "yes or no",
    "c": "complex numbers",
    "U": "text",
    "S": "text",
    "O": "objects",
}


@dataclass(frozen=True, slots=True)
class _StoredArray:
    """What the headers say of one array in the archive.

    Attributes:
        name: without its ending.
        dtype: whole numbers of 1 to 8 bytes.
        shape: of the array.
        fortran_order: whether the first axis varies fastest in the file.
        header_bytes: before the first value.
    """

    name: str
    dtype: np.dtype[np.integer]
    shape: tuple[int, ...]
    fortran_order: bool
    header_bytes: int

    @property
    def total_bytes(self) -> int:
        return self.header_bytes + prod(self.shape) * self.dtype.itemsize


def load_npz(path: Path) -> tuple[LabelledCells, LabelledCells]:
    """Load an .npz with x_train, y_train, x_test and y_test, as Keras' mnist.npz has.

    Args:
        path: of the file; nothing in it is ever unpickled or evaluated.
    Returns:
        The training part and the test part.
    Raises:
        DataError: missing, damaged, malformed, or over the bounds.
    """
    with _opened(path) as archive:
        arrays = [_checked_array(archive, name, path) for name in _NAMES]
        _require_bounds(arrays, path)
        x_train, y_train, x_test, y_test = (_load_bytes(archive, array, path) for array in arrays)
    return LabelledCells(x_train, y_train.astype(np.int64)), LabelledCells(x_test, y_test.astype(np.int64))


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open the archive; whatever is damaged in it becomes one sentence."""
    try:
        with open_table(path) as file:
            _require_small_directory(file, path)
            with zipfile.ZipFile(file) as archive:
                yield archive
    except _DAMAGE as error:
        raise DataError(
            f"{path} is no .npz of arrays, or it is damaged: save it again with numpy.savez."
        ) from error


def _require_small_directory(file: IO[bytes], path: Path) -> None:
    """Check how long the archive's list of files is: zipfile makes an object of each before it can be asked.

    The list's length stands in the file's last 22 bytes. Archives with a remark behind them, or of more than
    4 GB, keep it elsewhere; numpy writes neither.
    """
    size = file.seek(0, 2)
    tail = max(0, size - _END_RECORD.size - 20)
    file.seek(tail)
    end = file.read()
    signature, *_, directory_bytes, _, remark_bytes = _END_RECORD.unpack(end[-_END_RECORD.size :])
    is_large = end.startswith(b"PK\x06\x07")  # 20 bytes before: where larger archives keep it
    if signature != b"PK\x05\x06" or remark_bytes or is_large:
        raise zipfile.BadZipFile("no end record where numpy writes it")
    if directory_bytes > _MAX_DIRECTORY_BYTES:
        raise DataError(f"{path} holds far more files than the four arrays of a table.")


def _checked_array(archive: zipfile.ZipFile, name: str, path: Path) -> _StoredArray:
    """Check one array's entry in the archive's directory and its own header."""
    try:
        entry = archive.getinfo(f"{name}.npy")
    except KeyError as error:
        raise DataError(f"{path} holds no array {name}; expected are {', '.join(_NAMES)}.") from error
    if entry.flag_bits & _ENCRYPTED:
        raise DataError(f"{path} is encrypted: save it again without a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DataError(f"{path} is compressed in a way that numpy does not use: save it with numpy.savez.")
    with archive.open(entry) as file:
        array = _parse_header(file, name, path)
    is_cells = name.startswith("x_")
    if not array.shape or array.shape[1:] != ((CELL_SIZE, CELL_SIZE) if is_cells else ()):
        expected = f"(n, {CELL_SIZE}, {CELL_SIZE})" if is_cells else "one label a cell"
        raise DataError(f"{path}: {name} is {array.shape}, not {expected}.")
    if array.shape[0] > MAX_ROWS:
        raise DataError(f"{path}: {name} has {array.shape[0]:,} rows; at most {MAX_ROWS:,} are read.")
    if entry.file_size != array.total_bytes:
        raise zipfile.BadZipFile(f"{name} has {entry.file_size} bytes, not {array.total_bytes}")
    return array


def _parse_header(file: IO[bytes], name: str, path: Path) -> _StoredArray:
    """Parse what stands before an array's values: magic, version, length, and a dictionary as text."""
    magic, major, _ = struct.unpack("<6sBB", file.read(8))
    if magic != b"\x93NUMPY" or major not in (1, 2, 3):
        raise zipfile.BadZipFile(f"{name} is no array")
    length_format = "<H" if major == 1 else "<I"
    (length,) = struct.unpack(length_format, file.read(struct.calcsize(length_format)))
    text = file.read(min(length, _MAX_HEADER_BYTES))
    parsed = _HEADER.fullmatch(text.decode("latin-1")) if len(text) == length else None
    if parsed is None:
        raise DataError(f"{path}: {name} is no plain array of whole numbers.")
    descr = parsed["descr"]
    if not _INTEGERS.fullmatch(descr):
        kind = _KINDS.get(descr.lstrip("<>|=")[:1], "something else")
        raise DataError(
            f"{path}: {name} holds {kind} ({descr}), not whole numbers from 0 to 255. Where it holds "
            f"fractions from 0 to 1, save (255 * {name}).round().astype('uint8')."
        )
    return _StoredArray(
        name=name,
        dtype=np.dtype(descr),
        shape=tuple(int(size) for size in re.findall(r"\d+", parsed["shape"])),
        fortran_order=parsed["fortran"] == "True",
        header_bytes=8 + struct.calcsize(length_format) + length,
    )


def _require_bounds(arrays: list[_StoredArray], path: Path) -> None:
    """Check what all arrays together take, and that there is a label for each cell."""
    x_train, y_train, x_test, y_test = arrays
    total = sum(array.total_bytes for array in arrays)
    if total > _MAX_BYTES:
        raise DataError(
            f"{path} unpacks to {total // 1_000_000:,} MB; at most {_MAX_BYTES // 1_000_000} MB are read. "
            f"Save the cells as bytes: {x_train.name}.astype('uint8')."
        )
    if x_train.shape[0] + x_test.shape[0] > MAX_ROWS:
        raise DataError(f"{path} has more than {MAX_ROWS:,} cells; that is too many for this machine.")
    for cells, labels in ((x_train, y_train), (x_test, y_test)):
        if cells.shape[0] != labels.shape[0]:
            raise DataError(
                f"{path}: {cells.name} has {cells.shape[0]:,} cells but {labels.name} {labels.shape[0]:,} "
                "labels."
            )


def _load_bytes(archive: zipfile.ZipFile, array: _StoredArray, path: Path) -> NDArray[np.uint8]:
    """Load an array of whole numbers from 0 to 255, a piece at a time; uint8, of the header's shape."""
    values = np.empty(array.shape, np.uint8)
    as_stored = values.T if array.fortran_order else values  # the axis that varies slowest comes first
    row_bytes = prod(as_stored.shape[1:]) * array.dtype.itemsize
    rows = max(1, _PIECE_BYTES // max(1, row_bytes))
    with archive.open(f"{array.name}.npy") as file:
        file.read(array.header_bytes)
        for first in range(0, len(as_stored), rows):
            target = as_stored[first : first + rows]
            content = file.read(len(target) * row_bytes)
            if len(content) < len(target) * row_bytes:
                raise EOFError(f"{array.name} is cut off")
            piece = np.frombuffer(content, array.dtype).reshape(target.shape)
            if piece.size and (piece.min() < 0 or piece.max() > 255):
                raise DataError(f"{path}: {array.name} holds values outside 0 to 255.")
            target[...] = piece
    return values
