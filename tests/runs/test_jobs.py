"""Runs in processes of their own: a fake one, quick and awkward; and the real one, on a tiny table."""

import json
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.errors import DataError, ModelError
from mnist_core.evaluation.activation import activate
from mnist_core.evaluation.evaluation import load_evaluation
from mnist_core.runs import jobs
from mnist_core.runs.history import load_run, running_id
from mnist_core.runs.jobs import cancel_training, resume_training, start_training
from mnist_core.runs.run_files import RunState, checkpoint_path
from mnist_core.runs.run_lock import running_run
from mnist_core.storage.shelf import show_model
from mnist_core.training.train_config import TrainConfig
from tests.runs import fake_worker


@pytest.fixture
def paths(tmp_path):
    paths = AppPaths(home=tmp_path / "home", mnist=None)
    yield paths
    cancel_training(paths)


@pytest.fixture
def start(paths, monkeypatch):
    """Start a fake run that behaves in a given way."""

    def start_fake(behaviour, who="Anna", name="ours"):
        monkeypatch.setattr(jobs, "_WORKER", "tests.runs.fake_worker")
        monkeypatch.setenv("FAKE_WORKER", str(behaviour))
        return start_training(TrainConfig(recipe="quick", name=name), paths, who)

    return start_fake


def wait(condition, seconds=30.0):
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "waited in vain"
        time.sleep(0.01)


def is_prepared(run_id, paths):
    return lambda: load_run(run_id, paths).training_cells > 0


def test_a_run_is_under_way_from_the_start(paths, start):
    run_id = start(fake_worker.CANCELS)
    run = running_run(paths)
    assert (run.id, run.who, run.model, run.alive) == (run_id, "Anna", "ours", True)


def test_a_second_run_is_refused_and_told_whose_is_on(paths, start):
    run_id = start(fake_worker.CANCELS)
    with pytest.raises(ModelError, match=r"Anna's run is under way \(quick, 0% done\)"):
        start(fake_worker.CANCELS, who="Ben", name="other")
    assert running_run(paths).id == run_id


def test_cancel_ends_a_run_and_keeps_what_was_recorded(paths, start):
    run_id = start(fake_worker.CANCELS)
    wait(is_prepared(run_id, paths))
    cancel_training(paths)
    run = load_run(run_id, paths)
    assert run.state == RunState.CANCELLED
    assert run.training_cells == 100
    assert running_run(paths) is None
    start(fake_worker.CANCELS)


def test_a_stubborn_run_is_ended_within_two_seconds(paths, start):
    run_id = start(fake_worker.STUBBORN)
    wait(is_prepared(run_id, paths))
    started = time.monotonic()
    cancel_training(paths)
    assert time.monotonic() - started < 2
    wait(lambda: running_run(paths) is None, seconds=1)
    assert load_run(run_id, paths).state == RunState.CANCELLED


def test_a_run_that_ends_makes_room_for_the_next(paths, start):
    run_id = start(fake_worker.ENDS)
    wait(lambda: running_run(paths) is None)
    run = load_run(run_id, paths)
    assert (run.state, run.message, run.progress) == (RunState.FINISHED, "Done.", 1.0)


def test_a_run_that_is_over_does_not_keep_the_next_one_waiting_for_tensorflow(paths, start):
    first = start(fake_worker.TIDIES_UP)
    wait(lambda: load_run(first, paths).state == RunState.FINISHED)
    assert running_id(paths) == first
    second = start(fake_worker.CANCELS, name="other")
    assert running_id(paths) == second


def test_a_disk_without_room_is_told_before_anything_is_started(paths, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=1_000_000))
    with pytest.raises(ModelError, match="1 MB free"):
        start_training(TrainConfig(recipe="quick"), paths)
    assert not paths.runs.exists()


def test_a_run_killed_by_hand_was_interrupted(paths, start):
    run_id = start(fake_worker.DIES)
    wait(lambda: running_run(paths) is None)
    assert load_run(run_id, paths).state == RunState.INTERRUPTED
    cancel_training(paths)
    assert load_run(run_id, paths).state == RunState.INTERRUPTED


def test_nothing_to_cancel_is_no_trouble(paths):
    cancel_training(paths)
    assert running_run(paths) is None


