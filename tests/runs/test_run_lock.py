import os

import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.runs.history import lock_path, running_id
from mnist_core.runs.recorder import new_run
from mnist_core.runs.run_lock import running_run, take_run_lock, write_run_id
from mnist_core.training.train_config import TrainConfig


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path / "home", mnist=None)


def test_one_holds_it_and_others_hear_whose_run_it_is(paths):
    lock = take_run_lock(paths)
    try:
        folder = new_run(TrainConfig(recipe="quick").to_json(), "Anna", paths)
        write_run_id(lock, folder.name)
        assert running_id(paths) == running_run(paths).id == folder.name
        with pytest.raises(ModelError, match=r"Anna's run is under way \(quick, 0% done\)"):
            take_run_lock(paths)
    finally:
        os.close(lock)
    assert running_id(paths) is None
    os.close(take_run_lock(paths))


def test_a_shorter_id_leaves_nothing_of_the_one_before(paths):
    lock = take_run_lock(paths)
    write_run_id(lock, "a-long-one")
    write_run_id(lock, "short")
    os.close(lock)
    assert lock_path(paths).read_text() == "short"


def test_a_home_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(ModelError, match="No run can be started"):
        take_run_lock(AppPaths(home=tmp_path / "home", mnist=None))
