import json

import pytest

from mnist_core.errors import DataError
from mnist_core.learning.recipes import RECIPES, TrainConfig


@pytest.mark.parametrize(
    ("choice", "complaint"),
    [
        pytest.param({"recipe": "magic"}, "no recipe 'magic'", id="unknown recipe"),
        pytest.param({"epochs": 0}, "epochs can be from 1", id="no epochs"),
        pytest.param({"epochs": 10**6}, "epochs can be from 1", id="endless"),
        pytest.param({"batch_size": 0}, "batch size can be from 1", id="empty batches"),
        pytest.param({"seed": -1}, "seed can be from 0", id="negative seed"),
    ],
)
def test_nonsense_is_refused_in_words(choice, complaint):
    with pytest.raises(DataError, match=complaint):
        TrainConfig(**choice)


def test_the_recipe_answers_what_was_not_chosen():
    config = TrainConfig(recipe="quick", epochs=9)
    assert config.chosen_epochs == 9
    assert config.chosen_batch_size == RECIPES["quick"].batch_size
    assert config.plain_epochs == 1
    assert TrainConfig(recipe="quick", epochs=1).plain_epochs == 0


@pytest.mark.parametrize("name", RECIPES)
def test_settings_can_be_kept_on_a_card(name):
    settings = TrainConfig(recipe=name, epochs=2).for_card()
    assert json.loads(json.dumps(settings)) == settings
    assert settings["epochs"] == 2
