"""Models taken off the shelf, and brought back."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mnist_core.errors import ModelError
from mnist_core.storage import removal
from mnist_core.storage.model_card import load_card
from mnist_core.storage.removal import remove_model, removed_models, restore_model
from mnist_core.storage.shelf import activate_if, list_models, show_model
from tests.storage.sample_card import CARD


def names(paths):
    return [entry.name for entry in list_models(paths)]


def trust(files):
    """Check nothing: these are no networks."""


def test_the_shipped_model_stays(paths):
    with pytest.raises(ModelError, match="can't be removed"):
        remove_model("shipped", paths)


def test_a_removed_model_can_be_brought_back(paths, shelved):
    shelved("ant")
    activate_if(trust, "ant", paths)
    token = remove_model("ant", paths)
    (removed,) = removed_models(paths)
    assert (removed.token, removed.name) == (token, "ant")
    assert restore_model(token, paths) == "ant"
    assert show_model("ant", paths).card == replace(CARD, name="ant")
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
    monkeypatch.setattr(removal, "_MOST_REMOVED", 2)
    for name in ("ant", "bee", "cat"):
        shelved(name)
        remove_model(name, paths)
    assert [entry.name for entry in removed_models(paths)] == ["cat", "bee"]
    assert len(list((paths.home / "removed-models").iterdir())) == 2


def test_a_model_brought_back_under_a_new_name_has_it_in_its_card(paths, shelved):
    shelved("ant")
    token = remove_model("ant", paths)
    shelved("ant")
    restore_model(token, paths)
    assert json.loads(paths.model("ant-2").card.read_text())["name"] == "ant-2"
    assert load_card(paths.model("ant-2").card) == replace(CARD, name="ant-2")
    assert load_card(paths.model("ant").card).name == "ant"


def test_a_damaged_model_can_be_removed_and_brought_back(paths, shelved):
    shelved("ant")
    paths.model("ant").card.write_text("{")
    assert restore_model(remove_model("ant", paths), paths) == "ant"
    assert "damaged" in show_model("ant", paths).problem


def test_what_else_lies_among_the_removed_is_not_listed(paths, shelved):
    shelved("ant")
    token = remove_model("ant", paths)
    folder = paths.home / "removed-models"
    for name in ("notes", "20260101-000000-000000.shipped", "20260101-000000-000000.No!", "x.ant"):
        (folder / name).mkdir()
    assert [model.token for model in removed_models(paths)] == [token]


def test_when_a_model_was_removed_is_known(paths, shelved):
    shelved("ant")
    (paths.home / "removed-models").mkdir()
    (paths.home / "removed-models" / "20260203-040506-000000.ant").mkdir()
    (removed,) = removed_models(paths)
    assert removed.removed == "2026-02-03T04:05:06+00:00"


def test_the_log_says_what_was_removed_and_brought_back(paths, shelved, caplog):
    caplog.set_level("INFO")
    shelved("ant")
    token = remove_model("ant", paths)
    shelved("ant")
    restore_model(token, paths)
    events = [(record.getMessage(), record.facts) for record in caplog.records]
    assert events == [
        ("model removed", {"model": "ant"}),
        ("model restored", {"model": "ant-2", "removed_as": "ant"}),
    ]


def test_a_removal_has_the_time_of_the_world_whatever_the_servers_clock_shows(paths, shelved, monkeypatch):
    monkeypatch.setenv("TZ", "FAR-14")  # 14 hours ahead
    time.tzset()
    try:
        shelved("ant")
        remove_model("ant", paths)
    finally:
        monkeypatch.undo()
        time.tzset()
    (removed,) = removed_models(paths)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(removed.removed)) < timedelta(minutes=5)


def test_a_clock_that_went_back_drops_nothing_that_was_just_removed(paths, shelved, monkeypatch):
    monkeypatch.setattr(removal, "_MOST_REMOVED", 2)
    for name in ("ant", "bee"):
        shelved(name)
        token = remove_model(name, paths)
        folder = paths.home / "removed-models"
        (folder / token).rename(folder / f"20990101-000000-00000{ord(name[0]) - ord('a')}.{name}")
    shelved("cat")
    remove_model("cat", paths)
    assert [entry.name for entry in removed_models(paths)] == ["cat", "bee"]
