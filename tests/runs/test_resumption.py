"""What a run goes on with, without a network: its state is a file of two numbers."""

import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import DataError, ModelError
from mnist_core.runs.history import load_run
from mnist_core.runs.recorder import RunRecord, new_run
from mnist_core.runs.resumption import can_resume, resume_run
from mnist_core.runs.run_files import RunState, checkpoint_path
from mnist_core.storage.model_card import CurvePoint
from mnist_core.training.checkpoint import Checkpoint, FitterState, Progress, save_checkpoint
from mnist_core.training.train_config import TrainConfig

POINTS = tuple(CurvePoint(epoch, 0.3, 0.9, 0.1, 0.98, 12.0) for epoch in (1, 2))


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path, mnist=None)


@pytest.fixture
def folder(paths):
    """Make a run of four epochs, two of which are over."""
    folder = new_run(TrainConfig(recipe="quick", name="ours", epochs=4).to_json(), "Anna", paths)
    record = RunRecord(folder)
    record.prepared(1000, 50, 4, 100)
    for point in POINTS:
        record.epoch(point)
    weights = (np.zeros(2, np.float32),)
    save_checkpoint(
        Checkpoint(Progress(200, 24.0, POINTS, ()), FitterState(weights, weights, weights)),
        checkpoint_path(folder),
    )
    return folder


@pytest.mark.parametrize("state", [RunState.CANCELLED, RunState.INTERRUPTED, RunState.FAILED])
def test_a_run_that_did_not_finish_goes_on_to_the_epochs_it_was_begun_for(paths, folder, state):
    RunRecord(folder).end(state, "It is over.")
    assert can_resume(load_run(folder.name, paths))
    config = resume_run(folder.name, paths, who="Ben")
    assert (config.name, config.epochs) == ("ours", 4)
    run = load_run(folder.name, paths)
    assert (run.who, run.ended, run.curves) == ("Ben", None, POINTS)
    assert TrainConfig.from_json(run.settings) == config


def test_a_run_that_was_killed_goes_on_as_whoever_started_it(paths, folder):
    resume_run(folder.name, paths)
    assert load_run(folder.name, paths).who == "Anna"


@pytest.mark.parametrize(("more", "epochs"), [(None, 9), (3, 7)])
def test_a_finished_run_goes_on_for_more_epochs_under_a_name_that_is_free(paths, folder, more, epochs):
    RunRecord(folder).end(RunState.FINISHED, "It is over.")
    paths.model("ours").folder.mkdir(parents=True)
    config = resume_run(folder.name, paths, more_epochs=more)
    assert (config.name, config.epochs) == ("ours-2", epochs)


def test_how_long_the_rest_takes_is_known_from_its_epochs(paths, folder):
    resume_run(folder.name, paths)
    run = load_run(folder.name, paths)
    began = (folder / "settings.json").stat().st_mtime
    assert run.expected_end - began == pytest.approx(10 + 2 * 12 + 8, abs=2)


def test_without_a_finished_epoch_there_is_nothing_to_go_on_from(paths, folder):
    checkpoint_path(folder).unlink()
    assert not can_resume(load_run(folder.name, paths))
    with pytest.raises(ModelError, match="nothing to go on from"):
        resume_run(folder.name, paths)
    assert load_run(folder.name, paths).curves == POINTS


@pytest.mark.parametrize(
    ("more", "error", "complaint"),
    [
        pytest.param(0, ModelError, "how many more epochs", id="none"),
        pytest.param(5000, DataError, "epochs can be from 1 to 500", id="too many"),
    ],
)
def test_a_number_of_epochs_that_is_refused_changes_nothing(paths, folder, more, error, complaint):
    RunRecord(folder).end(RunState.FINISHED, "It is over.")
    with pytest.raises(error, match=complaint):
        resume_run(folder.name, paths, more_epochs=more)
    assert load_run(folder.name, paths).state == RunState.FINISHED


def test_a_run_that_is_none_is_refused(paths):
    with pytest.raises(ModelError, match="no training run"):
        resume_run("../elsewhere", paths)
