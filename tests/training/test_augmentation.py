from dataclasses import fields, replace

import numpy as np
import pytest

from mnist_core.training.augmentation import augment, preview_augmentation
from mnist_core.training.augmentation_config import MILD_AUGMENTATION, NO_AUGMENTATION, AugmentationConfig


@pytest.fixture
def sevens():
    cells = np.zeros((40, 28, 28), np.uint8)
    cells[:, 5:8, 8:20] = 255
    cells[:, 8:23, 17:20] = 200
    return cells


def test_nothing_to_change_changes_nothing(sevens):
    changed = augment(sevens, NO_AUGMENTATION, np.random.default_rng(0))
    np.testing.assert_allclose(changed, sevens / 255, atol=1e-6)


@pytest.mark.parametrize("config", [MILD_AUGMENTATION, AugmentationConfig()], ids=["mild", "full"])
def test_cells_stay_cells(sevens, config):
    before = sevens.copy()
    changed = augment(sevens, config, np.random.default_rng(0))
    assert changed.dtype == np.float32
    assert changed.shape == sevens.shape
    assert changed.min() >= 0
    assert changed.max() <= 1
    np.testing.assert_array_equal(sevens, before)


@pytest.mark.parametrize("name", [field.name for field in fields(AugmentationConfig)])
def test_each_setting_changes_each_cell_in_its_own_way(sevens, name):
    config = replace(NO_AUGMENTATION, **{name: getattr(AugmentationConfig(), name)})
    changed = augment(sevens, config, np.random.default_rng(0))
    assert np.abs(changed - sevens / 255).max() > 0.05
    assert np.abs(changed[0] - changed[1]).max() > 0.01


def test_the_same_seed_gives_the_same_cells(sevens):
    first, again, other = (
        augment(sevens, AugmentationConfig(), np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_bare_paper_stays_bare():
    blank = np.zeros((5, 28, 28), np.uint8)
    assert not augment(blank, AugmentationConfig(), np.random.default_rng(0)).any()


def test_no_cells_give_no_cells():
    none = np.zeros((0, 28, 28), np.uint8)
    assert augment(none, AugmentationConfig(), np.random.default_rng(0)).shape == (0, 28, 28)


def test_thickness_goes_both_ways(sevens):
    config = replace(NO_AUGMENTATION, thickness=1.0)
    ink = augment(sevens, config, np.random.default_rng(0)).sum(axis=(1, 2))
    plain = sevens[0].sum() / 255
    assert ink.min() < 0.8 * plain
    assert ink.max() > 1.2 * plain


def test_moving_one_setting_leaves_the_other_changes_in_the_preview(sevens):
    config = replace(NO_AUGMENTATION, texture=0.2, thickness=0.5)
    other = replace(config, thickness=0.6)
    first, second = (preview_augmentation(sevens, chosen, seed=3) for chosen in (config, other))
    assert first.dtype == np.uint8
    assert np.abs(first.astype(int) - second).max() < 60
    np.testing.assert_array_equal(first, preview_augmentation(sevens, config, seed=3))
    np.testing.assert_array_equal(preview_augmentation(sevens, NO_AUGMENTATION, seed=3), sevens)
