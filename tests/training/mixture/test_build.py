from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.training.mixture import build
from mnist_core.training.mixture.build import build_training_set
from mnist_core.training.mixture.training_set import SIGN, Contribution, TestSet
from mnist_core.training.train_config import TrainConfig

PATHS = AppPaths(home=Path("unused"), mnist=None)


@pytest.fixture
def table(tmp_path):
    """Two hundred cells of bars, each with a number of its own in its corner; a test part of twenty."""
    cells = np.zeros((220, 28, 28), np.uint8)
    cells[:, 4:24, 12:16] = 255
    cells[:, 0, 0] = np.arange(220)
    labels = np.arange(220) % 10
    path = tmp_path / "bars.npz"
    np.savez(path, x_train=cells[:200], y_train=labels[:200], x_test=cells[200:], y_test=labels[200:])
    return path


def corners(cells):
    return set(cells[:, 0, 0].tolist())


def test_no_cell_is_in_two_parts(table):
    parts = build_training_set(TrainConfig(recipe="quick", data=str(table)), PATHS)
    learned, validated = corners(parts.sources[0].cells), corners(parts.validation.cells)
    assert len(parts.sources) == 1
    assert len(learned) + len(validated) == 200
    assert not learned & validated
    assert corners(parts.test_sets[0].cells) == set(range(200, 220))


def test_a_table_without_a_test_part_gives_one_up(table, tmp_path):
    arrays = dict(np.load(table))
    arrays["x_test"], arrays["y_test"] = arrays["x_test"][:0], arrays["y_test"][:0]
    path = tmp_path / "all.npz"
    np.savez(path, **arrays)
    parts = build_training_set(TrainConfig(recipe="quick", data=str(path)), PATHS)
    three = [
        corners(cells) for cells in (parts.sources[0].cells, parts.validation.cells, parts.test_sets[0].cells)
    ]
    assert sum(map(len, three)) == 200
    assert len(set.union(*three)) == 200
    assert corners(parts.cells_asked_for) == three[0] | three[1]


def test_the_best_recipe_has_negatives_too(table, strokes):
    parts = build_training_set(TrainConfig(data=str(table), strokes=strokes), PATHS)
    labels = np.concatenate([source.labels for source in parts.sources])
    assert (labels == SIGN).sum() > 20
    assert [len(cells) for cells in parts.calibration] == [10, 10, 2 * 4]
    assert [len(test_set.labels) for test_set in parts.test_sets] == [20, 20, 5]
    assert [data.cells for data in parts.data] == [190, 21]


def test_the_same_seed_builds_the_same_set(table):
    config = TrainConfig(data=str(table), seed=4, data_share=0.5)
    first, again = build_training_set(config, PATHS), build_training_set(config, PATHS)
    other = build_training_set(replace(config, seed=5), PATHS)
    for one, two in zip(first.sources, again.sources, strict=True):
        np.testing.assert_array_equal(one.cells, two.cells)
    assert corners(first.sources[0].cells) != corners(other.sources[0].cells)


def test_every_dataset_that_was_asked_for_adds_its_part(table, tmp_path, monkeypatch):
    cells = np.zeros((3, 28, 28), np.uint8)
    asked = []

    def fake(name):
        def contribution(path, *rng):
            asked.append((name, path))
            return Contribution(test_sets=(TestSet(name, cells, np.full(3, SIGN)),))

        return contribution

    for name in ("pendigits", "unipen", "negative_sets"):
        monkeypatch.setattr(build, f"{name}_contribution", fake(name))
    paths = {name: tmp_path / name for name in ("strokes", "unipen", "not_digits")}
    parts = build_training_set(TrainConfig(data=str(table), **paths), PATHS)
    assert [test_set.name for test_set in parts.test_sets[2:]] == ["pendigits", "unipen", "negative_sets"]
    assert [path for _, path in asked] == list(paths.values())
    asked.clear()
    build_training_set(TrainConfig(recipe="quick", data=str(table), **paths), PATHS)
    assert asked == []  # without a kind head there is nothing to learn of what is no digit