@pytest.mark.parametrize(
    ("config", "error", "complaint"),
    [
        pytest.param({"data": "gone.csv"}, DataError, "no such file", id="no data"),
        pytest.param({"name": "shipped"}, ModelError, "already", id="name taken"),
        pytest.param({"name": "../x"}, ModelError, "can't be a model's name", id="no name"),
    ],
)
def test_what_can_be_known_before_is_refused_before(paths, config, error, complaint):
    with pytest.raises(error, match=complaint):
        start_training(TrainConfig(**config), paths)
    assert running_run(paths) is None


def test_without_tensorflow_it_is_told_how_to_get_it(paths, monkeypatch):
    monkeypatch.setattr(jobs, "can_train", lambda: False)
    with pytest.raises(ModelError, match=r"needs tensorflow.*make install-train"):
        start_training(TrainConfig(recipe="quick"), paths)


def test_a_home_that_is_a_file_is_told(tmp_path):
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(ModelError, match="No run can be started"):
        start_training(TrainConfig(recipe="quick"), AppPaths(home=tmp_path / "home", mnist=None))


def events(caplog):
    return [(record.getMessage(), record.levelname, record.facts) for record in caplog.records]


def test_the_log_says_when_a_run_starts_and_ends(paths, start, caplog):
    caplog.set_level("INFO")
    run_id = start(fake_worker.ENDS)
    wait(lambda: len(caplog.records) == 2)
    (began, _, facts), ended = events(caplog)
    assert (began, facts["run"], facts["model"], facts["recipe"]) == ("run started", run_id, "ours", "quick")
    assert ended == ("run ended", "INFO", {"run": run_id, "state": "finished"})
    assert "Anna" not in caplog.text + str([vars(record) for record in caplog.records])


def test_the_log_holds_the_last_lines_of_a_worker_that_died(paths, start, caplog):
    caplog.set_level("INFO")
    run_id = start(fake_worker.DIES)
    wait(lambda: len(caplog.records) == 2)
    event, level, facts = events(caplog)[1]
    assert (event, level) == ("run ended", "WARNING")
    assert (facts["run"], facts["state"], facts["status"]) == (run_id, "interrupted", -signal.SIGKILL)
    assert facts["log"].splitlines() == [f"line {number}" for number in range(30, 50)]


@pytest.mark.parametrize("behaviour", [fake_worker.CANCELS, fake_worker.STUBBORN])
def test_the_log_says_when_a_run_is_cancelled(paths, start, caplog, behaviour):
    caplog.set_level("INFO")
    run_id = start(behaviour)
    wait(is_prepared(run_id, paths))
    cancel_training(paths)
    wait(lambda: len(caplog.records) == 3)
    ends = sorted(events(caplog)[1:])
    assert ends == [
        ("run cancelled", "INFO", {"run": run_id}),
        ("run ended", "INFO", {"run": run_id, "state": "cancelled"}),
    ]


def test_whose_run_is_on_is_shown_but_not_logged(paths, start):
    start(fake_worker.CANCELS)
    with pytest.raises(ModelError, match="Anna") as caught:
        start(fake_worker.CANCELS, who="Ben", name="other")
    assert caught.value.reason == "another run is under way"


def test_a_process_id_that_is_none_is_not_signalled(paths, start):
    run_id = start(fake_worker.CANCELS)
    wait(is_prepared(run_id, paths))
    file = paths.runs / run_id / "process"
    process = file.read_text()
    for content in ("0", "-1", "1", "many"):
        file.write_text(content)
        cancel_training(paths)
        assert running_run(paths).id == run_id
    file.write_text(process)


def test_windows_is_told_that_it_can_not_train(paths, monkeypatch):
    monkeypatch.setattr(jobs, "os", SimpleNamespace(name="nt"))
    with pytest.raises(ModelError, match="needs Linux or macOS"):
        start_training(TrainConfig(recipe="quick"), paths)


# --- The real worker --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Ten easy 'digits', a bar each in a place of its own."""
    rng = np.random.default_rng(0)
    labels = np.arange(1200) % 10
    cells = rng.integers(0, 40, (1200, 28, 28), np.uint8)
    for cell, label in zip(cells, labels, strict=True):
        cell[4:24, 4 + 2 * label : 6 + 2 * label] = 255
    path = tmp_path_factory.mktemp("data") / "bars.npz"
    np.savez(path, x_train=cells[:900], y_train=labels[:900], x_test=cells[900:], y_test=labels[900:])
    return path


