"""What all commands share: usage, help, and the real thing in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mnist_core.config import PROJECT_FOLDER

SAMPLES = PROJECT_FOLDER / "assets" / "samples"


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
