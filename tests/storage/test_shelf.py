import shutil
import subprocess
import sys

import pytest

from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.errors import ModelError
from mnist_core.storage import shelf
from mnist_core.storage.locks import locked
from mnist_core.storage.model_card import save_card
from mnist_core.storage.model_folder import new_model_folder
from mnist_core.storage.shelf import (
    activate_model,
    activate_previous,
    free_name,
    list_models,
    previous_model,
    remove_model,
    removed_models,
    rename_model,
    restore_model,
    show_model,
    write_note,
)
from tests.storage.sample_card import CARD


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path / "home", mnist=None)


@pytest.fixture
def shelved(paths):
    def put(name):
        with new_model_folder(paths.model(name).folder) as files:
            files.keras.write_bytes(b"weights")
            files.onnx.write_bytes(b"network")
            save_card(CARD, files.card)

    return put


def names(paths):
    return [entry.name for entry in list_models(paths)]


def test_an_empty_shelf_holds_the_shipped_model(paths):
    (entry,) = list_models(paths)
    assert (entry.name, entry.active, entry.problem) == ("shipped", True, None)


def test_models_are_listed_by_name_after_the_shipped_one(paths, shelved):
    shelved("zebra")
    shelved("ant")
    assert names(paths) == ["shipped", "ant", "zebra"]
    assert show_model("ant", paths).card == CARD


def test_a_damaged_model_is_listed_as_such(paths, shelved):
    shelved("broken")
    shelved("whole")
    paths.model("broken").card.write_text("{")
    _, broken, whole = list_models(paths)
    assert "damaged" in broken.problem
    assert whole.problem is None


def test_a_missing_file_is_named(paths, shelved):
    shelved("half")
    paths.model("half").onnx.unlink()
    assert "model.onnx" in show_model("half", paths).problem
    with pytest.raises(ModelError, match=r"not activated.*model\.onnx"):
        activate_model("half", paths)


def test_what_is_no_model_is_not_listed(paths, shelved):
    shelved("ant")
    (paths.models / "notes.txt").write_text("mine")
    (paths.models / ".partial-x").mkdir()
    (paths.models / "shipped").mkdir()
    assert names(paths) == ["shipped", "ant"]


def test_activating_and_removing_move_the_pointer(paths, shelved):
    shelved("ant")
    activate_model("ant", paths)
    assert paths.active_model() == paths.model("ant")
    assert [entry.active for entry in list_models(paths)] == [False, True]
    remove_model("ant", paths)
    assert names(paths) == ["shipped"]
    assert list_models(paths)[0].active
    assert not list(paths.models.iterdir())
    assert paths.activated_names() == ("shipped",)


def test_the_shipped_model_stays(paths):
    with pytest.raises(ModelError, match="can't be removed"):
        remove_model("shipped", paths)


@pytest.mark.parametrize("act", [show_model, activate_model, remove_model])
def test_unknown_and_impossible_names_are_told(paths, act):
    with pytest.raises(ModelError, match="no model 'nobody'"):
        act("nobody", paths)
    with pytest.raises(ModelError, match="can't be a model's name"):
        act("../../etc", paths)


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


def test_back_goes_the_way_that_was_come(paths, shelved):
    for name in ("ant", "bee"):
        shelved(name)
        activate_model(name, paths)
    assert previous_model(paths) == "ant"
    assert activate_previous(paths) == "ant"
    assert activate_previous(paths) == "shipped"
    assert previous_model(paths) is None
    with pytest.raises(ModelError, match="No other model read before"):
        activate_previous(paths)
    assert paths.active_model() == paths.model("shipped")


def test_activating_again_changes_nothing(paths, shelved):
    shelved("ant")
    activate_model("ant", paths)
    activate_model("ant", paths)
    assert previous_model(paths) == "shipped"


def test_a_model_that_vanished_gives_way_to_the_one_before(paths, shelved):
    for name in ("ant", "bee"):
        shelved(name)
        activate_model(name, paths)
    shutil.rmtree(paths.model("bee").folder)
    assert paths.active_model() == paths.model("ant")
    assert previous_model(paths) == "shipped"


