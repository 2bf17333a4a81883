"""The shelf of models: the shipped one and those trained here; which of them reads, and which did before.

Every change is one step on disk or keeps, at each moment between its steps, a model that reads. Changes
are made one at a time, whichever process makes them.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from mnist_core.config import SHIPPED_MODEL, AppPaths, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.storage.atomic import write_whole
from mnist_core.storage.locks import locked
from mnist_core.storage.model_card import ModelCard, load_card, save_card
from mnist_core.storage.model_folder import require_free

MAX_NOTE = 2000
"""Characters of a note."""
_KEPT_NAMES = 20
"""So many steps Back."""
_KEPT_REMOVED = 20
_MOMENT = "%Y%m%d-%H%M%S-%f"


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """One model on the shelf.

    Attributes:
        name: what it is called.
        files: where it lies.
        card: what is known of it; None where it is damaged.
        problem: what is wrong with it, a sentence; None where nothing is.
        active: whether it is the one that reads.
        note: what a person wrote about it; "" where no one did.
    """

    name: str
    files: ModelFiles
    card: ModelCard | None
    problem: str | None
    active: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class RemovedModel:
    """A model that was removed and can be brought back."""

    token: str
    name: str
    removed: str
    """ISO 8601, UTC."""


def list_models(paths: AppPaths) -> tuple[ShelfEntry, ...]:
    """List all models: the shipped one first, then by name; damaged ones are listed as such."""
    trained = [ModelFiles(folder) for folder in sorted(_model_folders(paths))]
    active = _active_name(paths)
    return tuple(_entry(files, active) for files in (paths.model(SHIPPED_MODEL), *trained))


def show_model(name: str, paths: AppPaths) -> ShelfEntry:
    """Find one model on the shelf.

    Raises:
        ModelError: there is no model of that name.
    """
    files = paths.model(name)
    if not files.folder.is_dir():
        raise ModelError(f"There is no model {name!r}; `models list` shows which there are.")
    return _entry(files, _active_name(paths))


def free_name(stem: str, paths: AppPaths) -> str:
    """Find the first name that no model has: the stem, or stem-2, stem-3 and so on.

    Raises:
        ModelError: the stem can't begin a model's name.
    """
    number, name = 1, stem
    while name == SHIPPED_MODEL or paths.model(name).folder.exists():
        number += 1
        name = f"{stem}-{number}"
    return name


def activate_model(name: str, paths: AppPaths) -> None:
    """Make a model the one that reads, for all who load the active model from now on.

    What can be wrong with a network itself is found by `mnist_core.evaluation.activation.activate_checked`.

    Raises:
        ModelError: there is no such model, it is damaged, or the home folder can't be written to.
    """
    with _changing(paths, f"{name} was not activated"):
        entry = show_model(name, paths)
        if entry.problem is not None:
            raise ModelError(f"{name} was not activated. {entry.problem}")
        if not entry.active:
            _point_to([name, *_reading_names(paths)], paths)


def previous_model(paths: AppPaths) -> str | None:
    """The model that read before the one that reads now, if it is still there."""
    names = _reading_names(paths)
    return names[1] if len(names) > 1 else None


def activate_previous(paths: AppPaths) -> str:
    """Go back to the model that read before.

    Returns:
        Its name.
    Raises:
        ModelError: there is none, it is damaged, or the home folder can't be written to.
    """
    with _changing(paths, "Nothing was changed"):
        names = _reading_names(paths)
        if len(names) < 2:
            raise ModelError("No other model read before this one.")
        entry = show_model(names[1], paths)
        if entry.problem is not None:
            raise ModelError(f"{entry.name} was not activated. {entry.problem}")
        _point_to(names[1:], paths)
        return entry.name


def rename_model(name: str, new_name: str, paths: AppPaths) -> None:
    """Give a trained model another name; if it reads, it goes on reading.

    Raises:
        ModelError: there is no such model, it is the shipped one, the new name is taken or can't be one,
            or the home folder can't be written to.
    """
    if name == SHIPPED_MODEL:
        raise ModelError("The shipped model can't be renamed.")
    with _changing(paths, f"{name} was not renamed"):
        entry, target = show_model(name, paths), paths.model(new_name)
        require_free(target.folder)
        names = _reading_names(paths)
        if name in names:  # both names for a moment: the one that exists is the one that counts
            both = [part for kept in names for part in ((new_name, name) if kept == name else (kept,))]
            _point_to(both, paths)
        os.rename(entry.files.folder, target.folder)
        if entry.card is not None:
            save_card(replace(entry.card, name=new_name), target.card)
        if name in names:
            _point_to([new_name if kept == name else kept for kept in names], paths)


def write_note(name: str, note: str, paths: AppPaths) -> None:
    """Keep what a person wants to remember of a trained model; an empty note removes it.

    Raises:
        ModelError: there is no such model, it is the shipped one, the note is too long, or the home folder
            can't be written to.
    """
    if name == SHIPPED_MODEL:
        raise ModelError("The shipped model takes no note.")
    if len(note) > MAX_NOTE:
        raise ModelError(f"A note can have {MAX_NOTE:,} characters, not {len(note):,}.")
    with _changing(paths, "The note was not kept"):
        files = show_model(name, paths).files
        if note.strip():
            write_whole(files.note, note.strip() + "\n")
        else:
            files.note.unlink(missing_ok=True)


def remove_model(name: str, paths: AppPaths) -> str:
    """Take a trained model off the shelf; if it was the one that reads, the one before it reads again.

    Returns:
        A token, by which `restore_model` brings it back.
    Raises:
        ModelError: there is no such model, it is the shipped one, or it can't be removed.
    """
    if name == SHIPPED_MODEL:
        raise ModelError("The shipped model can't be removed: it is what reads when all else is gone.")
    with _changing(paths, f"{name} was not removed"):
        files = show_model(name, paths).files
        names = _reading_names(paths)
        if name in names:
            _point_to([kept for kept in names if kept != name], paths)
        bin_folder = _bin(paths)
        bin_folder.mkdir(exist_ok=True)
        token = f"{datetime.now(UTC).strftime(_MOMENT)}.{name}"
        os.rename(files.folder, bin_folder / token)
        for old in removed_models(paths)[_KEPT_REMOVED:]:
            shutil.rmtree(bin_folder / old.token, ignore_errors=True)
    return token


def removed_models(paths: AppPaths) -> tuple[RemovedModel, ...]:
    """List what was removed and can be brought back, the newest first."""
    try:
        tokens = sorted((path.name for path in _bin(paths).iterdir()), reverse=True)
    except OSError:
        return ()
    found = []
    for token in tokens:
        moment, _, name = token.partition(".")
        with suppress(ValueError):  # something else that someone put there
            removed = datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC)
            if _is_model_name(name, paths):
                found.append(RemovedModel(token, name, removed.isoformat(timespec="seconds")))
    return tuple(found)


def restore_model(token: str, paths: AppPaths) -> str:
    """Bring a removed model back onto the shelf.

    Returns:
        Its name; another than before if that is taken by now.
    Raises:
        ModelError: it is gone for good, or the home folder can't be written to.
    """
    with _changing(paths, "Nothing was brought back"):
        if token not in (entry.token for entry in removed_models(paths)):
            raise ModelError("That model is gone for good: it was brought back, or removed too long ago.")
        name = free_name(token.partition(".")[2], paths)
        paths.models.mkdir(exist_ok=True)
        os.rename(_bin(paths) / token, paths.model(name).folder)
    return name


@contextmanager
def _changing(paths: AppPaths, failure: str) -> Iterator[None]:
    try:
        paths.home.mkdir(parents=True, exist_ok=True)
        with locked(paths.home / "shelf.lock"):
            yield
    except TimeoutError as error:
        raise ModelError(f"{failure}: someone else is changing the shelf just now.") from error
    except OSError as error:
        raise ModelError(f"{failure}: {paths.home} can't be written to ({error.strerror}).") from error


def _bin(paths: AppPaths) -> Path:
    return paths.home / "removed-models"


def _model_folders(paths: AppPaths) -> list[Path]:
    try:
        folders = list(paths.models.iterdir())
    except OSError:
        return []
    return [path for path in folders if path.is_dir() and _is_model_name(path.name, paths)]


def _is_model_name(name: str, paths: AppPaths) -> bool:
    try:
        return name != SHIPPED_MODEL and bool(paths.model(name))
    except ModelError:
        return False


def _reading_names(paths: AppPaths) -> list[str]:
    """The model that reads, and those before it that are still there, each once; the shipped one is last."""
    names = dict.fromkeys((*paths.activated_names(), SHIPPED_MODEL))
    return [name for name in names if _exists(name, paths)]


def _exists(name: str, paths: AppPaths) -> bool:
    return name == SHIPPED_MODEL or (_is_model_name(name, paths) and paths.model(name).folder.is_dir())


def _point_to(names: Sequence[str], paths: AppPaths) -> None:
    """Write which model reads, and which did before, in one step."""
    kept = list(dict.fromkeys(names))[:_KEPT_NAMES]
    write_whole(paths.active_pointer, "".join(f"{name}\n" for name in kept))


def _active_name(paths: AppPaths) -> str | None:
    try:
        return paths.active_model().name
    except ModelError:  # the pointer holds no name: then none of those listed is active
        return None


def _entry(files: ModelFiles, active: str | None) -> ShelfEntry:
    card, problem = None, None
    try:
        card = load_card(files.card)
    except ModelError as error:
        problem = str(error)
    for path in (files.onnx, files.keras):
        if problem is None and not path.is_file():
            problem = f"The model's file {path} is missing."
    return ShelfEntry(files.name, files, card, problem, files.name == active, _note(files))


def _note(files: ModelFiles) -> str:
    try:
        with files.note.open(encoding="utf-8", errors="replace") as file:
            return file.read(MAX_NOTE).strip()
    except OSError:
        return ""
