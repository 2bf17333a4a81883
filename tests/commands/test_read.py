"""Reading pictures from the command line: arguments in; output, remarks and exit status out."""

import csv
import io
import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from mnist_core.errors import ModelError
from mnist_core.reading.recognizer import Recognizer
from mnist_core.results import Reading
from tests.commands.conftest import FakeRecognizer, mark


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


@pytest.mark.parametrize(
    ("is_terminal", "shown"),
    [
        pytest.param(True, r"\x1b[31m\r=\u202egnp.png", id="on a terminal"),
        pytest.param(False, "\\x1b[31m\\r=\u202egnp.png", id="in a file"),
    ],
)
def test_csv_shows_what_a_terminal_would_obey(run, tmp_path, monkeypatch, is_terminal, shown):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    name = "\x1b[31m\r=\u202egnp.png"
    Path(name).write_text("hello")
    _, output, remarks = run("read", name, "--format", "csv")
    assert output.splitlines()[1].startswith(f"{shown},")
    assert not {"\x1b", "\r", "\u202e"} & set(remarks)


def test_read_keeps_the_zeros_of_a_text(run, folder, monkeypatch):
    monkeypatch.setattr(FakeRecognizer, "read_photo", lambda *_: Reading((mark(0), mark(0), mark(7))))
    _, output, _ = run("read", folder / "10.png", "--format", "csv")
    assert output.splitlines()[1].split(",")[1] == "'007"


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
