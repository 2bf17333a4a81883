"""The lock of training: one run at a time in a home, whoever starts it, from the page or the command line."""

import os
import time

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.runs.history import Run, load_run, lock_path, running_id
from mnist_core.storage.locks import is_locked, try_lock

_LOCK_SECONDS = 0.3
"""Who only looks whether a run is under way holds the lock for less."""
_LEAVING_SECONDS = 5.0
"""A worker whose run is over may take so long to leave: tensorflow tidies up."""


def take_run_lock(paths: AppPaths) -> int:
    """Take the lock of training.

    Returns:
        A file descriptor: closing it, and every copy that a child process has, releases the lock.
    Raises:
        ModelError: another run is under way, or the home folder can't be written to.
    """
    give_up_at = time.monotonic() + _LOCK_SECONDS
    try:
        paths.home.mkdir(parents=True, exist_ok=True)
        while (lock := try_lock(lock_path(paths))) is None:
            if time.monotonic() > give_up_at + (_LEAVING_SECONDS if _is_leaving(paths) else 0):
                raise ModelError(_whose_run(paths), "another run is under way")
            time.sleep(0.02)
    except OSError as error:
        raise ModelError(f"No run can be started: {paths.home}: {error.strerror}.") from error
    return lock


def write_run_id(lock: int, run_id: str) -> None:
    """Write into the lock's file whose run it is: that of the run under way, or of the last one."""
    os.ftruncate(lock, 0)
    os.lseek(lock, 0, os.SEEK_SET)
    os.write(lock, run_id.encode())


def running_run(paths: AppPaths) -> Run | None:
    """Load the run under way, if there is one."""
    run_id = running_id(paths)
    if run_id is None:
        return None
    try:
        return load_run(run_id, paths)
    except ModelError:  # it ended, and was dropped, just now
        return None


def _is_leaving(paths: AppPaths) -> bool:
    """Return whether the process that has the lock has written down how its run ended, or just let it go."""
    run = running_run(paths)
    return not is_locked(lock_path(paths)) if run is None else not run.alive


def _whose_run(paths: AppPaths) -> str:
    run = running_run(paths)
    if run is None:
        return "Another training run is under way: wait until it is over, or cancel it."
    whose = f"{run.who}'s run" if run.who else "A run"
    how_far = f"{run.recipe}, {run.progress:.0%} done"
    return f"{whose} is under way ({how_far}): wait until it is over, or cancel it."
