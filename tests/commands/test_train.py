"""Training from the command line."""

import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from mnist_core import training
from mnist_core.commands import train
from mnist_core.storage.model_card import CurvePoint
from mnist_core.training.checkpoint import Checkpoint, FitterState, Progress, save_checkpoint
from mnist_core.training.events import Cancelled
from tests.pages.classroom import hand_drawn_cells

POINT = CurvePoint(1, 0.5, 0.8, 0.4, 0.9, 2.0)
PROGRESS = Progress(13, 2.5, (POINT,), ())


def test_training_without_tensorflow_says_how_to_get_it(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    for name in ("loop", "epoch_loop", "finishing", "fitting"):  # as where they were never imported
        monkeypatch.delitem(sys.modules, f"mnist_core.training.{name}", raising=False)
        monkeypatch.delattr(training, name, raising=False)
    status, output, remarks = run("train", "--epochs", "1")
    assert (status, output) == (1, "")
    assert "make install-train" in remarks


def test_what_looks_wrong_with_a_table_is_said_before_training(run, tmp_path, monkeypatch):
    cells, labels = hand_drawn_cells(20)
    path = tmp_path / "mine.npz"
    np.savez(path, x_train=np.uint8(cells > 127), y_train=labels, x_test=cells[:0], y_test=labels[:0])
    fake = SimpleNamespace(train=lambda *args, **more: Cancelled(()))
    monkeypatch.setattr(train, "_import_training", lambda: fake)
    status, _, remarks = run("train", "--recipe", "quick", "--data", path)
    assert status == 1
    assert "130 images to train on, 10 to validate with, 60 to test on, so few" in remarks
    assert "brightest pixel of this table is 1" in remarks
    assert remarks.count("Please check") == 1
    assert remarks.index("brightest") < remarks.index("Cancelled")


@pytest.fixture
def trained(monkeypatch):
    """Have a training that is none: it writes no model, and collects what it is given."""
    given = []

    def fake(config, paths, *, on_event, should_stop, checkpoint, finishing_seconds):
        given.append(config)
        if not checkpoint.exists():
            save_checkpoint(Checkpoint(PROGRESS, FitterState((), (), ())), checkpoint)
        on_event(Cancelled((POINT,)))
        return Cancelled((POINT,))

    monkeypatch.setattr(train, "_import_training", lambda: SimpleNamespace(train=fake))
    return given


def run_ids(run):
    return [json.loads(line) for line in run("runs", "--format", "json")[1].splitlines()]


def test_a_cancelled_run_says_how_to_go_on_and_goes_on(run, trained, tmp_path):
    table = tmp_path / "mine.npz"
    cells, labels = hand_drawn_cells(20)
    np.savez(table, x_train=cells, y_train=labels, x_test=cells[:0], y_test=labels[:0])
    settings = ("--recipe", "linear", "--seed", 7, "--epochs", 3, "--data", table, "--name", "ours")
    status, _, remarks = run("train", *settings)
    (listed,) = run_ids(run)
    assert status == 1
    assert f"`train --resume {listed['run']}` goes on" in remarks
    assert (listed["model"], listed["state"], listed["can_resume"]) == ("ours", "cancelled", True)
    for name in (listed["run"], "last"):
        run("train", "--resume", name)
    run("train", "--resume", "last", "--more-epochs", 2)
    assert [config.epochs for config in trained] == [3, 3, 3, 5]
    assert {(config.recipe, config.seed, config.data) for config in trained} == {("linear", 7, str(table))}
    assert len(run_ids(run)) == 1


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        pytest.param(("--resume", "x", "--seed", "3"), 2, "the settings it has", id="other settings"),
        pytest.param(("--more-epochs", "3"), 2, "with --resume only", id="more of nothing"),
        pytest.param(("--resume", "last"), 1, "No run was started here yet", id="none yet"),
        pytest.param(("--resume", "no-such-run"), 1, "no training run", id="no such run"),
    ],
)
def test_what_can_not_be_gone_on_with_is_refused(run, trained, arguments, status, complaint):
    found, _, remarks = run("train", *arguments)
    assert found == status
    assert complaint in remarks
    assert not trained


def test_runs_are_listed_as_a_table(run, trained):
    run("train", "--recipe", "quick", "--name", "ours")
    _, output, _ = run("runs")
    assert "ours" in output
    assert "cancelled" in output