def test_a_damaged_model_is_not_gone_back_to(paths, shelved):
    for name in ("ant", "bee"):
        shelved(name)
        activate_model(name, paths)
    paths.model("ant").onnx.unlink()
    with pytest.raises(ModelError, match=r"ant was not activated.*model\.onnx"):
        activate_previous(paths)
    assert paths.active_model() == paths.model("bee")


def test_a_removed_model_can_be_brought_back(paths, shelved):
    shelved("ant")
    activate_model("ant", paths)
    token = remove_model("ant", paths)
    (removed,) = removed_models(paths)
    assert (removed.token, removed.name) == (token, "ant")
    assert restore_model(token, paths) == "ant"
    assert show_model("ant", paths).card == CARD
    assert not show_model("ant", paths).active
    assert removed_models(paths) == ()
    with pytest.raises(ModelError, match="gone for good"):
        restore_model(token, paths)


def test_a_name_taken_meanwhile_is_not_taken_away(paths, shelved):
    shelved("ant")
    token = remove_model("ant", paths)
    shelved("ant")
    assert restore_model(token, paths) == "ant-2"
    assert names(paths) == ["shipped", "ant", "ant-2"]


def test_only_the_last_removed_are_kept(paths, shelved, monkeypatch):
    monkeypatch.setattr(shelf, "_KEPT_REMOVED", 2)
    for name in ("ant", "bee", "cat"):
        shelved(name)
        remove_model(name, paths)
    assert [entry.name for entry in removed_models(paths)] == ["cat", "bee"]


def test_a_renamed_model_goes_on_reading(paths, shelved):
    shelved("ant")
    shelved("bee")
    activate_model("ant", paths)
    activate_model("bee", paths)
    rename_model("bee", "hornet", paths)
    assert names(paths) == ["shipped", "ant", "hornet"]
    entry = show_model("hornet", paths)
    assert entry.active
    assert entry.card.name == "hornet"
    rename_model("ant", "termite", paths)
    assert activate_previous(paths) == "termite"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        pytest.param("shipped", "mine", "shipped model can't be renamed", id="shipped"),
        pytest.param("ant", "bee", "already", id="taken"),
        pytest.param("ant", "shipped", "already", id="the shipped one's name"),
        pytest.param("ant", "../ant", "can't be a model's name", id="no name"),
        pytest.param("cat", "dog", "no model 'cat'", id="unknown"),
    ],
)
def test_impossible_renamings_are_refused(paths, shelved, old, new, complaint):
    shelved("ant")
    shelved("bee")
    with pytest.raises(ModelError, match=complaint):
        rename_model(old, new, paths)
    assert names(paths) == ["shipped", "ant", "bee"]


def test_notes_are_kept_and_removed(paths, shelved):
    shelved("ant")
    write_note("ant", "  made by class 7b\n", paths)
    assert show_model("ant", paths).note == "made by class 7b"
    write_note("ant", " ", paths)
    assert show_model("ant", paths).note == ""
    assert not paths.model("ant").note.exists()
    with pytest.raises(ModelError, match="2,000 characters"):
        write_note("ant", "x" * 2001, paths)
    with pytest.raises(ModelError, match="takes no note"):
        write_note("shipped", "ours", paths)


def test_a_free_name_is_found(paths, shelved):
    assert free_name("ant", paths) == "ant"
    shelved("ant")
    shelved("ant-2")
    assert free_name("ant", paths) == "ant-3"
    assert free_name("shipped", paths) == "shipped-2"


def test_someone_elses_change_is_waited_for_and_told(paths, shelved, monkeypatch):
    shelved("ant")
    monkeypatch.setattr(shelf, "locked", lambda path: locked(path, seconds=0.05))
    with locked(paths.home / "shelf.lock"), pytest.raises(ModelError, match="someone else is changing"):
        remove_model("ant", paths)
    remove_model("ant", paths)


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
    assert show_model("ant", paths).card == CARD
