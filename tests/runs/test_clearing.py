import os

import pytest

from mnist_core.config import AppPaths
from mnist_core.runs.clearing import drop_runs
from mnist_core.runs.history import list_runs, lock_path
from mnist_core.runs.recorder import new_run
from mnist_core.storage.locks import try_lock


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path, mnist=None)


def test_all_runs_but_the_one_under_way_are_dropped(paths):
    over, under_way = new_run({}, "", paths), new_run({}, "", paths)
    lock = try_lock(lock_path(paths))
    os.write(lock, under_way.name.encode())
    try:
        assert drop_runs(paths) == 1
        assert list_runs(paths) == (under_way.name,)
    finally:
        os.close(lock)
    assert not over.exists()
    assert drop_runs(paths) == 1
    assert list_runs(paths) == ()
