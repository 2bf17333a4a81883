"""The shelf of models: the shipped one and those trained here; which of them reads."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mnist_core.config import SHIPPED_MODEL, ModelFiles, Places
from mnist_core.errors import ModelError
from mnist_core.keeping.cards import ModelCard, load_card


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """One model on the shelf.

    Attributes:
        name: what it is called.
        files: where it lies.
        card: what is known of it; None where it is damaged.
        problem: what is wrong with it, a sentence; None where nothing is.
        active: whether it is the one that reads.
    """

    name: str
    files: ModelFiles
    card: ModelCard | None
    problem: str | None
    active: bool


def list_models(places: Places) -> tuple[ShelfEntry, ...]:
    """List all models: the shipped one first, then by name; damaged ones are listed as such."""
    trained = [
        ModelFiles(folder) for folder in sorted(_model_folders(places)) if folder.name != SHIPPED_MODEL
    ]
    active = _active_name(places)
    return tuple(_entry(files, active) for files in (places.model(SHIPPED_MODEL), *trained))


def show_model(name: str, places: Places) -> ShelfEntry:
    """Find one model on the shelf.

    Raises:
        ModelError: there is no model of that name.
    """
    files = places.model(name)
    if not files.folder.is_dir():
        raise ModelError(f"There is no model {name!r}; `models list` shows which there are.")
    return _entry(files, _active_name(places))


def activate_model(name: str, places: Places) -> None:
    """Make a model the one that reads, for all who load the active model from now on.

    Raises:
        ModelError: there is no such model, it is damaged, or the home folder can't be written to.
    """
    entry = show_model(name, places)
    if entry.problem is not None:
        raise ModelError(f"{name} was not activated. {entry.problem}")
    try:
        places.home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=places.home, suffix=".partial", delete=False) as file:
            file.write(name + "\n")
        os.replace(file.name, places.active_pointer)
    except OSError as error:
        raise ModelError(
            f"{name} was not activated: {places.home} can't be written to ({error.strerror})."
        ) from error


def remove_model(name: str, places: Places) -> None:
    """Remove a trained model; if it was the one that reads, the shipped one reads again.

    Raises:
        ModelError: there is no such model, it is the shipped one, or it can't be removed.
    """
    if name == SHIPPED_MODEL:
        raise ModelError("The shipped model can't be removed: it is what reads when all else is gone.")
    entry = show_model(name, places)
    try:
        if entry.active:
            places.active_pointer.unlink(missing_ok=True)
        # Out of the shelf in one step first: a removal that breaks off must not leave half a model on it.
        with tempfile.TemporaryDirectory(dir=places.models, prefix=".removed-") as bin_folder:
            os.replace(entry.files.folder, Path(bin_folder) / name)
    except OSError as error:
        raise ModelError(f"{name} can't be removed: {error.strerror}.") from error


@contextmanager
def new_model_folder(target: Path, replace: bool = False) -> Iterator[ModelFiles]:
    """Give a folder to write a model into, which becomes `target` when all is written.

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
        partial = Path(tempfile.mkdtemp(dir=target.parent, prefix=".partial-"))
    except OSError as error:
        raise ModelError(f"No model can be written to {target.parent}: {error.strerror}.") from error
    try:
        yield ModelFiles(partial)
        partial.chmod(0o755)  # a temporary folder is closed to everyone else
        try:
            if replace and target.is_dir():
                os.replace(target, partial.with_suffix(".old"))
            os.replace(partial, target)
        except OSError as error:
            raise ModelError(f"The model can't be put at {target}: {error.strerror}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(partial.with_suffix(".old"), ignore_errors=True)


def require_free(target: Path, replace: bool = False) -> None:
    """Refuse a name that is taken, before hours of training are spent on it.

    Raises:
        ModelError: there is something already, and it may not be replaced.
    """
    if target.exists() and not replace:
        raise ModelError(
            f"There is a model {target.name!r} already: choose another name, or remove it first."
        )


def _model_folders(places: Places) -> list[Path]:
    if not places.models.is_dir():
        return []
    folders = [path for path in places.models.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return [path for path in folders if path.name != SHIPPED_MODEL]


def _active_name(places: Places) -> str | None:
    try:
        return places.active_model().name
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
    return ShelfEntry(files.name, files, card, problem, files.name == active)
