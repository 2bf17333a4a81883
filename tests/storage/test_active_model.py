"""Which model is active, and the way back."""

import shutil

import pytest

from mnist_core.errors import ModelError
from mnist_core.storage import active_model
from mnist_core.storage.active_model import active_names, previous_model, write_active_names
from mnist_core.storage.locks import locked
from mnist_core.storage.removal import remove_model
from mnist_core.storage.shelf import activate_if, activate_previous_if, list_models, write_note


def trust(files):
    """Check nothing: these are no networks."""


def test_activating_and_removing_change_the_active_model(paths, shelved):
    shelved("ant")
    activate_if(trust, "ant", paths)
    assert paths.active_model() == paths.model("ant")
    assert [entry.active for entry in list_models(paths)] == [False, True]
    remove_model("ant", paths)
    assert list_models(paths)[0].active
    assert not list(paths.models.iterdir())
    assert paths.activated_names() == ("shipped",)


def test_back_goes_the_way_that_was_come(paths, shelved):
    for name in ("ant", "bee"):
        shelved(name)
        activate_if(trust, name, paths)
    assert previous_model(paths) == "ant"
    assert activate_previous_if(trust, paths) == "ant"
    assert activate_previous_if(trust, paths) == "shipped"
    assert previous_model(paths) is None
    with pytest.raises(ModelError, match="No other model was in use before"):
        activate_previous_if(trust, paths)
    assert paths.active_model() == paths.model("shipped")


def test_activating_again_changes_nothing(paths, shelved):
    shelved("ant")
    activate_if(trust, "ant", paths)
    activate_if(trust, "ant", paths)
    assert previous_model(paths) == "shipped"


def test_a_model_that_vanished_gives_way_to_the_one_before(paths, shelved):
    for name in ("ant", "bee"):
        shelved(name)
        activate_if(trust, name, paths)
    shutil.rmtree(paths.model("bee").folder)
    assert paths.active_model() == paths.model("ant")
    assert previous_model(paths) == "shipped"


def test_a_damaged_model_is_not_gone_back_to(paths, shelved):
    for name in ("ant", "bee"):
        shelved(name)
        activate_if(trust, name, paths)
    paths.model("ant").onnx.unlink()
    with pytest.raises(ModelError, match=r"ant was not activated.*model\.onnx"):
        activate_previous_if(trust, paths)
    assert paths.active_model() == paths.model("bee")


def test_only_so_many_names_are_remembered(paths, shelved, monkeypatch):
    monkeypatch.setattr(active_model, "_MOST_NAMES", 2)
    for name in ("ant", "bee", "cat"):
        shelved(name)
        activate_if(trust, name, paths)
    assert paths.activated_names() == ("cat", "bee")
    assert active_names(paths) == ["cat", "bee", "shipped"]


def test_a_name_written_twice_stands_once(paths):
    paths.home.mkdir()
    write_active_names(["ant", "bee", "ant"], paths)
    assert paths.activated_names() == ("ant", "bee")


@pytest.mark.parametrize("content", [b"", b"\xff", b"../../etc\n", b"gone\n"])
def test_a_damaged_pointer_leaves_the_shipped_model_active(paths, content):
    paths.home.mkdir()
    paths.active_pointer.write_bytes(content)
    assert active_names(paths) == ["shipped"]
    assert paths.active_model() == paths.model("shipped")


def test_someone_elses_change_is_waited_for_and_told(paths, shelved, monkeypatch):
    shelved("ant")
    monkeypatch.setattr(active_model, "locked", lambda path: locked(path, seconds=0.05))
    with locked(paths.home / "shelf.lock"), pytest.raises(ModelError, match="someone else is changing"):
        remove_model("ant", paths)
    remove_model("ant", paths)


def test_a_home_that_can_not_be_written_to_is_told(tmp_path, paths):
    paths.home.write_text("in the way")
    with pytest.raises(ModelError, match=r"Nothing was changed: .*home can't be written to"):
        activate_previous_if(trust, paths)


def test_what_a_killed_process_left_of_the_pointer_is_swept(paths, shelved):
    shelved("ant")
    left = [
        paths.home / ".active-model-k1ll3d.partial",
        paths.model("ant").folder / ".note.txt-k1ll3d.partial",
    ]
    others = [paths.home / ".training-speeds.json-being0.partial", paths.home / "active-model.partial"]
    for path in (*left, *others):
        path.write_text("half")
    write_note("ant", "Mine.", paths)
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in others)  # another process may be writing it
