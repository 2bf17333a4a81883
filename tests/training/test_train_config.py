import json
from pathlib import Path

import pytest

from mnist_core.errors import DataError
from mnist_core.training.augmentation_config import NO_AUGMENTATION, AugmentationConfig
from mnist_core.training.recipes import RECIPES
from mnist_core.training.train_config import BOUNDS, TrainConfig


@pytest.mark.parametrize(
    ("choice", "complaint"),
    [
        pytest.param({"recipe": "magic"}, "no recipe 'magic'", id="unknown recipe"),
        pytest.param({"epochs": 0}, "epochs can be from 1", id="no epochs"),
        pytest.param({"epochs": 10**6}, "epochs can be from 1", id="endless"),
        pytest.param({"batch_size": 0}, "batch size can be from 1", id="empty batches"),
        pytest.param({"learning_rate": 0.0}, "learning rate can be from", id="no learning"),
        pytest.param({"learning_rate": float("nan")}, "learning rate can be from", id="rate no number"),
        pytest.param({"data_share": 0.0}, "data share can be from", id="no data"),
        pytest.param({"data_share": None}, "data share can be from", id="data share missing"),
        pytest.param({"validation_share": 0.9}, "validation share can be from", id="all for validation"),
        pytest.param({"epochs": 2.5}, "epochs can be from", id="half an epoch"),
        pytest.param({"epochs": True}, "epochs can be from", id="epochs a truth value"),
        pytest.param({"seed": -1}, "seed can be from 0", id="negative seed"),
        pytest.param({"seed": 2**32}, "seed can be from 0", id="a seed that numpy does not take"),
    ],
)
def test_nonsense_is_refused_in_words(choice, complaint):
    with pytest.raises(DataError, match=complaint):
        TrainConfig(**choice)


@pytest.mark.parametrize("name", BOUNDS)
def test_the_bounds_themselves_can_be_chosen(name):
    for value in BOUNDS[name]:
        assert getattr(TrainConfig(recipe="linear", **{name: value}), name) == value


@pytest.mark.parametrize(
    "choice",
    [
        pytest.param({"data": "another.csv"}, id="table"),
        pytest.param({"data": "the.npz"}, id="archive"),
        pytest.param({"strokes": Path("gone.tra")}, id="strokes"),
        pytest.param({"unipen": Path("gone")}, id="unipen"),
        pytest.param({"not_digits": Path("gone")}, id="not digits"),
    ],
)
def test_files_that_are_not_there_are_refused_before_a_run(choice, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="there is no such file or folder"):
        TrainConfig(**choice).require_files()


def test_files_that_are_there_are_no_obstacle(tmp_path):
    (tmp_path / "a.csv").touch()
    TrainConfig().require_files()
    TrainConfig(data=str(tmp_path / "a.csv"), strokes=tmp_path / "a.csv", unipen=tmp_path).require_files()


def test_the_recipe_has_what_was_not_chosen():
    config = TrainConfig(recipe="quick", epochs=12)
    assert config.chosen_epochs == 12
    assert config.chosen_batch_size == RECIPES["quick"].batch_size


def test_augmentation_fades_over_the_last_epochs():
    config = TrainConfig(recipe="quick", epochs=12)
    full = RECIPES["quick"].augmentation
    assert [config.augmentation_in(epoch) for epoch in (1, 9)] == [full, full]
    assert config.augmentation_in(10).rotation == pytest.approx(full.rotation * 2 / 3)
    assert config.augmentation_in(12) == NO_AUGMENTATION


def test_a_run_of_one_epoch_is_augmented():
    assert TrainConfig(recipe="quick", epochs=1).augmentation_in(1) == RECIPES["quick"].augmentation


@pytest.mark.parametrize("name", RECIPES)
def test_settings_can_be_kept_on_a_card(name):
    settings = TrainConfig(recipe=name, epochs=2).for_card()
    assert json.loads(json.dumps(settings)) == settings
    assert settings["epochs"] == 2


def test_settings_come_back_from_json():
    config = TrainConfig(
        recipe="quick",
        learning_rate=0.02,
        augmentation=AugmentationConfig(rotation=20),
        strokes=Path("strokes.tra"),
        data_share=0.5,
    )
    content = json.loads(json.dumps(config.to_json()))
    assert TrainConfig.from_json(content) == config
    assert config.chosen_recipe.learning_rate == 0.02
    assert config.chosen_recipe.augmentation.rotation == 20
    assert TrainConfig(recipe="quick").chosen_recipe.learning_rate == RECIPES["quick"].learning_rate


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"cake": 1}, id="unknown setting"),
        pytest.param({"augmentation": {"cake": 1}}, id="unknown change"),
        pytest.param({"augmentation": 3}, id="augmentation a number"),
        pytest.param({"augmentation": {"rotation": "far"}}, id="rotation a text"),
        pytest.param({"augmentation": {"rotation": 400}}, id="rotation out of bounds"),
        pytest.param({"strokes": 3}, id="path a number"),
    ],
)
def test_other_json_is_refused(content):
    with pytest.raises(DataError):
        TrainConfig.from_json(content)


def test_no_augmentation_can_be_chosen():
    config = TrainConfig(recipe="quick", augmentation=NO_AUGMENTATION)
    assert config.augmentation_in(1) == NO_AUGMENTATION
