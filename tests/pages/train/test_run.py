"""A run on the page: under way, cancelled, ended."""

from pathlib import Path

import pytest

from mnist_core.config import AppPaths
from mnist_core.runs.run_files import RunState
from tests.pages.classroom import under_way, write_run
from tests.pages.train.opened import keys, open_train, sentences


def test_someone_elses_run_is_shown_with_its_progress(with_cells: Path) -> None:
    with under_way(with_cells, who="Bob *the* builder"):
        page = open_train()
        assert "**Running.** Bob \\*the\\* builder's run" in sentences(page)
        assert "epoch 3 of 4" in sentences(page)
        assert "train-cancel" in keys(page)
        assert "train-start" not in keys(page)
        assert len(page.get("vega_lite_chart")) == 2
        assert "12 of 16 read correctly" in sentences(page)


def test_cancel_asks_for_it(with_cells: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[AppPaths] = []
    monkeypatch.setattr("pages.train.run.cancel_training", asked.append)
    with under_way(with_cells):
        page = open_train()
        page.button(key="train-cancel").click().run()
    assert asked


def test_page_goes_on_when_the_run_ends(with_cells: Path) -> None:
    with under_way(with_cells):
        page = open_train()
    page.run()
    assert "**Interrupted.**" in sentences(page)
    assert "train-start" in keys(page)


@pytest.mark.parametrize(
    "state", [RunState.CANCELLED, RunState.FAILED, RunState.INTERRUPTED], ids=lambda state: str(state.value)
)
def test_ended_run_is_told_and_its_curves_are_kept(with_cells: Path, state: RunState) -> None:
    write_run(with_cells, state, "The loss broke down. Try a smaller learning rate.")
    page = open_train()
    assert f"**{state.value.capitalize()}.**" in sentences(page)
    assert "smaller learning rate" in sentences(page)
    assert "by Ada" in sentences(page)
    assert len(page.get("vega_lite_chart")) >= 2
    assert "train-start" in keys(page)
