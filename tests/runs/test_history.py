import os
from pathlib import Path

import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.runs.history import latest_run, list_runs, load_run, lock_path, running_id
from mnist_core.runs.recorder import RunRecord, new_run
from mnist_core.runs.run_files import BatchPoint, RunState
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


def test_a_new_run_is_preparing(paths, folder, worker):
    run = load_run(folder.name, paths)
    assert (run.state, run.who, run.model, run.recipe) == (RunState.PREPARING, "Anna", "ours", "quick")
    assert run.alive
    assert run.message
    assert run.progress == 0
    assert run.seconds_left is None
    assert run.samples == ()


def test_what_was_recorded_comes_back(paths, folder, worker):
    record_some(folder)
    run = load_run(folder.name, paths)
    assert run.state == RunState.RUNNING
    assert (run.training_cells, run.validation_cells, run.epochs, run.steps) == (1000, 50, 2, 100)
    assert run.batches == (BATCH,)
    assert run.curves == (EPOCH,)
    assert run.progress == 0.5
    assert (run.seconds_left, run.cells_per_second) == (12.5, 1200.0)


def test_before_the_first_batch_the_time_left_is_what_was_expected(paths):
    folder = new_run(CONFIG, "Anna", paths, expected_seconds=90)
    lock_path(paths).write_text(folder.name)
    lock = try_lock(lock_path(paths))
    try:
        assert 80 < load_run(folder.name, paths).seconds_left <= 90.1
        record_some(folder).finishing(5.0)
        assert 0 < load_run(folder.name, paths).seconds_left <= 5.1
    finally:
        os.close(lock)


def test_an_older_run_that_went_on_is_the_latest(paths, folder):
    new_run(CONFIG, "", paths)
    lock_path(paths).write_text(folder.name)
    assert latest_run(paths).id == folder.name
    lock_path(paths).write_text("gone")
    assert latest_run(paths).id != folder.name


def test_a_run_whose_process_is_gone_was_interrupted(paths, folder):
    record_some(folder)
    run = load_run(folder.name, paths)
    assert run.state == RunState.INTERRUPTED
    assert "interrupted" in run.message
    assert run.curves == (EPOCH,)
    assert run.seconds_left is None


def test_another_runs_process_is_not_ours(paths, folder, worker):
    other = new_run(CONFIG, "", paths)
    assert load_run(other.name, paths).state == RunState.INTERRUPTED
    assert load_run(folder.name, paths).alive


def test_the_latest_run_is_the_newest_that_can_be_read(paths, folder):
    newer = new_run(CONFIG, "", paths)
    assert list_runs(paths) == (newer.name, folder.name)
    assert latest_run(paths).id == newer.name
    (newer / "settings.json").write_text("{")
    assert latest_run(paths).id == folder.name


def test_no_runs_are_no_trouble(paths):
    assert latest_run(paths) is None
    for run_id in ("nothing", "../runs", "", "a\0b"):
        with pytest.raises(ModelError, match="no training run"):
            load_run(run_id, paths)


def old_run(paths, name):
    """Make a run's folder as it was named once, by a clock."""
    folder = new_run(CONFIG, "", paths)
    return folder.rename(paths.runs / name)


def test_a_clock_that_went_back_hides_no_run(paths):
    old_run(paths, "20990101-000000-000000-abcd")
    newer = new_run(CONFIG, "", paths)
    newest = new_run(CONFIG, "", paths)
    assert list_runs(paths) == (newest.name, newer.name, "20990101-000000-000000-abcd")
    assert latest_run(paths).id == newest.name


def test_garbage_in_the_lock_names_no_run(paths, folder):
    lock = try_lock(lock_path(paths))
    try:
        for garbage in (b"\xff\xfe\0", b"../../etc", b"x" * 10_000, b""):
            os.ftruncate(lock, 0)
            os.pwrite(lock, garbage, 0)
            assert running_id(paths) is None
            assert latest_run(paths).id == folder.name
    finally:
        os.close(lock)
