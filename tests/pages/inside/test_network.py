import numpy as np
import pytest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.explanations.architecture import Architecture, LayerSpec
from mnist_core.explanations.probe import Activations, Probe
from pages.inside.network import layers_content
from tests.cells import digit_cell
from tests.pages.inside.walk import bytes_of


@pytest.fixture(scope="module")
def probe():
    return Probe.open(ModelFiles(SHIPPED_FOLDER))


def test_the_maps_that_are_sent_are_the_activations(probe):
    cell = digit_cell("3")
    activations = probe.activations(cell[None])
    for described, maps in zip(
        layers_content(cell, probe, activations)["layers"], activations.layers, strict=True
    ):
        if described["maps"] is None:
            continue
        sent = bytes_of(described["maps"]).reshape(maps[0].shape) / 255 * described["most"]
        assert np.abs(sent - maps[0]).max() <= described["most"] / 500


def test_what_the_browser_pools_itself_are_the_pooled_activations(probe):
    cell = digit_cell("3")
    activations = probe.activations(cell[None])
    described = layers_content(cell, probe, activations)["layers"]
    left_out = [index for index, layer in enumerate(described) if layer["maps"] is None]
    assert left_out == [2, 5]
    for index in left_out:
        before = bytes_of(described[index - 1]["maps"]).reshape(activations.layers[index - 1][0].shape)
        height, width = described[index]["height"], described[index]["width"]
        blocks = before[:, : 2 * height, : 2 * width].reshape(len(before), height, 2, width, 2)
        pooled = blocks.max(axis=(2, 4)) / 255 * described[index]["most"]
        assert np.abs(pooled - activations.layers[index][0]).max() <= described[index]["most"] / 500


def test_of_a_large_network_the_most_active_maps_are_sent(probe, monkeypatch):
    maps = np.random.default_rng(0).random((1, 256, 24, 24), np.float32)
    maps[0, 100:] /= 100
    large = Architecture((LayerSpec("conv", 256, 24, 24, 3),))
    monkeypatch.setattr(probe, "architecture", large)
    (described,) = layers_content(digit_cell("3"), probe, Activations((maps,), maps, None))["layers"]
    assert described["of"] == 256
    assert max(described["indices"]) < 100
    assert len(bytes_of(described["maps"])) <= 30_000
