import shutil
import subprocess
import sys

import pytest

from mnist_core.config import PROJECT_FOLDER, Places
from mnist_core.errors import ModelError
from mnist_core.storage import shelf
from mnist_core.storage.atomic import locked
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
def places(tmp_path):
    return Places(home=tmp_path / "home", mnist=None)


@pytest.fixture
def shelved(places):
    def put(name):
        with new_model_folder(places.model(name).folder) as files:
            files.keras.write_bytes(b"weights")
            files.onnx.write_bytes(b"network")
            save_card(CARD, files.card)

    return put


def names(places):
    return [entry.name for entry in list_models(places)]


def test_an_empty_shelf_holds_the_shipped_model(places):
    (entry,) = list_models(places)
    assert (entry.name, entry.active, entry.problem) == ("shipped", True, None)


def test_models_are_listed_by_name_after_the_shipped_one(places, shelved):
    shelved("zebra")
    shelved("ant")
    assert names(places) == ["shipped", "ant", "zebra"]
    assert show_model("ant", places).card == CARD


def test_a_damaged_model_is_listed_as_such(places, shelved):
    shelved("broken")
    shelved("whole")
    places.model("broken").card.write_text("{")
    _, broken, whole = list_models(places)
    assert "damaged" in broken.problem
    assert whole.problem is None


def test_a_missing_file_is_named(places, shelved):
    shelved("half")
    places.model("half").onnx.unlink()
    assert "model.onnx" in show_model("half", places).problem
    with pytest.raises(ModelError, match=r"not activated.*model\.onnx"):
        activate_model("half", places)


def test_what_is_no_model_is_not_listed(places, shelved):
    shelved("ant")
    (places.models / "notes.txt").write_text("mine")
    (places.models / ".partial-x").mkdir()
    (places.models / "shipped").mkdir()
    assert names(places) == ["shipped", "ant"]


def test_activating_and_removing_move_the_pointer(places, shelved):
    shelved("ant")
    activate_model("ant", places)
    assert places.active_model() == places.model("ant")
    assert [entry.active for entry in list_models(places)] == [False, True]
    remove_model("ant", places)
    assert names(places) == ["shipped"]
    assert list_models(places)[0].active
    assert not list(places.models.iterdir())
    assert places.activated_names() == ("shipped",)


def test_the_shipped_model_stays(places):
    with pytest.raises(ModelError, match="can't be removed"):
        remove_model("shipped", places)


@pytest.mark.parametrize("act", [show_model, activate_model, remove_model])
def test_unknown_and_impossible_names_are_told(places, act):
    with pytest.raises(ModelError, match="no model 'nobody'"):
        act("nobody", places)
    with pytest.raises(ModelError, match="can't be a model's name"):
        act("../../etc", places)


def test_a_taken_name_is_refused(places, shelved):
    shelved("ant")
    with pytest.raises(ModelError, match="already"):
        shelved("ant")
    assert show_model("ant", places).problem is None


def break_off_writing(target, replace=False):
    with new_model_folder(target, replace) as files:
        files.keras.write_bytes(b"half")
        raise InterruptedError


def test_a_model_half_written_leaves_nothing(places):
    with pytest.raises(InterruptedError):
        break_off_writing(places.model("ant").folder)
    assert not list(places.models.iterdir())


def test_a_model_half_written_leaves_the_one_before(places, shelved):
    shelved("ant")
    with pytest.raises(InterruptedError):
        break_off_writing(places.model("ant").folder, replace=True)
    assert show_model("ant", places).problem is None
    assert [path.name for path in places.models.iterdir()] == ["ant"]


def test_a_home_that_is_a_file_is_told(tmp_path):
    home = tmp_path / "home"
    home.write_text("in the way")
    with (
        pytest.raises(ModelError, match="No model can be written"),
        new_model_folder(home / "models" / "ant"),
    ):
        pass


def test_back_goes_the_way_that_was_come(places, shelved):
    for name in ("ant", "bee"):
        shelved(name)
        activate_model(name, places)
    assert previous_model(places) == "ant"
    assert activate_previous(places) == "ant"
    assert activate_previous(places) == "shipped"
    assert previous_model(places) is None
    with pytest.raises(ModelError, match="No other model read before"):
        activate_previous(places)
    assert places.active_model() == places.model("shipped")


def test_activating_again_changes_nothing(places, shelved):
    shelved("ant")
    activate_model("ant", places)
    activate_model("ant", places)
    assert previous_model(places) == "shipped"


