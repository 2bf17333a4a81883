import hashlib

import numpy as np
import pytest

from mnist_core.datasets.negative_sets import NegativeSet
from mnist_core.training.mixture import from_negative_sets
from mnist_core.training.mixture.from_negative_sets import negative_sets_contribution
from mnist_core.training.mixture.training_set import SIGN


def cells(count, value):
    return np.full((count, 28, 28), value, np.uint8)


@pytest.fixture
def contribution(monkeypatch, tmp_path):
    sets = (
        NegativeSet("many letters", cells(90, 1), cells(9, 2)),
        NegativeSet("few doodles", cells(20, 3), cells(0, 0)),
        NegativeSet("none to train on", cells(0, 0), cells(4, 4)),
    )
    monkeypatch.setattr(from_negative_sets, "load_negative_sets", lambda folder: sets)
    return negative_sets_contribution(tmp_path)


def test_small_sets_are_repeated_up_to_the_largest(contribution):
    assert [len(source.cells) for source in contribution.sources] == [90, 80, 0]
    assert [source.per_epoch for source in contribution.sources] == [90, 80, 0]
    assert (contribution.sources[1].cells == 3).all()
    assert all((source.labels == SIGN).all() for source in contribution.sources)


def test_held_out_parts_are_tested_on(contribution):
    names = [(test_set.name, len(test_set.cells)) for test_set in contribution.test_sets]
    assert names == [("many letters, held out", 9), ("none to train on, held out", 4)]
    assert all((test_set.labels == SIGN).all() for test_set in contribution.test_sets)


def test_the_card_names_each_set_with_its_own_size(contribution):
    assert [(data.name, data.cells) for data in contribution.data] == [
        ("many letters", 90),
        ("few doodles", 20),
        ("none to train on", 0),
    ]
    assert contribution.data[1].sha256 == hashlib.sha256(cells(20, 3).tobytes()).hexdigest()
