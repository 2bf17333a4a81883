"""Files written whole or not at all, and locks that end with the process that holds them."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file so that whoever reads it finds the old content or the new, never a part.

    Raises:
        OSError: the disk is full or can't be written to; what was there before still is.
    """
    encoded = content.encode("utf-8") if isinstance(content, str) else content
    partial, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".partial")
    try:
        with os.fdopen(partial, "wb") as file:
            file.write(encoded)
        os.chmod(name, 0o644)  # temporary files are closed to everyone else
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def try_lock(path: Path) -> int | None:
    """Take a lock if no other process has it.

    The lock is let go when the returned descriptor, and every copy a child process has of it, is closed:
    however a process ends, it leaves no lock behind.

    Args:
        path: of the lock's file, in a folder that exists; it stays.
    Returns:
        An open file descriptor, or None where someone else has the lock.
    Raises:
        OSError: the file can't be written to.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_locked(path: Path) -> bool:
    """Whether some process has a lock; asking hinders nobody who asks as well."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


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
        time.sleep(0.01)
    try:
        yield
    finally:
        os.close(descriptor)
