import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from mnist_core.config import PROJECT_FOLDER
from mnist_core.errors import ModelError
from mnist_core.storage import model_folder
from mnist_core.storage.model_folder import new_model_folder, require_space
from mnist_core.storage.shelf import show_model
from tests.storage.sample_card import CARD


def test_a_taken_name_is_refused(paths, shelved):
    shelved("ant")
    with pytest.raises(ModelError, match="already"):
        shelved("ant")
    assert show_model("ant", paths).problem is None


def break_off_writing(target, replace=False):
    with new_model_folder(target, replace) as files:
        files.keras.write_bytes(b"half")
        raise InterruptedError


def test_a_model_half_written_leaves_nothing(paths):
    with pytest.raises(InterruptedError):
        break_off_writing(paths.model("ant").folder)
    assert not list(paths.models.iterdir())


def test_a_model_half_written_leaves_the_one_before(paths, shelved):
    shelved("ant")
    with pytest.raises(InterruptedError):
        break_off_writing(paths.model("ant").folder, replace=True)
    assert show_model("ant", paths).problem is None
    assert [path.name for path in paths.models.iterdir()] == ["ant"]


def test_a_home_that_is_a_file_is_told(tmp_path):
    home = tmp_path / "home"
    home.write_text("in the way")
    with (
        pytest.raises(ModelError, match="No model can be written"),
        new_model_folder(home / "models" / "ant"),
    ):
        pass


def kill_while_writing(target, paths, code):
    """Run some code that is killed within `new_model_folder`."""
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from mnist_core.storage import model_folder\n"
        f"def kill(*_): os.kill(os.getpid(), signal.SIGKILL)\n{code}\n"
        f"with model_folder.new_model_folder(Path({str(target)!r}), replace=True) as files:\n"
        "    files.onnx.write_bytes(b'new')\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=PROJECT_FOLDER, check=False)


def test_what_a_killed_process_left_is_put_right(paths, shelved):
    shelved("ant")
    target = paths.model("ant").folder
    kill_while_writing(target, paths, "model_folder._put_in_place = kill")
    assert len(list(paths.models.glob(".partial-*"))) == 2
    assert show_model("ant", paths).problem is None
    kill_while_writing(target, paths, "model_folder.os.rename = kill")  # between the steps of a replacement
    assert not target.exists()
    shelved("bee")
    assert sorted(path.name for path in paths.models.iterdir()) == ["ant", "bee"]
    assert show_model("ant", paths).card == replace(CARD, name="ant")


def test_a_models_files_are_on_the_disk_before_its_name(paths, disk_steps):
    target = paths.model("ant").folder
    with new_model_folder(target) as files:
        partial = files.folder
        files.onnx.write_bytes(b"network")
        files.keras.write_bytes(b"weights")
        disk_steps.clear()
    contents, rest = disk_steps[:2], disk_steps[2:]
    assert sorted(contents) == [("sync", b"network"), ("sync", b"weights")]
    assert rest == [("sync", partial), ("rename", "ant"), ("sync", target.parent)]


@pytest.mark.parametrize(
    "killed_at",
    [
        pytest.param("model_folder._put_in_place = kill", id="while it is written"),
        pytest.param("model_folder.shutil.rmtree = kill", id="when all but tidying up is done"),
    ],
)
@pytest.mark.parametrize("replaces", [False, True])
def test_nothing_is_left_of_a_killed_process_once_another_model_is_written(
    paths, shelved, killed_at, replaces
):
    if replaces:
        shelved("ant")
    kill_while_writing(paths.model("ant").folder, paths, killed_at)
    shelved("bee")
    there = {path.name for path in paths.models.iterdir()} - {"ant"}
    assert there == {"bee"}


@pytest.mark.parametrize("garbage", [b"\xff\xfe\0", b"../../elsewhere", b"..", b"", b"a\0b", b"x" * 5000])
def test_garbage_in_a_lock_file_stops_nothing_and_moves_nothing(paths, shelved, garbage):
    paths.models.mkdir(parents=True)
    (paths.models / ".partial-00000000.lock").write_bytes(garbage)
    (paths.models / ".partial-00000000.old").mkdir()
    shelved("ant")
    assert [path.name for path in paths.models.iterdir()] == ["ant"]
    assert not (paths.home.parent / "elsewhere").exists()


def test_a_disk_with_too_little_room_is_told_before_a_run(paths, monkeypatch):
    free = SimpleNamespace(free=20_000_000)
    monkeypatch.setattr(model_folder.shutil, "disk_usage", lambda folder: free)
    with pytest.raises(ModelError, match=r"has 20 MB free.*takes up to 100"):
        require_space(paths.model("ant").folder)
    require_space(paths.model("ant").folder, size=20_000_000)
