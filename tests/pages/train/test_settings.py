"""The settings of a run, and the preview of its digits."""

from pathlib import Path

from mnist_core.config import AppPaths
from mnist_core.runs.recorder import RunRecord, new_run
from mnist_core.runs.run_files import RunState
from mnist_core.training.train_config import TrainConfig
from tests.pages.train.opened import open_train, preview, sentences


def test_settings_reach_the_run(with_cells: Path, started: list[TrainConfig]) -> None:
    page = open_train()
    page.radio(key="train-recipe").set_value("linear").run()
    page.number_input(key="train-epochs-linear").set_value(2)
    page.number_input(key="train-data_share-linear").set_value(0.1)
    page.slider(key="train-rotation-linear").set_value(20.0)
    page.text_input(key="train-name").set_value("class-7b").run()
    page.button(key="train-start").click().run()
    assert (started[0].name, started[0].epochs, started[0].data_share) == ("class-7b", 2, 0.1)
    assert started[0].chosen_recipe.augmentation.rotation == 20


def test_another_recipe_brings_its_own_numbers_and_name(with_cells: Path) -> None:
    page = open_train()
    page.radio(key="train-recipe").set_value("notebook").run()
    assert page.number_input(key="train-epochs-notebook").value == 50
    assert page.text_input(key="train-name").value == "notebook"


def test_preview_follows_the_sliders(with_cells: Path) -> None:
    page = open_train()
    before = preview(page)
    assert before.count("<img") == 12
    page.slider(key="train-rotation-quick").set_value(40.0).run()
    after = preview(page)
    assert after != before
    page.button(key="train-shake").click().run()
    assert preview(page) != after


def test_name_that_no_model_can_have_is_refused_before_start(with_cells: Path) -> None:
    page = open_train()
    page.text_input(key="train-name").set_value("../../etc").run()
    assert "can't be a model's name" in sentences(page)
    assert page.button(key="train-start").disabled


def test_after_a_restart_the_interrupted_runs_settings_are_there(with_cells: Path) -> None:
    config = TrainConfig(recipe="dense", name="class-7b", epochs=9, data_share=0.25, seed=5)
    folder = new_run(config.to_json(), "Frau Berg", AppPaths(with_cells, None))
    page = open_train()
    assert page.radio(key="train-recipe").value == "dense"
    assert page.number_input(key="train-epochs-dense").value == 9
    assert page.number_input(key="train-data_share-dense").value == 0.25
    assert page.number_input(key="train-seed-dense").value == 5
    assert page.text_input(key="train-who").value == "Frau Berg"
    RunRecord(folder).end(RunState.FINISHED, "Done.")
    assert open_train().radio(key="train-recipe").value == "quick"
