from dataclasses import replace

import numpy as np
import pytest

from mnist_core.config import SHIPPED_FOLDER, AppPaths, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.explanations import neighbours as module
from mnist_core.explanations.neighbours import (
    NeighbourMap,
    find_exciting,
    last_features,
    load_map,
    map_path,
    save_map,
)
from mnist_core.explanations.probe import Probe


@pytest.fixture(scope="module")
def probe():
    return Probe.open(ModelFiles(SHIPPED_FOLDER))


@pytest.fixture
def digits():
    """Forty digits in a row: the k-th has feature k and lies at x = k."""
    rng = np.random.default_rng(0)
    count = 40
    return NeighbourMap(
        cells=rng.integers(0, 255, (count, 28, 28), np.uint8),
        labels=(np.arange(count) % 10).astype(np.uint8),
        features=np.arange(count, dtype=np.float16)[:, None],
        places=np.stack([np.arange(count), np.full(count, 7)], axis=1).astype(np.uint8),
        exciting=(np.zeros((3, 6), np.uint16),),
    )


def test_the_nearest_come_first(digits):
    assert digits.nearest(np.array([20.2], np.float32))[:4].tolist() == [20, 21, 19, 22]


def test_a_digit_lies_amid_its_neighbours(digits):
    x, y = digits.place_of(np.array([20.0], np.float32))
    assert x == pytest.approx(20, abs=0.5)
    assert y == pytest.approx(7)
    assert digits.place_of(np.array([900.0], np.float32))[0] == pytest.approx(34.5, abs=1)


def test_a_map_comes_back_as_it_was_saved(digits, tmp_path):
    save_map(digits, tmp_path / "maps" / "one.npz")
    back = load_map(tmp_path / "maps" / "one.npz")
    for name in ("cells", "labels", "features", "places"):
        assert np.array_equal(getattr(back, name), getattr(digits, name))
    assert np.array_equal(back.exciting[0], digits.exciting[0])


def test_a_map_larger_than_it_may_be_is_not_written(digits, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_MAP_BYTES", 1000)
    with pytest.raises(ModelError, match="1,000 are allowed"):
        save_map(digits, tmp_path / "one.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"no map", b"PK\x03\x04 half a map"])
def test_a_damaged_map_is_named_in_a_sentence(tmp_path, content):
    (tmp_path / "one.npz").write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        load_map(tmp_path / "one.npz")


def test_a_missing_map_is_named_in_a_sentence(tmp_path):
    with pytest.raises(ModelError, match="no map"):
        load_map(tmp_path / "one.npz")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"labels": np.zeros(39, np.uint8)}, id="a label too few"),
        pytest.param({"features": np.zeros((39, 1), np.float16)}, id="a feature too few"),
        pytest.param({"exciting": (np.full((3, 6), 40, np.uint16),)}, id="a digit that is not there"),
    ],
)
def test_parts_that_do_not_belong_together_are_no_map(digits, change):
    with pytest.raises(ValueError, match="map"):
        replace(digits, **change)


def test_the_most_exciting_digit_has_the_largest_activation(probe):
    cells = np.random.default_rng(0).random((130, 28, 28), np.float32)
    features, exciting = find_exciting(probe, cells)
    activations = probe.activations(cells)
    assert np.allclose(features, last_features(cells, activations), atol=1e-5)
    strongest = activations.layers[0].max(axis=(2, 3))
    assert np.allclose(strongest[exciting[0][:, 0], np.arange(32)], strongest.max(axis=0), atol=1e-5)


def test_each_network_has_a_map_of_its_own(tmp_path):
    paths, files = AppPaths(tmp_path, None), ModelFiles(tmp_path / "other")
    files.folder.mkdir()
    files.probe.write_bytes(b"another network")
    assert map_path(files, paths) != map_path(ModelFiles(SHIPPED_FOLDER), paths)
    with pytest.raises(ModelError, match="no file"):
        map_path(ModelFiles(tmp_path / "none"), paths)
