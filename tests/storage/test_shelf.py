import os
from dataclasses import replace

import pytest

from mnist_core.errors import ModelError
from mnist_core.storage import active_model
from mnist_core.storage.active_model import previous_model
from mnist_core.storage.locks import locked
from mnist_core.storage.model_card import load_card, save_card
from mnist_core.storage.removal import remove_model, restore_model
from mnist_core.storage.shelf import (
    MAX_NOTE,
    activate_if,
    activate_previous_if,
    free_name,
    list_models,
    rename_model,
    show_model,
    write_note,
)
from tests.storage.sample_card import CARD


def trust(files):
    """Check nothing: these are no networks."""


def names(paths):
    return [entry.name for entry in list_models(paths)]


def activate(name, paths):
    activate_if(trust, name, paths)


def test_an_empty_shelf_holds_the_shipped_model(paths):
    (entry,) = list_models(paths)
    assert (entry.name, entry.active, entry.problem) == ("shipped", True, None)


def test_models_are_listed_by_name_after_the_shipped_one(paths, shelved):
    shelved("zebra")
    shelved("ant")
    assert names(paths) == ["shipped", "ant", "zebra"]
    assert show_model("ant", paths).card == replace(CARD, name="ant")


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
        activate_if(trust, "half", paths)


def test_what_is_no_model_is_not_listed(paths, shelved):
    shelved("ant")
    (paths.models / "notes.txt").write_text("mine")
    (paths.models / ".partial-x").mkdir()
    (paths.models / "shipped").mkdir()
    assert names(paths) == ["shipped", "ant"]


def test_a_renamed_model_goes_on_reading(paths, shelved):
    shelved("ant")
    shelved("bee")
    activate_if(trust, "ant", paths)
    activate_if(trust, "bee", paths)
    rename_model("bee", "hornet", paths)
    assert names(paths) == ["shipped", "ant", "hornet"]
    entry = show_model("hornet", paths)
    assert entry.active
    assert entry.card.name == "hornet"
    rename_model("ant", "termite", paths)
    assert activate_previous_if(trust, paths) == "termite"


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
    with pytest.raises(ModelError, match=f"{MAX_NOTE:,} characters"):
        write_note("ant", "x" * (MAX_NOTE + 1), paths)
    with pytest.raises(ModelError, match="takes no note"):
        write_note("shipped", "ours", paths)


def test_a_free_name_is_found(paths, shelved):
    assert free_name("ant", paths) == "ant"
    shelved("ant")
    shelved("ant-2")
    assert free_name("ant", paths) == "ant-3"
    assert free_name("shipped", paths) == "shipped-2"


@pytest.mark.parametrize("act", [show_model, activate, remove_model])
def test_unknown_and_impossible_names_are_told(paths, act):
    with pytest.raises(ModelError, match="no model 'nobody'"):
        act("nobody", paths)
    with pytest.raises(ModelError, match="can't be a model's name"):
        act("../../etc", paths)


def refuse(files):
    raise ModelError(f"{files.name} reads nothing.")


def test_a_model_that_fails_its_check_is_not_activated(paths, shelved):
    shelved("ant")
    with pytest.raises(ModelError, match="ant reads nothing"):
        activate_if(refuse, "ant", paths)
    assert paths.active_model().name == "shipped"


def test_a_model_that_fails_its_check_is_not_gone_back_to(paths, shelved):
    for name in ("ant", "bee"):
        shelved(name)
        activate(name, paths)
    with pytest.raises(ModelError, match="ant reads nothing"):
        activate_previous_if(refuse, paths)
    assert paths.active_model().name == "bee"
    assert previous_model(paths) == "ant"


def test_a_card_of_another_name_is_listed_under_its_folders(paths, shelved):
    shelved("ant")
    save_card(replace(CARD, name="other"), paths.model("ant").card)
    assert show_model("ant", paths).card.name == "ant"


def test_a_renamed_model_has_its_new_name_in_its_card(paths, shelved):
    shelved("ant")
    rename_model("ant", "bee", paths)
    assert load_card(paths.model("bee").card) == replace(CARD, name="bee")


def test_a_damaged_model_can_be_renamed(paths, shelved):
    shelved("ant")
    paths.model("ant").card.write_text("{")
    rename_model("ant", "bee", paths)
    assert "damaged" in show_model("bee", paths).problem


def test_a_longest_note_comes_back_whole(paths, shelved):
    shelved("ant")
    write_note("ant", "ü" * MAX_NOTE, paths)
    assert show_model("ant", paths).note == "ü" * MAX_NOTE


def test_the_log_says_what_became_active_and_what_is_called_otherwise(paths, shelved, caplog):
    caplog.set_level("INFO")
    shelved("ant")
    activate("ant", paths)
    activate("ant", paths)
    rename_model("ant", "bee", paths)
    activate_previous_if(trust, paths)
    assert [(record.getMessage(), record.facts) for record in caplog.records] == [
        ("model activated", {"model": "ant"}),
        ("model renamed", {"model": "ant", "new_name": "bee"}),
        ("model activated", {"model": "shipped"}),
    ]


def test_while_an_active_model_is_renamed_one_of_its_names_is_active(paths, shelved, monkeypatch):
    for name in ("ant", "bee"):
        shelved(name)
        activate(name, paths)
    rename, seen = os.rename, []

    def look_and_rename(source, target):
        seen.append(paths.activated_names())
        rename(source, target)
        seen.append(paths.active_model().name)

    monkeypatch.setattr(os, "rename", look_and_rename)
    rename_model("bee", "hornet", paths)
    assert seen == [("hornet", "bee", "ant", "shipped"), "hornet"]
    assert paths.activated_names() == ("hornet", "ant", "shipped")


def test_renaming_another_model_leaves_the_active_ones_alone(paths, shelved):
    for name in ("ant", "bee"):
        shelved(name)
    activate("ant", paths)
    rename_model("bee", "hornet", paths)
    assert paths.activated_names() == ("ant", "shipped")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(lambda paths: activate("ant", paths), "ant was not activated", id="activate"),
        pytest.param(lambda paths: rename_model("ant", "b", paths), "ant was not renamed", id="rename"),
        pytest.param(lambda paths: write_note("ant", "x", paths), "The note was not saved", id="note"),
        pytest.param(lambda paths: remove_model("ant", paths), "ant was not removed", id="remove"),
        pytest.param(lambda paths: restore_model("x", paths), "Nothing was brought back", id="restore"),
    ],
)
def test_a_change_that_has_to_wait_too_long_says_what_was_not_done(
    paths, shelved, monkeypatch, change, sentence
):
    shelved("ant")
    monkeypatch.setattr(active_model, "locked", lambda path: locked(path, seconds=0.02))
    paths.home.mkdir(exist_ok=True)
    with (
        locked(paths.home / "shelf.lock"),
        pytest.raises(ModelError, match=f"^{sentence}: someone else is changing the shelf"),
    ):
        change(paths)
    assert names(paths) == ["shipped", "ant"]


def test_an_empty_note_where_there_is_none_is_no_trouble(paths, shelved):
    shelved("ant")
    write_note("ant", "", paths)
    assert show_model("ant", paths).note == ""
