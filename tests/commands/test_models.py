"""The shelf from the command line."""

import json

import pytest

from mnist_core.config import AppPaths
from tests.shelved_models import shelve, write_network


def test_models_are_listed_and_shown(run):
    status, output, _ = run("models", "list", "--format", "json")
    assert status == 0
    shipped = json.loads(output.splitlines()[0])
    assert shipped["name"] == "shipped"
    assert shipped["active"]
    assert shipped["scores"]
    status, output, _ = run("models", "show", "shipped")
    assert status == 0
    assert str(shipped["scores"][0]["right"]) in output


@pytest.mark.parametrize("command", ["show", "activate", "remove"])
def test_an_unknown_model_is_told(run, command):
    status, output, remarks = run("models", command, "nobody")
    assert (status, output) == (1, "")
    assert "nobody" in remarks


def test_a_shelf_is_kept_from_the_command_line(run):
    paths = AppPaths.from_environment()
    shelve("ours", paths)
    assert run("models", "rename", "ours", "class-7b")[0] == 0
    assert run("models", "note", "class-7b", "made on a Friday")[0] == 0
    assert run("models", "activate", "class-7b")[0] == 0
    _, output, _ = run("models", "list", "--format", "json")
    ours = json.loads(output.splitlines()[1])
    assert (ours["name"], ours["active"], ours["note"]) == ("class-7b", True, "made on a Friday")
    assert "made on a Friday" in run("models", "show", "class-7b")[1]
    assert run("models", "back") == (0, "", "shipped is in use from now on.\n")
    status, _, remarks = run("models", "remove", "class-7b")
    assert status == 0
    assert "models restore class-7b" in remarks
    assert run("models", "restore", "class-7b")[0] == 0
    status, _, remarks = run("models", "restore", "class-7b")
    assert status == 1
    assert "can still be brought back" in remarks
    assert [path.name for path in paths.models.iterdir()] == ["class-7b"]


def test_models_are_compared(run):
    for name in ("ours", "theirs"):
        shelve(name, AppPaths.from_environment())
    status, output, _ = run("models", "compare", "ours", "theirs", "--format", "json")
    assert status == 0
    assert json.loads(output)["only_first"] == 0
    assert "no difference" in run("models", "compare", "ours", "theirs")[1]


def test_a_model_is_exported(run, tmp_path):
    target = tmp_path / "mine.onnx"
    assert run("models", "export", "shipped", target) == (0, "", f"shipped is in {target}.\n")
    assert target.read_bytes() == AppPaths.from_environment().model("shipped").onnx.read_bytes()
    status, _, remarks = run("models", "export", "shipped", tmp_path / "mine.h5")
    assert status == 2
    assert ".keras, .onnx, .tflite, .zip" in remarks
    assert not (tmp_path / "mine.h5").exists()


def test_a_model_that_does_not_read_as_its_card_says_is_not_activated(run):
    files = shelve("ours", AppPaths.from_environment())
    write_network(files.onnx)
    status, output, remarks = run("models", "activate", "ours")
    assert (status, output) == (1, "")
    assert "not the network that its card is about" in remarks


def test_the_shipped_model_is_not_removed(run):
    status, _, _ = run("models", "remove", "shipped")
    assert status == 1
    assert AppPaths.from_environment().model("shipped").onnx.exists()
