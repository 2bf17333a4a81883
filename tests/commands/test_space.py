"""What the home folder takes, from the command line."""

import json

import pytest

from mnist_core.config import AppPaths
from mnist_core.runs.recorder import new_run
from mnist_core.storage.removal import remove_model
from tests.shelved_models import shelve


@pytest.fixture
def filled(run) -> AppPaths:
    paths = AppPaths.from_environment()
    for name in ("ours", "theirs"):
        shelve(name, paths)
    remove_model("theirs", paths)
    new_run({}, "", paths)
    paths.tables.mkdir()
    (paths.tables / "digits-0123456789ab.csv").write_bytes(bytes(100))
    return paths


def counts(run) -> dict[str, int]:
    _, output, _ = run("space", "show", "--format", "json")
    return {each["kind"]: each["count"] for each in map(json.loads, output.splitlines())}


def test_what_is_stored_is_shown(run, filled):
    before = {"networks": 1, "removed networks": 1, "training runs": 1, "uploaded tables": 1}
    assert counts(run) == before
    assert "removed networks" in run("space", "show")[1]


@pytest.mark.parametrize(
    ("what", "kind"),
    [("removed", "removed networks"), ("runs", "training runs"), ("tables", "uploaded tables")],
)
def test_one_kind_is_freed_and_no_other(run, filled, what, kind):
    before = counts(run)
    status, _, remarks = run("space", "free", what)
    assert status == 0
    assert "are deleted" in remarks
    assert counts(run) == before | {kind: 0}


def test_networks_on_the_shelf_are_not_freed(run, filled):
    assert run("space", "free", "networks")[0] == 2
    assert counts(run)["networks"] == 1
