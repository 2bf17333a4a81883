"""A model's folder, written whole or not at all, whatever happens to the process that writes it."""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mnist_core.config import ModelFiles
from mnist_core.errors import ModelError
from mnist_core.storage.atomic import sync_folder
from mnist_core.storage.locks import try_lock

_PARTIAL = ".partial-"
_NAME = re.compile(r"[^/\\\0\n]{1,255}(?<!\.)")
"""What a lock file may name: a folder beside it. Anything else is not ours, or damaged."""

MODEL_BYTES = 100_000_000
"""Asked for before a run: more than the files of any recipe's model, and of its run, take together."""


@contextmanager
def new_model_folder(target: Path, replace: bool = False) -> Iterator[ModelFiles]:
    """Make a folder to write a model into, which becomes `target` when all is written.

    If the block raises, or the process ends, `target` is as it was before.

    Args:
        target: the model's own folder.
        replace: whether a model that is there may be replaced.
    Raises:
        ModelError: there is one already, or the disk can't be written to.
    """
    require_free(target, replace)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        partial, lock = _new_partial(target)
    except OSError as error:
        raise ModelError(f"No model can be written to {target.parent}: {error.strerror}.") from error
    try:
        yield ModelFiles(partial)
        try:
            _put_in_place(partial, target, replace)
        except OSError as error:
            raise ModelError(f"The model can't be put at {target}: {error.strerror}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(partial.with_suffix(".old"), ignore_errors=True)
        partial.with_suffix(".lock").unlink(missing_ok=True)
        os.close(lock)


def require_free(target: Path, replace: bool = False) -> None:
    """Refuse a name that is taken.

    Asked before hours of training are spent on it, too.

    Raises:
        ModelError: there is something already, and it may not be replaced.
    """
    if target.exists() and not replace:
        raise ModelError(
            f"There is a model {target.name!r} already: choose another name, or remove it first."
        )


def require_space(target: Path, size: int = MODEL_BYTES) -> None:
    """Refuse to begin what the disk has no room for.

    Args:
        target: the folder to be written; it need not exist.
        size: in bytes.
    Raises:
        ModelError: the disk has less than that free.
    """
    there = next(folder for folder in (target, *target.absolute().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < size:
        raise ModelError(
            f"The disk with {there} has {free / 1e6:,.0f} MB free, and a trained model takes up to "
            f"{size / 1e6:,.0f}. Free some space, and try again.",
            "too little disk space",
        )


def _new_partial(target: Path) -> tuple[Path, int]:
    """Make a folder to write into, and beside it a lock that says that its process is alive."""
    while True:
        partial = target.parent / f"{_PARTIAL}{secrets.token_hex(4)}"
        lock_path = partial.with_suffix(".lock")
        lock = try_lock(lock_path)
        if lock is None:  # another process takes it for one left behind, and removes it
            continue
        try:
            if os.path.samestat(os.fstat(lock), lock_path.stat()):
                os.write(lock, target.name.encode())
                partial.mkdir()
                return partial, lock
        except FileNotFoundError:  # it was removed as one left behind
            pass
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


def _put_in_place(partial: Path, target: Path, replace: bool) -> None:
    for path in partial.iterdir():  # on the disk before its name is: a power cut leaves no hollow model
        with path.open("rb+") as file:  # Windows brings no file to the disk that is open for reading only
            os.fsync(file.fileno())
    sync_folder(partial)
    if replace and target.is_dir():
        os.replace(target, partial.with_suffix(".old"))
    os.rename(partial, target)
    sync_folder(target.parent)


def _sweep(folder: Path) -> None:
    """Remove what processes left behind that were killed while they wrote; undo a replacement half done."""
    for lock_path in folder.glob(f"{_PARTIAL}*.lock"):
        with suppress(OSError):
            lock = try_lock(lock_path)
            if lock is None:  # its process is alive
                continue
            try:
                _clear(lock_path)
            finally:
                os.close(lock)


def _clear(lock_path: Path) -> None:
    partial, old = lock_path.with_suffix(""), lock_path.with_suffix(".old")
    name = lock_path.read_text(encoding="utf-8", errors="replace")
    if old.is_dir() and _NAME.fullmatch(name) and not (lock_path.parent / name).exists():
        os.rename(old, lock_path.parent / name)  # killed between the two steps of a replacement
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(partial, ignore_errors=True)
    lock_path.unlink(missing_ok=True)
