"""Changes a shelf at random until it is killed: `python -m tests.storage.hammer HOME SEED`."""

import random
import shutil
import sys
from pathlib import Path

from mnist_core.config import AppPaths, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.storage import removal, shelf
from mnist_core.storage.model_card import load_card, save_card
from mnist_core.storage.model_folder import new_model_folder

_NAMES = ("ant", "bee", "cat", "dog")


def put(paths: AppPaths, name: str) -> None:
    """Write a model as training does."""
    shipped = paths.model("shipped")
    with new_model_folder(paths.model(name).folder) as files:
        shutil.copy(shipped.keras, files.keras)
        shutil.copy(shipped.onnx, files.onnx)
        save_card(load_card(shipped.card), files.card)


def trust(files: ModelFiles) -> None:
    """Check nothing: what is tested is that nothing half done is left, and it is to be quick."""


def change(paths: AppPaths) -> None:
    name, other = random.choices(_NAMES, k=2)
    removed = removal.removed_models(paths)
    match random.randrange(8):
        case 0 | 1:
            put(paths, name)
        case 2 | 3:
            shelf.activate_if(trust, name, paths)
        case 4:
            shelf.activate_previous_if(trust, paths)
        case 5:
            shelf.rename_model(name, other, paths)
        case 6:
            removal.remove_model(name, paths)
        case _:
            shelf.write_note(name, "noted", paths)
            if removed:
                removal.restore_model(removed[0].token, paths)


def main() -> None:
    paths = AppPaths(home=Path(sys.argv[1]), mnist=None)
    random.seed(int(sys.argv[2]))
    print("ready", flush=True)
    while True:
        try:
            change(paths)
        except ModelError:  # the name is taken, or no such model: of no interest here
            continue


if __name__ == "__main__":
    main()
