"""Runs of the command line's own process: written down like any other, and one at a time."""

import os

import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import DataError, ModelError
from mnist_core.runs.foreground import new_foreground_run, resumed_foreground_run
from mnist_core.runs.history import load_run
from mnist_core.runs.run_files import RunState
from mnist_core.training.events import Cancelled, Finished, Prepared
from mnist_core.training.train_config import TrainConfig
from tests.storage.sample_card import CARD

CONFIG = TrainConfig(recipe="quick", name="ours")


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path, mnist=None)


def test_it_is_under_way_for_everyone_and_refuses_a_second(paths):
    with new_foreground_run(CONFIG, paths) as run:
        run.record(Prepared(100, 20, 4, 10))
        seen = load_run(run.folder.name, paths)
        assert (seen.state, seen.training_cells, seen.model) == (RunState.RUNNING, 100, "ours")
        assert (run.folder / "process").read_text() == str(os.getpid())
        with pytest.raises(ModelError, match="is under way"), new_foreground_run(CONFIG, paths):
            pass
    assert load_run(run.folder.name, paths).state == RunState.INTERRUPTED


@pytest.mark.parametrize(
    ("event", "state"),
    [(Cancelled(()), RunState.CANCELLED), (Finished(None, CARD), RunState.FINISHED)],
    ids=["cancelled", "finished"],
)
def test_how_it_ends_is_written_down(paths, event, state):
    with new_foreground_run(CONFIG, paths) as run:
        run.record(event)
    assert load_run(run.folder.name, paths).state == state


def test_a_refusal_is_how_it_ends(paths):
    with pytest.raises(DataError), new_foreground_run(CONFIG, paths) as run:
        raise DataError("There are 3 examples of the digit 4.")
    ended = load_run(run.folder.name, paths)
    assert (ended.state, ended.message) == (RunState.FAILED, "There are 3 examples of the digit 4.")


def test_what_has_nothing_to_go_on_from_is_refused_and_stays(paths):
    with new_foreground_run(CONFIG, paths) as run:
        run.record(Cancelled(()))
    with (
        pytest.raises(ModelError, match="nothing to go on from"),
        resumed_foreground_run(run.folder.name, None, paths),
    ):
        pass
    assert load_run(run.folder.name, paths).state == RunState.CANCELLED