def test_a_model_that_vanished_gives_way_to_the_one_before(places, shelved):
    for name in ("ant", "bee"):
        shelved(name)
        activate_model(name, places)
    shutil.rmtree(places.model("bee").folder)
    assert places.active_model() == places.model("ant")
    assert previous_model(places) == "shipped"


def test_a_damaged_model_is_not_gone_back_to(places, shelved):
    for name in ("ant", "bee"):
        shelved(name)
        activate_model(name, places)
    places.model("ant").onnx.unlink()
    with pytest.raises(ModelError, match=r"ant was not activated.*model\.onnx"):
        activate_previous(places)
    assert places.active_model() == places.model("bee")


def test_a_removed_model_can_be_brought_back(places, shelved):
    shelved("ant")
    activate_model("ant", places)
    token = remove_model("ant", places)
    (removed,) = removed_models(places)
    assert (removed.token, removed.name) == (token, "ant")
    assert restore_model(token, places) == "ant"
    assert show_model("ant", places).card == CARD
    assert not show_model("ant", places).active
    assert removed_models(places) == ()
    with pytest.raises(ModelError, match="gone for good"):
        restore_model(token, places)


def test_a_name_taken_meanwhile_is_not_taken_away(places, shelved):
    shelved("ant")
    token = remove_model("ant", places)
    shelved("ant")
    assert restore_model(token, places) == "ant-2"
    assert names(places) == ["shipped", "ant", "ant-2"]


def test_only_the_last_removed_are_kept(places, shelved, monkeypatch):
    monkeypatch.setattr(shelf, "_KEPT_REMOVED", 2)
    for name in ("ant", "bee", "cat"):
        shelved(name)
        remove_model(name, places)
    assert [entry.name for entry in removed_models(places)] == ["cat", "bee"]


def test_a_renamed_model_goes_on_reading(places, shelved):
    shelved("ant")
    shelved("bee")
    activate_model("ant", places)
    activate_model("bee", places)
    rename_model("bee", "hornet", places)
    assert names(places) == ["shipped", "ant", "hornet"]
    entry = show_model("hornet", places)
    assert entry.active
    assert entry.card.name == "hornet"
    rename_model("ant", "termite", places)
    assert activate_previous(places) == "termite"


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
def test_impossible_renamings_are_refused(places, shelved, old, new, complaint):
    shelved("ant")
    shelved("bee")
    with pytest.raises(ModelError, match=complaint):
        rename_model(old, new, places)
    assert names(places) == ["shipped", "ant", "bee"]


def test_notes_are_kept_and_removed(places, shelved):
    shelved("ant")
    write_note("ant", "  made by class 7b\n", places)
    assert show_model("ant", places).note == "made by class 7b"
    write_note("ant", " ", places)
    assert show_model("ant", places).note == ""
    assert not places.model("ant").note.exists()
    with pytest.raises(ModelError, match="2,000 characters"):
        write_note("ant", "x" * 2001, places)
    with pytest.raises(ModelError, match="takes no note"):
        write_note("shipped", "ours", places)


def test_a_free_name_is_found(places, shelved):
    assert free_name("ant", places) == "ant"
    shelved("ant")
    shelved("ant-2")
    assert free_name("ant", places) == "ant-3"
    assert free_name("shipped", places) == "shipped-2"


def test_someone_elses_change_is_waited_for_and_told(places, shelved, monkeypatch):
    shelved("ant")
    monkeypatch.setattr(shelf, "locked", lambda path: locked(path, seconds=0.05))
    with locked(places.home / "shelf.lock"), pytest.raises(ModelError, match="someone else is changing"):
        remove_model("ant", places)
    remove_model("ant", places)


def kill_while_writing(target, places, code):
    """Run some code that is killed within `new_model_folder`."""
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from mnist_core.storage import model_folder\n"
        f"def kill(*_): os.kill(os.getpid(), signal.SIGKILL)\n{code}\n"
        f"with model_folder.new_model_folder(Path({str(target)!r}), replace=True) as files:\n"
        "    files.onnx.write_bytes(b'new')\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=PROJECT_FOLDER, check=False)


def test_what_a_killed_process_left_is_put_right(places, shelved):
    shelved("ant")
    target = places.model("ant").folder
    kill_while_writing(target, places, "model_folder._put_in_place = kill")
    assert len(list(places.models.glob(".partial-*"))) == 2
    assert show_model("ant", places).problem is None
    kill_while_writing(target, places, "model_folder.os.rename = kill")  # between the steps of a replacement
    assert not target.exists()
    shelved("bee")
    assert sorted(path.name for path in places.models.iterdir()) == ["ant", "bee"]
    assert show_model("ant", places).card == CARD
