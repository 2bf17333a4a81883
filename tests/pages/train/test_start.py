"""Start: what the next run is, and what can't be started."""

from pathlib import Path

import pytest

from mnist_core.errors import ModelError
from mnist_core.runs.estimate import Estimate
from mnist_core.runs.run_files import RunState, checkpoint_path
from mnist_core.training.train_config import TrainConfig
from tests.pages.classroom import write_run
from tests.pages.train.opened import changed_table, choose_table, keys, open_train, sentences

START = "pages.train.start"


def test_first_visit_is_ready_to_start_with_the_quick_recipe(
    with_cells: Path, started: list[TrainConfig]
) -> None:
    page = open_train()
    assert "**Ready.**" in sentences(page)
    assert "on this machine" in sentences(page)
    page.button(key="train-start").click().run()
    assert started[0].recipe == "quick"
    assert started[0].name == "quick"
    assert started[0].chosen_epochs == 4


@pytest.mark.parametrize(
    ("seconds", "measured", "words"),
    [
        pytest.param(3, True, "about 10 seconds on this machine", id="at once"),
        pytest.param(42, True, "about 40 seconds on this machine", id="seconds"),
        pytest.param(118, True, "about 2 minutes on this machine", id="minutes"),
        pytest.param(9000, False, "roughly 2.5 hours on this machine", id="hours, not measured"),
    ],
)
def test_next_run_says_how_long_it_will_take(
    with_cells: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, measured: bool, words: str
) -> None:
    monkeypatch.setattr(f"{START}.estimate_training", lambda *args: Estimate(seconds, measured))
    assert words in sentences(open_train())


def test_refused_start_is_told(with_cells: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise ModelError("Bob's run of quick is under way (40% done).")

    monkeypatch.setattr(f"{START}.start_training", refuse)
    page = open_train()
    page.button(key="train-start").click().run()
    assert "Bob's run" in page.error[0].value


def test_without_tensorflow_all_else_works(with_cells: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{START}.can_train", lambda: False)
    page = open_train()
    assert "tensorflow" in page.warning[0].value
    assert page.button(key="train-start").disabled
    assert page.get("vega_lite_chart")


def test_split_is_said_before_the_run(home: Path, started: list[TrainConfig]) -> None:
    page = choose_table(home, changed_table(lambda cells: cells))
    assert any(expander.label.endswith("120 images") for expander in page.expander)
    assert "70 images to train on, 10 to validate with, 40 to test on, so few" in sentences(page)


@pytest.mark.parametrize(
    ("state", "label"),
    [
        pytest.param(RunState.CANCELLED, "Go on with this run", id="cancelled"),
        pytest.param(RunState.INTERRUPTED, "Go on with this run", id="interrupted"),
        pytest.param(RunState.FINISHED, "Train 5 more epochs", id="finished"),
    ],
)
def test_last_run_goes_on_by_a_button(
    with_cells: Path, monkeypatch: pytest.MonkeyPatch, state: RunState, label: str
) -> None:
    resumed: list[tuple[str, str]] = []
    monkeypatch.setattr(f"{START}.resume_training", lambda run_id, paths, who: resumed.append((run_id, who)))
    run_id = write_run(with_cells, state)
    checkpoint_path(with_cells / "runs" / run_id).write_bytes(b"weights")
    page = open_train()
    page.text_input(key="train-who").set_value("Ben").run()
    button = page.button(key="train-resume")
    assert button.label == label
    button.click().run()
    assert resumed == [(run_id, "Ben")]


def test_run_without_an_epoch_has_nothing_to_go_on_from(with_cells: Path) -> None:
    write_run(with_cells, RunState.CANCELLED)
    assert "train-resume" not in keys(open_train())


def test_resumption_that_is_refused_is_told(with_cells: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ModelError("Its training data has changed.")

    monkeypatch.setattr(f"{START}.resume_training", refuse)
    run_id = write_run(with_cells, RunState.CANCELLED)
    checkpoint_path(with_cells / "runs" / run_id).write_bytes(b"weights")
    page = open_train()
    page.button(key="train-resume").click().run()
    assert "data has changed" in page.error[0].value
