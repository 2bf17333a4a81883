"""The worker's process around a training loop that is none: how it ends, and what it writes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.runs.recorder import new_run
from mnist_core.runs.run_files import (
    BatchPoint,
    RunOutcome,
    RunSize,
    RunState,
    load_events,
    load_outcome,
    load_samples,
)
from mnist_core.training.train_config import TrainConfig

PATIENCE_S = 90


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    return AppPaths(home=tmp_path / "home", mnist=None)


def start(paths: AppPaths, behaviour: str, config: object = None, parent: int | None = None):
    """Start a worker: its process, and its run's folder."""
    folder = new_run(TrainConfig(recipe="quick").to_json() if config is None else config, "Anna", paths)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.runs.fake_training", str(folder), str(parent or os.getpid())],
        cwd=PROJECT_FOLDER,
        env=os.environ | {"DIGITS_HOME": str(paths.home), "FAKE_TRAINING": behaviour},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # as jobs starts it: it lowers the priority of its whole session
    )
    return process, folder


def run(paths: AppPaths, behaviour: str, config: object = None) -> tuple[RunOutcome, str, int, Path]:
    """Run a worker to its end: how it ended, what it printed, its status, its folder."""
    process, folder = start(paths, behaviour, config)
    output, _ = process.communicate(timeout=PATIENCE_S)
    return load_outcome(folder), output, process.returncode, folder


def wait_until_prepared(folder: Path) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while load_events(folder).size is None:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def test_events_are_written_as_they_come(paths):
    outcome, _, status, folder = run(paths, "events")
    events = load_events(folder)
    assert status == 0
    assert outcome.state == RunState.FINISHED
    score = "99.00% of 100 cells it had never seen (1 wrong)"
    assert outcome.message == f"mine is on the shelf: it reads {score}."
    assert events.size == RunSize(100, 20, 2, 10)
    assert events.batches == (BatchPoint(2, 5, 1.5, 0.25, 0.75, 123.5, 7.9, 64),)
    assert [point.epoch for point in events.curves] == [1]
    assert events.finishing
    assert events.expected_end > time.time() - 60
    assert [sample.label for sample in load_samples(folder)] == [3]
    speeds = json.loads((paths.home / "training-speeds.json").read_text())
    assert set(speeds) == {"quick, batches of 128", "quick, preparing", "quick, finishing"}


def test_everyone_else_goes_first(paths):
    _, output, _, _ = run(paths, "priority")
    assert f"niceness {min(19, os.nice(0) + 10)}" in output


def test_a_refusal_is_how_a_run_ends(paths):
    outcome, _, status, _ = run(paths, "refusal")
    assert (outcome.state, outcome.message) == (RunState.FAILED, "There are 3 examples of the digit 4.")
    assert status == 0


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ("bug", "ZeroDivisionError: by zero"),
        ("memory", "memory is full"),
        ("missing", "No module named 'x'"),
    ],
)
def test_a_bug_is_how_a_run_ends_and_its_traceback_is_in_the_log(paths, behaviour, words):
    outcome, output, status, _ = run(paths, behaviour)
    assert outcome.state == RunState.FAILED
    assert words in outcome.message
    assert "Traceback" in output
    assert status == 1


def test_a_full_disk_is_how_a_run_ends(paths):
    outcome, _, _, _ = run(paths, "disk")
    assert outcome.state == RunState.FAILED
    assert "The disk is full" in outcome.message


def test_data_that_vanished_is_how_a_run_ends(paths, tmp_path):
    config = TrainConfig(recipe="quick", data=str(tmp_path / "gone.csv")).to_json()
    outcome, _, _, _ = run(paths, "events", config)
    assert outcome.state == RunState.FAILED
    assert "gone.csv can't be read" in outcome.message


def test_settings_of_another_kind_are_how_a_run_ends(paths):
    outcome, _, _, _ = run(paths, "events", {"recipe": ["quick"]})
    assert outcome.state == RunState.FAILED
    assert "no settings of a training run" in outcome.message


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("behaviour", ["stops", "stubborn"])
def test_a_signal_cancels_even_what_does_not_listen(paths, behaviour, number):
    process, folder = start(paths, behaviour)
    wait_until_prepared(folder)
    process.send_signal(number)
    process.communicate(timeout=PATIENCE_S)
    assert load_outcome(folder).state == RunState.CANCELLED


def test_a_worker_whose_parent_is_gone_ends_as_interrupted(paths):
    process, folder = start(paths, "stubborn", parent=1)
    process.communicate(timeout=PATIENCE_S)
    outcome = load_outcome(folder)
    assert outcome.state == RunState.INTERRUPTED
    assert "The server stopped" in outcome.message
