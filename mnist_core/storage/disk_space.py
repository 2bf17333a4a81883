"""The space that the home folder takes, by what takes it, and its limit for networks."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from mnist_core.config import MAX_SHELF_BYTES, AppPaths
from mnist_core.errors import ModelError
from mnist_core.logs import log_event
from mnist_core.storage.active_model import changing_shelf
from mnist_core.storage.removal import removed_folder


@dataclass(frozen=True, slots=True)
class Space:
    """What one kind of things takes.

    Attributes:
        kind: of things, in the plural.
        count: how many there are.
        size: of all files together, in bytes.
    """

    kind: str
    count: int
    size: int


def measure_space(paths: AppPaths) -> tuple[Space, ...]:
    """Measure what networks, removed networks, training runs and uploaded tables take."""
    folders = {
        "networks": paths.models,
        "removed networks": removed_folder(paths),
        "training runs": paths.runs,
        "uploaded tables": paths.tables,
    }
    return tuple(_measure(kind, folder) for kind, folder in folders.items())


def require_shelf_room(paths: AppPaths) -> None:
    """Refuse to begin a network for which the shelf has no room.

    Raises:
        ModelError: networks and removed networks together are at their limit.
    """
    networks, removed, *_ = measure_space(paths)
    taken = networks.size + removed.size
    if taken >= MAX_SHELF_BYTES:
        raise ModelError(
            f"The shelf is full: {networks.count} networks and {removed.count} removed ones take "
            f"{taken / 1e6:,.0f} MB of {MAX_SHELF_BYTES / 1e6:,.0f}. Remove some, and delete what was "
            "removed: at the end of the Models page, or with `python -m mnist_core space free removed`.",
            "the shelf is full",
        )


def forget_removed(paths: AppPaths) -> int:
    """Delete all removed networks for good.

    Returns:
        How many bytes that has freed.
    Raises:
        ModelError: the shelf is being changed all the time, or the disk can't be written to.
    """
    with changing_shelf(paths, "Nothing was deleted"):
        size = _measure("", removed_folder(paths)).size
        if removed_folder(paths).exists():
            shutil.rmtree(removed_folder(paths))
    log_event("removed models deleted", bytes=size)
    return size


def _measure(kind: str, folder: Path) -> Space:
    try:
        things = [entry for entry in os.scandir(folder) if not entry.name.startswith(".")]
    except OSError:
        return Space(kind, 0, 0)
    return Space(kind, len(things), sum(_size(Path(entry)) for entry in things))


def _size(path: Path) -> int:
    """Return the size of a file, or of all files in a folder; what vanishes meanwhile counts for nothing."""
    if path.is_dir() and not path.is_symlink():
        return sum(_size(Path(folder, name)) for folder, _, names in os.walk(path) for name in names)
    try:
        return path.lstat().st_size
    except OSError:
        return 0
