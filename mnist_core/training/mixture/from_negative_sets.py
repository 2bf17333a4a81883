"""Negatives from published sets of letters and doodles."""

import hashlib
from pathlib import Path

import numpy as np

from mnist_core.datasets.negative_sets import load_negative_sets
from mnist_core.storage.model_card import TrainingData
from mnist_core.training.mixture.training_set import SIGN, Contribution, TestSet, negatives


def negative_sets_contribution(folder: Path) -> Contribution:
    """Load the sets that a folder holds.

    Args:
        folder: with any of `notmnist/`, `quickdraw/`, `omniglot/`.
    Raises:
        DataError: the folder holds none of them, or one is malformed.
    """
    sets = load_negative_sets(folder)
    largest = max(len(negative_set.train) for negative_set in sets)
    # Small sets are repeated within an epoch, so that no kind of sign is a rarity.
    repeats = [max(1, round(largest / max(1, len(negative_set.train)))) for negative_set in sets]
    return Contribution(
        sources=tuple(
            negatives(np.tile(negative_set.train, (count, 1, 1)))
            for negative_set, count in zip(sets, repeats, strict=True)
        ),
        test_sets=tuple(
            TestSet(
                f"{negative_set.name}, held out",
                negative_set.held_out,
                np.full(len(negative_set.held_out), SIGN),
            )
            for negative_set in sets
            if len(negative_set.held_out)
        ),
        data=tuple(
            TrainingData(
                negative_set.name,
                hashlib.sha256(negative_set.train.data).hexdigest(),
                len(negative_set.train),
            )
            for negative_set in sets
        ),
    )
