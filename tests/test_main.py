"""The command line's frame: what it reads of the environment, and how it ends."""

import logging
import subprocess
import sys

import pytest

from mnist_core import __main__ as main_module
from mnist_core.config import PROJECT_FOLDER
from mnist_core.errors import DataError


@pytest.fixture(autouse=True)
def own_logger(monkeypatch):
    monkeypatch.setattr(logging.getLogger("mnist_core"), "handlers", [])


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["mnist_core", *arguments])
    with pytest.raises(SystemExit) as caught:
        main_module.main()
    return int(caught.value.code or 0)


def test_an_error_is_a_sentence_on_standard_error_and_status_1(monkeypatch, capsys):
    def fail(**options: object) -> None:
        raise DataError("There is no table.")

    monkeypatch.setattr(main_module, "app", fail)
    assert run(monkeypatch, "evaluate") == 1
    assert capsys.readouterr() == ("", "There is no table.\n")


def test_a_bug_keeps_its_traceback(monkeypatch):
    def fail(**options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(main_module, "app", fail)
    monkeypatch.setattr(sys, "argv", ["mnist_core"])
    with pytest.raises(ZeroDivisionError):
        main_module.main()


@pytest.mark.parametrize(("level", "is_logged"), [(None, False), ("info", True)])
def test_nothing_stands_between_results_unless_it_is_asked_for(
    monkeypatch, tmp_path, capsys, level, is_logged
):
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    monkeypatch.delenv("DIGITS_LOG", raising=False)
    if level:
        monkeypatch.setenv("DIGITS_LOG", level)
    (tmp_path / "x.png").write_text("hello")
    assert run(monkeypatch, "read", str(tmp_path / "x.png"), "--format", "json") == 1
    remarks = capsys.readouterr().err.splitlines()
    assert any("picture refused" in line for line in remarks) is is_logged
    assert len(remarks) == 1 + is_logged


def test_a_name_that_the_terminal_can_not_show_stops_no_one(tmp_path):
    finished = subprocess.run(
        [sys.executable, "-m", "mnist_core", "models", "show", "ü"],
        cwd=PROJECT_FOLDER,
        env={"PATH": "", "DIGITS_HOME": str(tmp_path), "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=60,
    )
    assert finished.returncode == 1
    assert b"'\\xfc' can't be a model's name" in finished.stderr
