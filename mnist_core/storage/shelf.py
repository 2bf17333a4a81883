"""The shelf of models: the shipped one and those trained here, which one is active, their names and notes.

Every change is one step on disk or leaves, at each moment between its steps, an active model that is whole.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from mnist_core.config import SHIPPED_MODEL, AppPaths, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.logs import log_event
from mnist_core.storage.active_model import active_names, changing_shelf, write_active_names
from mnist_core.storage.atomic import sweep_partials, write_whole
from mnist_core.storage.model_card import ModelCard, load_card, save_card
from mnist_core.storage.model_folder import require_free

MAX_NOTE = 2000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """One model on the shelf.

    Attributes:
        name: of the model.
        files: where it lies.
        card: what is known of it, under the model's own name; None where that is damaged.
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


def list_models(paths: AppPaths) -> tuple[ShelfEntry, ...]:
    """List all models: the shipped one first, then by name; damaged ones are listed as such."""
    trained = [ModelFiles(folder) for folder in sorted(_model_folders(paths))]
    active = paths.active_model().name
    return tuple(_entry(files, active) for files in (paths.model(SHIPPED_MODEL), *trained))


def show_model(name: str, paths: AppPaths) -> ShelfEntry:
    """Find one model on the shelf.

    Raises:
        ModelError: there is no model of that name.
    """
    files = paths.model(name)
    if not files.folder.is_dir():
        raise ModelError(f"There is no model {name!r}; `models list` shows which there are.")
    return _entry(files, paths.active_model().name)


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


def activate_if(check: Callable[[ModelFiles], None], name: str, paths: AppPaths) -> None:
    """Make a model the active one if it passes a check; `mnist_core.evaluation.activation` has the right one.

    Args:
        check: raises ModelError where the network is not what it should be.
        name: of the model.
        paths: where the shelf is.
    Raises:
        ModelError: there is no such model, it is damaged or fails, or the home folder can't be written to.
    """
    with changing_shelf(paths, f"{name} was not activated"):
        _activate(check, name, paths, [name, *active_names(paths)])


def activate_previous_if(check: Callable[[ModelFiles], None], paths: AppPaths) -> str:
    """Make the model that was active before the active one again, if it passes a check; likewise.

    Returns:
        Its name.
    Raises:
        ModelError: there is none, it is damaged or fails, or the home folder can't be written to.
    """
    with changing_shelf(paths, "Nothing was changed"):
        names = active_names(paths)[1:]
        if not names:
            raise ModelError("No other model was in use before this one.")
        _activate(check, names[0], paths, names)
    return names[0]


def rename_model(name: str, new_name: str, paths: AppPaths) -> None:
    """Rename a trained model; if it is active, it stays so.

    Raises:
        ModelError: there is no such model, it is the shipped one, the new name is taken or can't be one,
            or the home folder can't be written to.
    """
    if name == SHIPPED_MODEL:
        raise ModelError("The shipped model can't be renamed.")
    with changing_shelf(paths, f"{name} was not renamed"):
        files, target = show_model(name, paths).files, paths.model(new_name)
        require_free(target.folder)
        names = active_names(paths)
        if name in names:  # both names for a moment: the one that exists is the one that counts
            both = [new for old in names for new in ((new_name, name) if old == name else (old,))]
            write_active_names(both, paths)
        sweep_partials(files.folder)
        move_model(files.folder, target)
        if name in names:
            write_active_names([new_name if old == name else old for old in names], paths)
    log_event("model renamed", model=name, new_name=new_name)


def move_model(folder: Path, target: ModelFiles) -> None:
    """Move a model's folder and write its new name into its card.

    Args:
        folder: where it is.
        target: where it goes; nothing is there.
    Raises:
        OSError: it can't be moved.
        ModelError: its card can't be written.
    """
    os.rename(folder, target.folder)
    try:
        card = load_card(target.card)
    except ModelError:  # damaged: it is listed as such, under its new name
        return
    if card.name != target.name:
        save_card(replace(card, name=target.name), target.card)


def write_note(name: str, note: str, paths: AppPaths) -> None:
    """Write what a person wants to remember of a trained model; an empty note removes it.

    Raises:
        ModelError: there is no such model, it is the shipped one, the note is too long, or the home folder
            can't be written to.
    """
    if name == SHIPPED_MODEL:
        raise ModelError("The shipped model takes no note.")
    if len(note) > MAX_NOTE:
        raise ModelError(f"A note can have {MAX_NOTE:,} characters, not {len(note):,}.")
    with changing_shelf(paths, "The note was not saved"):
        files = show_model(name, paths).files
        sweep_partials(files.folder)
        if note.strip():
            write_whole(files.note, note.strip() + "\n")
        else:
            files.note.unlink(missing_ok=True)


def is_trained_name(name: str, paths: AppPaths) -> bool:
    """Return whether a model that was trained here may have this name."""
    try:
        return name != SHIPPED_MODEL and bool(paths.model(name))
    except ModelError:
        return False


def _activate(check: Callable[[ModelFiles], None], name: str, paths: AppPaths, names: list[str]) -> None:
    """Check a model, then write the names of it and of those that were active before."""
    entry = show_model(name, paths)
    if entry.problem is not None:
        raise ModelError(f"{name} was not activated. {entry.problem}")
    check(entry.files)
    if not entry.active:
        write_active_names(names, paths)
        log_event("model activated", model=name)


def _model_folders(paths: AppPaths) -> list[Path]:
    try:
        folders = list(paths.models.iterdir())
    except OSError:
        return []
    return [path for path in folders if path.is_dir() and is_trained_name(path.name, paths)]


def _entry(files: ModelFiles, active: str) -> ShelfEntry:
    card, problem = None, None
    try:
        card = replace(load_card(files.card), name=files.name)
    except ModelError as error:
        problem = str(error)
    needed = [files.onnx] if card is not None and card.is_onnx_alone else [files.onnx, files.keras]
    for path in needed:
        if problem is None and not path.is_file():
            problem = f"The model's file {path} is missing."
    return ShelfEntry(files.name, files, card, problem, files.name == active, _note(files))


def _note(files: ModelFiles) -> str:
    try:
        with files.note.open(encoding="utf-8", errors="replace") as file:
            return file.read(MAX_NOTE).strip()
    except OSError:
        return ""
