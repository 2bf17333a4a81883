"""The command line as a user meets it: arguments in; standard output, standard error and exit status out."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from mnist_core.__main__ import main
from mnist_core.commands.paths import find_pictures
from mnist_core.config import PROJECT_FOLDER, Places
from mnist_core.errors import ModelError
from mnist_core.reading.recognizer import Recognizer
from mnist_core.results import Box, DigitReading, Reading
from tests.learning.models import shelve, write_network

SAMPLES = PROJECT_FOLDER / "assets" / "samples"


def mark(label: int, confidence: float = 0.9, is_digit: bool = True, line: int = 0) -> DigitReading:
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[label] = confidence
    ink = np.zeros((28, 28), np.float32)
    return DigitReading(Box(1, 2, 3, 4), line, ink, ink, probabilities, is_digit)


class FakeRecognizer:
    """Reads in every photo a 7 and what is no digit, in every drawing a 1, and nothing in what is white."""

    def read_photo(self, picture: np.ndarray) -> Reading:
        return Reading(()) if picture.min() == 255 else Reading((mark(7), mark(3, 0.4, is_digit=False)))

    def read_drawing(self, rgba: np.ndarray) -> Reading:
        assert rgba.dtype == np.uint8
        assert rgba.shape[2] == 4
        return Reading((mark(1),))


@pytest.fixture(autouse=True)
def fake_recognizer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(Recognizer, "load", lambda name=None: FakeRecognizer())
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path / "home"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    """Run the command line in this process: (exit status, standard output, standard error)."""

    def run_main(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mnist_core", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main()
        output, remarks = capsys.readouterr()
        return int(caught.value.code or 0), output, remarks

    return run_main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, one of them in a folder below, a text named .png, and things that are passed over."""
    folder = tmp_path / "pictures"
    (folder / "below").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name in ("10.png", "below/x.PNG", ".hidden/h.png"):
        cv2.imwrite(str(folder / name), np.zeros((9, 9), np.uint8))
    (folder / "2.png").write_text("hello")
    (folder / "notes.txt").write_text("hello")
    return folder


def test_read_gives_a_json_object_a_line(run, folder):
    status, output, remarks = run("read", folder / "10.png", "--format", "json")
    assert status == 0
    assert json.loads(output) == {
        "path": str(folder / "10.png"),
        "text": "7",
        "digits": [
            {"label": 7, "is_digit": True, "confidence": 0.9, "box": [1, 2, 3, 4]},
            {"label": 3, "is_digit": False, "confidence": 0.4, "box": [1, 2, 3, 4]},
        ],
        "error": None,
    }
    assert remarks == ""


def test_a_bad_file_has_its_reason_and_stops_nobody_else(run, folder):
    status, output, remarks = run("read", folder, folder / "gone.png", "--format", "json")
    rows = [json.loads(line) for line in output.splitlines()]
    assert [Path(row["path"]).name for row in rows] == ["2.png", "10.png", "x.PNG", "gone.png"]
    assert [bool(row["error"]) for row in rows] == [True, False, False, True]
    assert rows[0] == {"path": str(folder / "2.png"), "text": "", "digits": [], "error": rows[0]["error"]}
    assert remarks.splitlines() == [rows[0]["error"], rows[3]["error"]]
    assert status == 1


def test_read_as_drawing_hands_over_rgba(run, folder):
    _, output, _ = run("read", folder / "10.png", "--as", "drawing", "--format", "json")
    assert json.loads(output)["text"] == "1"


def test_read_writes_csv_that_starts_no_formula(run, folder, monkeypatch):
    monkeypatch.chdir(folder)
    cv2.imwrite("=1+1.png", np.full((9, 9), 255, np.uint8))
    _, output, _ = run("read", "10.png", "=1+1.png", "--format", "csv")
    assert list(csv.reader(io.StringIO(output))) == [
        ["path", "text", "digits", "least_confidence", "not_digits", "error"],
        ["10.png", "7", "1", "0.9", "1", ""],
        ["'=1+1.png", "", "0", "", "0", ""],
    ]


def test_read_writes_a_table_with_names_as_they_are(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cv2.imwrite("[red]a[link].png", np.zeros((9, 9), np.uint8))
    _, output, _ = run("read", "[red]a[link].png", "--format", "table")
    assert "[red]a[link].png" in output
    assert "90.0%" in output
    assert "1 mark is no digit" in output


@pytest.mark.parametrize(("name", "start"), [("out.csv", "path,"), ("out.json", "{"), ("out", "{")])
def test_read_writes_to_a_file_by_its_ending(run, folder, tmp_path, name, start):
    status, output, _ = run("read", folder / "10.png", "--output", tmp_path / name)
    assert (status, output) == (0, "")
    assert (tmp_path / name).read_text().startswith(start)


def test_read_does_not_overwrite_a_picture(run, folder):
    before = (folder / "10.png").read_bytes()
    status, _, remarks = run("read", folder, "--output", folder / "10.png")
    assert status == 2
    assert "--output" in remarks
    assert (folder / "10.png").read_bytes() == before


def test_read_says_where_it_can_not_write(run, folder, tmp_path):
    status, _, remarks = run("read", folder / "10.png", "--output", tmp_path / "no" / "out.csv")
    assert status == 1
    assert "can't be written: no such file or directory" in remarks


def test_a_folder_without_pictures_is_told(run, tmp_path):
    (tmp_path / "empty").mkdir()
    status, output, remarks = run("read", tmp_path / "empty", "--format", "json")
    assert status == 1
    assert "holds no pictures" in json.loads(output)["error"]
    assert "holds no pictures" in remarks


def test_a_missing_model_is_told_in_a_sentence(run, folder, monkeypatch):
    def load(name=None):
        raise ModelError("The model is gone.")

    monkeypatch.setattr(Recognizer, "load", load)
    assert run("read", folder / "10.png") == (1, "", "The model is gone.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["read"], id="no path"),
        pytest.param(["read", "x.png", "--format", "xml"], id="unknown format"),
        pytest.param(["read", "x.png", "--as", "film"], id="unknown kind"),
        pytest.param(["train", "--epochs", "0"], id="no epochs"),
        pytest.param(["train", "--recipe", "cake"], id="unknown recipe"),
        pytest.param(["dance"], id="unknown command"),
        pytest.param(["models", "show"], id="no name"),
    ],
)
def test_wrong_usage_exits_with_2(run, arguments):
    status, output, remarks = run(*arguments)
    assert status == 2
    assert output == ""
    assert remarks


