from dataclasses import fields

import pytest

from mnist_core.training.augmentation_config import AUGMENTATION_BOUNDS, AugmentationConfig
from mnist_core.training.layers import Conv, Dense, Flatten, Pool
from mnist_core.training.recipes import RECIPES


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_named_and_explained_in_a_sentence(name):
    recipe = RECIPES[name]
    assert recipe.name == name
    assert recipe.teaches.endswith(".")


@pytest.mark.parametrize("name", RECIPES)
def test_layers_become_flat_once_and_for_good(name):
    kinds = [type(layer) for layer in RECIPES[name].layers]
    assert kinds.count(Flatten) == 1
    assert Dense not in kinds[: kinds.index(Flatten)]
    assert not {Conv, Pool} & set(kinds[kinds.index(Flatten) :])


def test_only_best_tells_kinds_apart_and_averages_its_weights():
    assert [name for name, recipe in RECIPES.items() if recipe.kind_head] == ["best"]
    assert [name for name, recipe in RECIPES.items() if recipe.averaged_steps] == ["best"]


def test_each_change_of_a_cell_has_bounds_and_defaults_within():
    assert [field.name for field in fields(AugmentationConfig)] == list(AUGMENTATION_BOUNDS)
    for name, (low, high) in AUGMENTATION_BOUNDS.items():
        assert low == 0 < getattr(AugmentationConfig(), name) < high
