"""What the home folder takes, its limit for networks, and what is freed for good."""

import pytest

from mnist_core.errors import ModelError
from mnist_core.storage import disk_space
from mnist_core.storage.disk_space import forget_removed, measure_space, require_shelf_room
from mnist_core.storage.removal import remove_model, removed_models
from mnist_core.storage.shelf import list_models


def test_an_empty_home_takes_nothing(paths):
    assert {(each.count, each.size) for each in measure_space(paths)} == {(0, 0)}
    require_shelf_room(paths)


def test_each_kind_is_measured_on_its_own(paths, shelved):
    for name in ("ant", "bee", "cat"):
        shelved(name)
    remove_model("cat", paths)
    for folder, size in ((paths.runs / "run-000001-ab" / "deep", 1000), (paths.tables, 300)):
        folder.mkdir(parents=True)
        (folder / "file").write_bytes(bytes(size))
    measured = {each.kind: (each.count, each.size) for each in measure_space(paths)}
    one = sum(path.stat().st_size for path in paths.model("ant").folder.iterdir())
    assert measured == {
        "networks": (2, 2 * one),
        "removed networks": (1, one),
        "training runs": (1, 1000),
        "uploaded tables": (1, 300),
    }


def test_a_link_out_of_the_home_counts_for_itself_alone(paths, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "large").write_bytes(bytes(1_000_000))
    paths.models.mkdir(parents=True)
    (paths.models / "ant").symlink_to(tmp_path / "elsewhere")
    assert measure_space(paths)[0].size < 1000


def test_a_full_shelf_refuses_in_a_sentence_that_says_what_helps(paths, shelved, monkeypatch):
    shelved("ant")
    monkeypatch.setattr(disk_space, "MAX_SHELF_BYTES", 10)
    with pytest.raises(ModelError, match=r"1 networks and 0 removed.*space free removed"):
        require_shelf_room(paths)


def test_removed_networks_are_deleted_for_good_and_no_others(paths, shelved):
    for name in ("ant", "bee"):
        shelved(name)
    remove_model("ant", paths)
    removed_size = measure_space(paths)[1].size
    assert forget_removed(paths) == removed_size > 0
    assert removed_models(paths) == ()
    assert [entry.name for entry in list_models(paths)] == ["shipped", "bee"]
    assert forget_removed(paths) == 0
