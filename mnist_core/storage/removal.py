"""Removes models from the shelf and restores them: the last removed ones are still on the disk."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mnist_core.config import SHIPPED_MODEL, AppPaths
from mnist_core.errors import ModelError
from mnist_core.logs import log_event
from mnist_core.storage.active_model import active_names, changing_shelf, write_active_names
from mnist_core.storage.shelf import free_name, is_trained_name, move_model, show_model

_MOST_REMOVED = 20
_MOMENT = "%Y%m%d-%H%M%S-%f"


@dataclass(frozen=True, slots=True)
class RemovedModel:
    """A model that was removed and can be brought back."""

    token: str
    name: str
    removed: str
    """ISO 8601, UTC."""


def remove_model(name: str, paths: AppPaths) -> str:
    """Take a trained model off the shelf; if it was active, the one before it is active again.

    Returns:
        A token, by which `restore_model` brings it back.
    Raises:
        ModelError: there is no such model, it is the shipped one, or it can't be removed.
    """
    if name == SHIPPED_MODEL:
        raise ModelError("The shipped model can't be removed: it is what reads when all else is gone.")
    with changing_shelf(paths, f"{name} was not removed"):
        files = show_model(name, paths).files
        names = active_names(paths)
        if name in names:
            write_active_names([other for other in names if other != name], paths)
        folder = removed_folder(paths)
        folder.mkdir(exist_ok=True)
        token = f"{_later_than_all(paths).strftime(_MOMENT)}.{name}"
        os.rename(files.folder, folder / token)
        for old in removed_models(paths)[_MOST_REMOVED:]:
            shutil.rmtree(folder / old.token, ignore_errors=True)
    log_event("model removed", model=name)
    return token


def removed_models(paths: AppPaths) -> tuple[RemovedModel, ...]:
    """List what was removed and can be brought back, the newest first."""
    try:
        tokens = sorted((path.name for path in removed_folder(paths).iterdir()), reverse=True)
    except OSError:
        return ()
    found = []
    for token in tokens:
        moment, _, name = token.partition(".")
        with suppress(ValueError):  # something else that someone put there
            removed = datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC)
            if is_trained_name(name, paths):
                found.append(RemovedModel(token, name, removed.isoformat(timespec="seconds")))
    return tuple(found)


def restore_model(token: str, paths: AppPaths) -> str:
    """Bring a removed model back onto the shelf.

    Returns:
        Its name; another than before if that is taken by now.
    Raises:
        ModelError: it is gone for good, or the home folder can't be written to.
    """
    with changing_shelf(paths, "Nothing was brought back"):
        if token not in (model.token for model in removed_models(paths)):
            raise ModelError("That model is gone for good: it was brought back, or removed too long ago.")
        removed_name = token.partition(".")[2]
        name = free_name(removed_name, paths)
        paths.models.mkdir(exist_ok=True)
        move_model(removed_folder(paths) / token, paths.model(name))
    log_event("model restored", model=name, removed_as=removed_name)
    return name


def _later_than_all(paths: AppPaths) -> datetime:
    """Return the time; where a clock went back, the moment after the last removal: the order counts."""
    now = datetime.now(UTC)
    last = next(iter(removed_models(paths)), None)
    if last is None:
        return now
    moment = datetime.strptime(last.token.partition(".")[0], _MOMENT).replace(tzinfo=UTC)
    return max(now, moment + timedelta(microseconds=1))


def removed_folder(paths: AppPaths) -> Path:
    """Return the folder of removed models, one folder each."""
    return paths.home / "removed-models"
