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


def changed_bars(count=200, **settings):
    """A bar of 14 by 2 pixels in the cell's middle, changed by some settings: float32 (count, 28, 28)."""
    cells = np.zeros((count, 28, 28), np.uint8)
    cells[:, 7:21, 13:15] = 255
    return augment(cells, replace(NO_AUGMENTATION, **settings), np.random.default_rng(0))


def moments(ink):
    """Centres (n, 2) as x and y from the cell's middle, and covariances: xx, xy and yy, (n,) each."""
    y, x = np.mgrid[:28, :28] - 13.5
    total = ink.sum(axis=(1, 2))
    centre_x, centre_y = ((ink * axis).sum(axis=(1, 2)) / total for axis in (x, y))
    away_x, away_y = x - centre_x[:, None, None], y - centre_y[:, None, None]
    covariances = (
        (ink * product).sum(axis=(1, 2)) / total for product in (away_x**2, away_x * away_y, away_y**2)
    )
    return np.stack([centre_x, centre_y], axis=1), *covariances


def spans(values, low, high):
    """Whether values come near to both bounds and are not beyond them."""
    reach = 0.1 * (high - low)
    return low - reach < values.min() < low + reach and high - reach < values.max() < high + reach


def test_cells_are_shifted_by_so_many_pixels_at_most_every_way():
    centres, *_ = moments(changed_bars(shift=3.0))
    assert spans(centres[:, 0], -3, 3)
    assert spans(centres[:, 1], -3, 3)


def test_cells_are_turned_about_their_middle_by_so_many_degrees_at_most():
    centres, _, xy, yy = moments(changed_bars(rotation=30))
    assert spans(np.degrees(np.arctan2(xy, yy)), -30, 30)
    assert np.abs(centres).max() < 0.1


def test_cells_lean_by_so_much_at_most():
    centres, _, xy, yy = moments(changed_bars(shear=0.4))
    assert spans(xy / yy, -0.4, 0.4)
    assert np.abs(centres).max() < 0.1


def test_height_and_width_are_stretched_apart_by_so_much_at_most():
    _, xx, xy, yy = moments(changed_bars(zoom=0.3))
    _, plain_xx, _, plain_yy = moments(changed_bars(1))
    heights = np.log(yy / plain_yy) / 2
    assert spans(heights, -0.3, 0.3)
    assert np.abs(xy).max() < 0.05
    assert abs(np.corrcoef(heights, xx / plain_xx)[0, 1]) < 0.3


def test_elastic_changes_bend_but_do_not_move_on_average():
    bent = changed_bars(elastic=2.0)
    centres, *_ = moments(bent)
    assert np.abs(centres.mean(axis=0)).max() < 0.3
    widths = (bent.max(axis=1) > 0.3).sum(axis=1)
    assert np.median(widths) > 2
    assert np.abs(bent - changed_bars(1)).max(axis=(1, 2)).min() < 0.3  # some are hardly bent at all


def test_blur_spreads_ink_and_loses_none():
    blurred = changed_bars(blur=0.8)
    np.testing.assert_allclose(blurred.sum(axis=(1, 2)), 28, rtol=1e-4)
    beside = blurred[:, 13, 12]
    assert spans(beside, 0, 0.8 * 0.125)
    np.testing.assert_allclose(beside, blurred[:, 13, 15], atol=1e-6)


def test_contrast_is_an_exponent_of_grey_values():
    cells = np.full((200, 28, 28), 51, np.uint8)
    grey = augment(cells, replace(NO_AUGMENTATION, contrast=0.5), np.random.default_rng(0))
    exponents = np.log(grey[:, 14, 14]) / np.log(0.2)
    assert spans(np.log(exponents), -0.5, 0.5)


def test_texture_takes_ink_away_in_spots_and_adds_none():
    missing = changed_bars(1) - changed_bars(texture=0.6)
    assert missing.min() >= 0
    assert 0.5 < missing.max() <= 0.6
    assert (missing[:, 7:21, 13:15].std(axis=(1, 2)) > 0.01).mean() > 0.9


def test_thickness_adds_and_takes_a_share_of_one_pixel_all_round():
    bars = changed_bars(thickness=0.5)
    beside, edge = bars[:, 13, 12], bars[:, 13, 13]
    assert spans(beside - (1 - edge), -0.5, 0.5)
    for row, column in ((13, 15), (6, 13), (21, 13)):
        np.testing.assert_allclose(bars[:, row, column], beside, atol=1e-6)
