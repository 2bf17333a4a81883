"""Files written whole or not at all, and on the disk before anyone relies on them."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file so that whoever reads it finds the old content or the new, never a part.

    That holds for a power cut, too: the content is on the disk before the name is, and the name on return.

    Raises:
        OSError: the disk is full or can't be written to; what was there before still is.
    """
    encoded = content.encode("utf-8") if isinstance(content, str) else content
    partial, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".partial")
    try:
        with os.fdopen(partial, "wb") as file:
            file.write(encoded)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)  # temporary files are closed to everyone else
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    sync_folder(path.parent)


def sweep_partials(folder: Path, name: str = "") -> None:
    """Remove what processes left behind that were killed while they wrote whole files into a folder.

    Args:
        folder: into which no other process writes such a file meanwhile.
        name: of the file; "" for any.
    """
    for partial in folder.glob(f".{name}*-*.partial"):
        with suppress(OSError):
            partial.unlink()


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk, where the system can: Windows opens no folders."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
