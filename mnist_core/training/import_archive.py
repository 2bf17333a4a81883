"""Zip archives from strangers' hands: how much is in them is checked while they are unpacked."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from mnist_core.errors import ModelError

MAX_ENTRIES = 64
MAX_UNPACKED_BYTES = 200_000_000
"""Of all files of an archive together: more than ten times the largest recipe's network."""
_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, LookupError)
"""What zipfile and zlib raise on damaged bytes."""


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip archive by their names.

    Args:
        content: of the archive.
    Raises:
        ModelError: damaged, encrypted, with too many files, or too large once unpacked.
    """
    files: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    with _opened(content) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MAX_ENTRIES:
            raise ModelError(f"It holds {len(entries):,} files; a network has at most {MAX_ENTRIES}.")
        for entry in entries:
            if entry.flag_bits & _ENCRYPTED:
                raise ModelError("It is encrypted: pack it again without a password.")
            if entry.filename in files:
                raise ModelError("It holds two files of one name.")
            with archive.open(entry) as file:  # what its directory says of its size is no proof
                files[entry.filename] = file.read(left + 1)
            left -= len(files[entry.filename])
            if left < 0:
                raise ModelError(f"It unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB.")
    return files


@contextmanager
def _opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except _DAMAGE as error:
        raise ModelError("It is damaged: its files can't be unpacked.") from error
