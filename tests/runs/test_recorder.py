import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.runs import recorder
from mnist_core.runs.history import list_runs, load_run, lock_path
from mnist_core.runs.recorder import RunRecord, new_run, reopen_run
from mnist_core.runs.run_files import BatchPoint, RunState, checkpoint_path, load_events
from mnist_core.storage.locks import try_lock
from mnist_core.storage.model_card import CurvePoint

CONFIG = {"recipe": "quick", "name": "ours", "epochs": 2}
BATCH = BatchPoint(1, 50, 0.5, 0.4, 0.9, 1200.0, 12.5)
EPOCH = CurvePoint(1, 0.3, 0.9, 0.1, 0.98, 12.0)


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path, mnist=None)


@pytest.fixture
def folder(paths):
    return new_run(CONFIG, "Anna", paths)


@pytest.fixture
def worker(paths, folder):
    """Hold the lock as the run's worker does."""
    lock = try_lock(lock_path(paths))
    os.write(lock, folder.name.encode())
    yield lock
    os.close(lock)


def record_some(folder: Path) -> RunRecord:
    record = RunRecord(folder)
    record.prepared(1000, 50, 2, 100)
    record.batch(BATCH)
    record.epoch(EPOCH)
    return record


@pytest.mark.parametrize("state", [RunState.FINISHED, RunState.CANCELLED, RunState.FAILED])
def test_what_was_said_first_at_the_end_stays(paths, folder, state):
    record = record_some(folder)
    record.end(state, "It is over.")
    record.end(RunState.INTERRUPTED, "Too late.")
    run = load_run(folder.name, paths)
    assert (run.state, run.message) == (state, "It is over.")
    assert run.ended >= run.started
    assert not run.alive


def test_pandas_loads_the_record(folder):
    record_some(folder)
    table = pd.read_json(folder / "events.jsonl", lines=True)
    assert list(table.event) == ["prepared", "batch", "epoch"]
    assert table.loss[1] == 0.4


def test_old_runs_are_dropped(paths, monkeypatch):
    monkeypatch.setattr(recorder, "_KEPT_RUNS", 3)
    folders = [new_run(CONFIG, "", paths) for _ in range(5)]
    assert list_runs(paths) == tuple(folder.name for folder in reversed(folders[-3:]))


def test_neither_a_new_run_nor_the_one_under_way_is_ever_dropped(paths, monkeypatch):
    monkeypatch.setattr(recorder, "_KEPT_RUNS", 0)
    under_way = new_run(CONFIG, "", paths)
    lock = try_lock(lock_path(paths))
    os.write(lock, under_way.name.encode())
    try:
        new, newer = new_run(CONFIG, "", paths), new_run(CONFIG, "", paths)
    finally:
        os.close(lock)
    assert list_runs(paths) == (newer.name, under_way.name)
    assert not new.exists()


def test_a_home_that_is_a_file_is_told(tmp_path):
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(ModelError, match="No run can be started"):
        new_run(CONFIG, "", AppPaths(home=tmp_path / "home", mnist=None))


def test_room_is_kept_for_the_outcome(folder, monkeypatch):
    before = sum(path.stat().st_size for path in folder.iterdir())

    def bounded(path, content):
        used = sum(path.stat().st_size for path in folder.iterdir())
        if used + len(content) > before:
            raise OSError(errno.ENOSPC, "No space left on device")
        path.write_text(content)

    monkeypatch.setattr(recorder, "write_whole", bounded)
    RunRecord(folder).end(RunState.FAILED, "The disk is full.")
    assert json.loads((folder / "outcome.json").read_text())["message"] == "The disk is full."


def test_what_is_no_number_is_not_written(folder):
    with pytest.raises(ValueError, match="not JSON compliant"):
        RunRecord(folder).batch(replace(BATCH, loss=float("nan")))
    assert load_events(folder).batches == ()


def test_every_line_has_its_time(folder):
    record_some(folder)
    times = [json.loads(line)["time"] for line in (folder / "events.jsonl").read_text().splitlines()]
    assert times == sorted(times)
    assert all(time.endswith("+00:00") for time in times)


def test_a_reopened_run_has_what_it_had_at_the_epochs_end(paths, folder):
    record = record_some(folder)
    record.batch(replace(BATCH, epoch=2, at=1.5))
    record.end(RunState.CANCELLED, "Cancelled.")
    started = load_run(folder.name, paths).started
    reopen_run(folder, CONFIG | {"epochs": 7}, "Ben", [EPOCH])
    run = load_run(folder.name, paths)
    assert (run.who, run.started, run.settings["epochs"]) == ("Ben", started, 7)
    assert (run.batches, run.curves) == ((BATCH,), (EPOCH,))
    assert (run.state, run.epochs) == (RunState.INTERRUPTED, 0)
    assert (folder / "reserve").exists()


def test_a_reopened_run_has_epochs_that_its_record_lost(paths, folder):
    second = replace(EPOCH, epoch=2)
    RunRecord(folder).batch(BATCH)
    with (folder / "events.jsonl").open("a") as file:
        file.write("{cut off\n")
    reopen_run(folder, CONFIG, "", [EPOCH, second])
    assert load_run(folder.name, paths).curves == (EPOCH, second)


def test_old_runs_that_finished_are_not_gone_on_with(paths, monkeypatch):
    monkeypatch.setattr(recorder, "_KEPT_CHECKPOINTS", 2)
    folders = [new_run(CONFIG, "", paths) for _ in range(3)]
    for folder in folders:
        checkpoint_path(folder).write_bytes(b"weights")
    RunRecord(folders[0]).end(RunState.CANCELLED, "Cancelled.")
    RunRecord(folders[1]).end(RunState.FINISHED, "Done.")
    RunRecord(folders[2]).end(RunState.FINISHED, "Done.")
    new_run(CONFIG, "", paths)
    assert [checkpoint_path(folder).exists() for folder in folders] == [True, False, True]
