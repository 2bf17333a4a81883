import threading

import numpy as np
import pytest

from mnist_core.training.augmentation_config import NO_AUGMENTATION, AugmentationConfig
from mnist_core.training.batches import cells_per_epoch, epoch_batches
from mnist_core.training.mixture.training_set import SIGN, Source


def numbered(first, count, label, per_epoch=None):
    """Cells that carry their own number in their first pixel."""
    cells = np.zeros((count, 28, 28), np.uint8)
    cells[:, 0, 0] = np.arange(first, first + count)
    return Source(cells, np.full(count, label), count if per_epoch is None else per_epoch)


def epoch(sources, batch_size=7, seed=0):
    with epoch_batches(sources, batch_size, NO_AUGMENTATION, np.random.default_rng(seed)) as batches:
        return list(batches)


def test_every_cell_comes_once_and_the_last_batch_may_be_smaller():
    sources = (numbered(0, 30, 4), numbered(100, 10, SIGN))
    batches = epoch(sources)
    assert [len(batch.labels) for batch in batches] == [7, 7, 7, 7, 7, 5]
    numbers = np.concatenate([batch.cells[:, 0, 0, 0] for batch in batches]) * 255
    assert sorted(numbers.round().astype(int)) == [*range(30), *range(100, 110)]


def test_labels_stay_with_their_cells():
    for batch in epoch((numbered(0, 30, 4), numbered(100, 10, SIGN), numbered(200, 5, 9))):
        numbers = (batch.cells[:, 0, 0, 0] * 255).round()
        expected = np.select([numbers < 100, numbers < 200], [4, SIGN], 9)
        np.testing.assert_array_equal(batch.labels, expected)


def test_batches_are_what_the_network_takes():
    (batch,) = epoch((numbered(0, 3, 4),))
    assert (batch.cells.shape, batch.cells.dtype) == ((3, 28, 28, 1), np.float32)
    assert (batch.labels.shape, batch.labels.dtype) == ((3,), np.int32)


def test_cells_are_augmented():
    cells = np.zeros((5, 28, 28), np.uint8)
    cells[:, 4:24, 12:16] = 255
    with epoch_batches(
        (Source(cells, np.ones(5), 5),), 5, AugmentationConfig(), np.random.default_rng(0)
    ) as batches:
        (batch,) = batches
    differences = np.abs(batch.cells[..., 0] - cells / 255).max(axis=(1, 2))
    assert (differences > 0.1).all()


def test_an_epoch_takes_its_share_of_a_source():
    sources = (numbered(0, 30, 4, per_epoch=12),)
    assert cells_per_epoch(sources) == 12
    assert sum(len(batch.labels) for batch in epoch(sources)) == 12


def test_the_same_seed_gives_the_same_epoch():
    sources = (numbered(0, 30, 4),)
    first, again, other = (epoch(sources, 30, seed)[0].cells for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_giving_up_midway_ends_the_thread():
    before = threading.active_count()
    with epoch_batches((numbered(0, 200, 1),), 1, AugmentationConfig(), np.random.default_rng(0)) as batches:
        next(batches)
    assert threading.active_count() == before


def test_what_goes_wrong_in_the_thread_is_raised_here():
    broken = Source(np.zeros((5, 28, 28), np.uint8), np.zeros(5), per_epoch=6)
    with pytest.raises(ValueError, match="larger sample"):
        epoch((broken,))
