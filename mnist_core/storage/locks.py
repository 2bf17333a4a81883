"""Locks among processes, which end with the process that holds them, however it ends."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import lock_descriptor

_PAUSE_SECONDS = 0.01
_LOOKS = 3
"""Whoever looks has the lock for a moment: when it is taken so often in a row, someone really has it."""
_LOOK_PAUSE_SECONDS = 0.001
_ONE_LOOKS = threading.Lock()
"""Threads of a process look one after another, and so don't take each other for a holder."""


def try_lock(path: Path) -> int | None:
    """Take a lock if no other process has it.

    The lock is released when the returned descriptor, and every copy a child process has of it, is closed.

    Args:
        path: of the lock's file, in a folder that exists; it stays.
    Returns:
        An open file descriptor, or None where someone else has the lock.
    Raises:
        OSError: the file can't be written to.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if lock_descriptor(descriptor, blocking=False):
            return descriptor
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def is_locked(path: Path) -> bool:
    """Return whether some process has a lock."""
    for look in range(_LOOKS):
        if look:
            time.sleep(_LOOK_PAUSE_SECONDS)
        if not _is_taken(path):
            return False
    return True


def _is_taken(path: Path) -> bool:
    with _ONE_LOOKS:
        try:
            descriptor = os.open(path, os.O_RDWR)
        except OSError:
            return False
        try:
            return not lock_descriptor(descriptor, blocking=False)
        finally:
            os.close(descriptor)


@contextmanager
def locked(path: Path, seconds: float = 10.0) -> Iterator[None]:
    """Hold a lock while the block runs; wait for whoever has it.

    Args:
        path: of the lock's file, in a folder that exists; it stays.
        seconds: how long to wait at most.
    Raises:
        TimeoutError: someone else had it all that time.
        OSError: the file can't be written to.
    """
    give_up_at = time.monotonic() + seconds
    while (descriptor := try_lock(path)) is None:
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"{path} is held by another process")
        time.sleep(_PAUSE_SECONDS)
    try:
        yield
    finally:
        os.close(descriptor)