@pytest.mark.slow
def test_the_real_worker_trains_and_its_model_reads(paths, table):
    config = TrainConfig(recipe="linear", data=str(table), epochs=8, batch_size=16, name="bars")
    run_id = start_training(config, paths, "Anna")
    wait(lambda: not load_run(run_id, paths).alive, seconds=120)
    run = load_run(run_id, paths)
    log = (run.folder / "worker.log").read_text()
    assert run.state == RunState.FINISHED, log
    assert "bars is on the shelf" in run.message
    assert [point.epoch for point in run.curves] == list(range(1, 9))
    assert len(run.samples) == 16
    assert run.steps == -(-855 // 16)
    entry = show_model("bars", paths)
    assert entry.problem is None
    assert load_evaluation("bars", paths).report.right == entry.card.scores[0].right > 200
    activate("bars", paths)


@pytest.mark.slow
def test_the_real_worker_goes_on_with_a_run_that_was_killed(paths, table):
    config = TrainConfig(recipe="linear", data=str(table), epochs=40, batch_size=128, name="bars")
    run_id = start_training(config, paths, "Anna")
    wait(lambda: checkpoint_path(paths.runs / run_id).exists(), seconds=240)
    os.kill(int((paths.runs / run_id / "process").read_text()), signal.SIGKILL)
    wait(lambda: running_run(paths) is None)
    over = len(load_run(run_id, paths).curves)
    resume_training(run_id, paths, "Ben")
    wait(lambda: not load_run(run_id, paths).alive, seconds=240)
    run = load_run(run_id, paths)
    assert run.state == RunState.FINISHED, run.message
    assert 0 < over < 40
    assert [point.epoch for point in run.curves] == list(range(1, 41))
    assert [point.at for point in run.batches] == sorted(point.at for point in run.batches)
    assert run.who == "Ben"
    assert len(show_model("bars", paths).card.curves) == 40


@pytest.mark.slow
@pytest.mark.parametrize("when", ["starting", "training"])
def test_the_real_worker_is_cancelled_within_two_seconds(paths, table, when):
    run_id = start_training(TrainConfig(recipe="linear", data=str(table), epochs=500), paths)
    if when == "training":
        wait(lambda: len(load_run(run_id, paths).curves) > 1, seconds=120)
    process = int((paths.runs / run_id / "process").read_text())
    wait(lambda: os.getpriority(os.PRIO_PROCESS, process) >= 10)
    assert os.getsid(process) == process
    started = time.monotonic()
    cancel_training(paths)
    assert time.monotonic() - started < 2
    run = load_run(run_id, paths)
    assert run.state == RunState.CANCELLED
    assert len(run.curves) > 1 or when == "starting"
    assert running_run(paths) is None
    assert not paths.models.exists()


@pytest.mark.slow
def test_the_real_worker_ends_with_the_server_that_started_it(paths, table):
    script = (
        "import sys, time; from pathlib import Path\n"
        "from mnist_core.config import AppPaths\n"
        "from mnist_core.runs.jobs import start_training\n"
        "from mnist_core.training.train_config import TrainConfig\n"
        "config = TrainConfig(recipe='quick', data=sys.argv[2], epochs=500)\n"
        "print(start_training(config, AppPaths(Path(sys.argv[1]), None)), flush=True)\n"
        "time.sleep(600)\n"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", script, str(paths.home), str(table)],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.PIPE,
        text=True,
    )
    run_id = server.stdout.readline().strip()
    wait(lambda: load_run(run_id, paths).alive, seconds=30)
    server.kill()
    server.communicate()
    wait(lambda: not load_run(run_id, paths).alive, seconds=10)
    run = load_run(run_id, paths)
    assert run.state == RunState.INTERRUPTED
    assert "The server stopped" in run.message


@pytest.mark.slow
def test_data_that_vanished_is_told(paths, tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("label\n")
    run_id = start_training(TrainConfig(recipe="linear", data=str(table)), paths)
    table.unlink()
    wait(lambda: running_run(paths) is None, seconds=120)
    run = load_run(run_id, paths)
    assert run.state == RunState.FAILED
    assert "mine.csv can't be read" in run.message
    outcome = json.loads((run.folder / "outcome.json").read_text())
    assert outcome["message"] == run.message
