"""A shelf of models that are no networks, and what happens to files on the disk, in which order."""

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mnist_core.config import AppPaths
from mnist_core.storage.model_card import save_card
from mnist_core.storage.model_folder import new_model_folder
from tests.storage.sample_card import CARD

Step = tuple[str, object]


@pytest.fixture
def disk_steps(monkeypatch: pytest.MonkeyPatch) -> list[Step]:
    """Note what is brought to the disk (a file's content, a folder) and what then gets its name."""
    steps: list[Step] = []
    fsync, replace, rename = os.fsync, os.replace, os.rename

    def note_sync(descriptor: int) -> None:
        fsync(descriptor)
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        steps.append(("sync", path if is_folder else path.read_bytes()))

    def note_replace(source: str | Path, target: str | Path) -> None:
        replace(source, target)
        steps.append(("replace", Path(target).name))

    def note_rename(source: str | Path, target: str | Path) -> None:
        rename(source, target)
        steps.append(("rename", Path(target).name))

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_replace)
    monkeypatch.setattr(os, "rename", note_rename)
    return steps


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    return AppPaths(home=tmp_path / "home", mnist=None)


@pytest.fixture
def shelved(paths: AppPaths) -> Callable[[str], None]:
    """Give a function that puts a model of some name on the shelf."""

    def put(name: str) -> None:
        with new_model_folder(paths.model(name).folder) as files:
            files.keras.write_bytes(b"weights")
            files.onnx.write_bytes(b"network")
            save_card(replace(CARD, name=name), files.card)

    return put