@pytest.mark.parametrize("command", ["read", "train", "evaluate", "models"])
def test_every_command_has_help(run, command):
    status, output, _ = run(command, "--help")
    assert status == 0
    assert "Usage" in output


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
    places = Places.from_environment()
    shelve("ours", places)
    assert run("models", "rename", "ours", "class-7b")[0] == 0
    assert run("models", "note", "class-7b", "made on a Friday")[0] == 0
    assert run("models", "activate", "class-7b")[0] == 0
    _, output, _ = run("models", "list", "--format", "json")
    ours = json.loads(output.splitlines()[1])
    assert (ours["name"], ours["active"], ours["note"]) == ("class-7b", True, "made on a Friday")
    assert "made on a Friday" in run("models", "show", "class-7b")[1]
    assert run("models", "back") == (0, "", "shipped reads from now on.\n")
    status, _, remarks = run("models", "remove", "class-7b")
    assert status == 0
    assert "models restore class-7b" in remarks
    assert run("models", "restore", "class-7b")[0] == 0
    status, _, remarks = run("models", "restore", "class-7b")
    assert status == 1
    assert "can still be brought back" in remarks
    assert [path.name for path in places.models.iterdir()] == ["class-7b"]


def test_models_are_compared(run):
    for name in ("ours", "theirs"):
        shelve(name, Places.from_environment())
    status, output, _ = run("models", "compare", "ours", "theirs", "--format", "json")
    assert status == 0
    assert json.loads(output)["only_first"] == 0
    assert "no difference" in run("models", "compare", "ours", "theirs")[1]


def test_a_model_is_exported(run, tmp_path):
    target = tmp_path / "mine.onnx"
    assert run("models", "export", "shipped", target) == (0, "", f"shipped is in {target}.\n")
    assert target.read_bytes() == Places.from_environment().model("shipped").onnx.read_bytes()
    status, _, remarks = run("models", "export", "shipped", tmp_path / "mine.h5")
    assert status == 2
    assert ".keras, .onnx, .zip" in remarks
    assert not (tmp_path / "mine.h5").exists()


def test_a_model_that_does_not_read_as_its_card_says_is_not_activated(run):
    files = shelve("ours", Places.from_environment())
    write_network(files.onnx)
    status, output, remarks = run("models", "activate", "ours")
    assert (status, output) == (1, "")
    assert "not the network that its card is about" in remarks


def test_the_shipped_model_is_not_removed(run):
    status, _, _ = run("models", "remove", "shipped")
    assert status == 1
    assert Places.from_environment().model("shipped").onnx.exists()


def test_evaluate_counts_every_cell(run, tmp_path):
    cells = np.zeros((3, 28, 28), np.uint8)
    cells[:, 4:24, 13:15] = 255
    rows = [",".join(map(str, [label, *cell.ravel()])) for label, cell in zip((1, 1, 2), cells, strict=True)]
    table = tmp_path / "ones.csv"
    header = "label," + ",".join(f"pixel{k}" for k in range(784))
    table.write_text("\n".join([header, *rows]) + "\n")
    status, output, _ = run("evaluate", "--data", table, "--format", "json")
    report = json.loads(output)
    assert status == 0
    assert (report["right"], report["total"]) == (2, 3)
    assert report["confusion_matrix"][2][1] == 1
    status, output, _ = run("evaluate", "--data", table)
    assert "2 of 3 right" in output


def test_evaluate_tells_what_is_wrong_with_its_data(run, tmp_path):
    status, output, remarks = run("evaluate", "--data", tmp_path / "gone.csv")
    assert (status, output) == (1, "")
    assert "gone.csv" in remarks


def test_training_without_tensorflow_says_how_to_get_it(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    for name in [name for name in sys.modules if name.startswith("mnist_core.learning")]:
        monkeypatch.delitem(sys.modules, name)
    status, output, remarks = run("train", "--epochs", "1")
    assert (status, output) == (1, "")
    assert "make install-train" in remarks


def test_folders_are_walked_in_natural_order(tmp_path):
    for name in ("b10.png", "b9.png", "a.png", "A2/1.png", "a10/1.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [str(path.relative_to(tmp_path)) for path in find_pictures([tmp_path], frozenset({".png"}))]
    assert found == ["A2/1.png", "a10/1.png", "a.png", "b9.png", "b10.png"]


def test_the_real_thing_reads_our_samples_in_a_process_of_its_own(tmp_path):
    environment = os.environ | {"DIGITS_HOME": str(tmp_path)}
    finished = subprocess.run(
        [sys.executable, "-m", "mnist_core", "read", str(SAMPLES)],
        cwd=PROJECT_FOLDER,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.stderr == ""
    texts = {Path(row["path"]).stem: row["text"] for row in map(json.loads, finished.stdout.splitlines())}
    assert texts == {"chalk": "1789", "drawing": "2026", "paper": "3141\n592\n65358"}
    assert finished.returncode == 0
