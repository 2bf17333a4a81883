"""The probe against Keras and TensorFlow: every map, every gradient, for the layers of every recipe."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.explanations.probe import Probe
from mnist_core.training.layers import Conv, Dense, Flatten, Norm, Pool
from mnist_core.training.recipes import RECIPES

pytestmark = pytest.mark.filterwarnings("ignore")  # libraries' own, while tensorflow starts

_TWO_HEADS = (
    Conv(6, 5, 2),
    Conv(8, 3),
    Pool(),
    Conv(9, 3),
    Pool(),
    Conv(12, 3, padding="valid"),
    Flatten(),
)
_ODD = (Conv(6, 5, 2, padding="valid"), Conv(8, 3), Pool(), Pool(), Flatten())
_PLAIN = (
    Conv(4, 3, padding="valid", norm=False),
    Pool(),
    Norm(),
    Conv(6, 3, padding="valid", norm=False),
    Pool(),
    Flatten(),
    Norm(),
    Dense(20),
)
# The large recipes' kinds of layers at a size that is built in a moment.
SMALL = {
    "convolutions, batch norm and two heads": replace(RECIPES["best"], layers=_TWO_HEADS),
    "an odd size and a stride that misses the edge": replace(RECIPES["quick"], layers=_ODD),
    "no batch norm, then one alone": replace(RECIPES["notebook"], layers=_PLAIN),
    "dense": RECIPES["dense"],
    "linear": RECIPES["linear"],
}


def cells_of(count):
    """Random cells, some of them mostly paper: there ReLUs are off and pools have equal inputs."""
    cells = np.random.default_rng(5).random((count, 28, 28), np.float32)
    cells[: count // 2, :, :12] = 0
    return cells


def build(recipe):
    """Build a network whose batch norms have seen data: fresh ones change nothing."""
    import keras

    from mnist_core.training.network import build_network

    keras.utils.set_random_seed(3)
    network = build_network(recipe)
    rng = np.random.default_rng(4)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            count = layer.gamma.shape[0]
            ranges = ((0.7, 1.2), (-0.2, 0.2), (-0.2, 0.2), (0.7, 2))  # gamma, beta, mean, variance
            layer.set_weights([rng.uniform(*bounds, count) for bounds in ranges])
    return network


@pytest.fixture(scope="module", params=SMALL)
def pair(request, tmp_path_factory):
    """A network of Keras' and its probe."""
    from mnist_core.training.probe_graph import save_probe

    network = build(SMALL[request.param])
    files = ModelFiles(tmp_path_factory.mktemp("probe"))
    save_probe(network, files)
    return network, Probe.open(files)


def keras_maps(network, cells):
    """Every layer's activations as Keras computes them, channels first."""
    import keras

    shown = [
        layer
        for layer in network.layers
        if isinstance(layer, keras.layers.ReLU | keras.layers.MaxPooling2D)
        or (isinstance(layer, keras.layers.Dense) and "logits" not in layer.name)
    ]
    if not shown:
        return []
    outputs = {str(index): layer.output for index, layer in enumerate(shown)}
    maps = keras.Model(network.input, outputs)(cells[..., None], training=False)
    arrays = [np.asarray(maps[str(index)]) for index in range(len(shown))]
    return [np.moveaxis(each, -1, 1) if each.ndim == 4 else each[..., None, None] for each in arrays]


def test_every_map_equals_keras(pair):
    network, probe = pair
    cells = cells_of(8)
    ours, expected = probe.activations(cells).layers, keras_maps(network, cells)
    assert len(ours) == len(expected) == len(probe.architecture.layers)
    for mine, theirs, spec in zip(ours, expected, probe.architecture.layers, strict=True):
        assert mine.shape == theirs.shape == (8, spec.channels, spec.height, spec.width)
        assert np.abs(mine - theirs).max() < 1e-5


def test_the_gradient_of_every_digit_equals_tensorflows(pair):
    from mnist_core.training.probe_graph import tensorflow_gradient

    network, probe = pair
    cells = cells_of(8)
    for digit in range(10):
        expected = tensorflow_gradient(network, cells[..., None], digit)
        assert np.abs(expected).max() > 1e-3
        assert np.abs(probe.gradient(cells, np.eye(10, dtype=np.float32)[digit]) - expected).max() < 1e-5


def test_the_gradient_of_the_second_head_equals_tensorflows(tmp_path):
    import tensorflow as tf

    from mnist_core.training.network import KIND_LOGITS, LOGITS, logits_model
    from mnist_core.training.probe_graph import save_probe

    network = build(SMALL["convolutions, batch norm and two heads"])
    files = ModelFiles(tmp_path)
    save_probe(network, files)
    cells = cells_of(4)
    batch = tf.constant(cells[..., None])
    with tf.GradientTape() as tape:
        tape.watch(batch)
        logits = logits_model(network)(batch, training=False)
        total = logits[LOGITS][:, 7] - 2 * logits[KIND_LOGITS][:, 0]
    expected = np.asarray(tape.gradient(total, batch))[..., 0]
    weights = np.eye(10, dtype=np.float32)[7], np.array([-2, 0, 0], np.float32)
    assert np.abs(Probe.open(files).gradient(cells, *weights) - expected).max() < 1e-5


def test_the_shipped_probe_is_the_shipped_network():
    import keras

    from mnist_core.training.probe_graph import tensorflow_gradient

    files = ModelFiles(SHIPPED_FOLDER)
    network, probe, cells = keras.models.load_model(files.keras), Probe.open(files), cells_of(4)
    for mine, theirs in zip(probe.activations(cells).layers, keras_maps(network, cells), strict=True):
        assert np.abs(mine - theirs).max() < 1e-5
    expected = tensorflow_gradient(network, cells[..., None], 4)
    assert np.abs(probe.gradient(cells, np.eye(10, dtype=np.float32)[4]) - expected).max() < 1e-5


def test_a_layer_that_no_recipe_has_is_refused():
    import keras

    from mnist_core.training.probe_graph import build_probe

    cells = keras.Input((28, 28, 1))
    features = keras.layers.Flatten()(keras.layers.AveragePooling2D(2)(cells))
    network = keras.Model(cells, keras.layers.Dense(10, name="logits")(features))
    with pytest.raises(ModelError, match="AveragePooling2D"):
        build_probe(network)


def test_a_probe_that_differs_is_not_left_behind(tmp_path, monkeypatch):
    from mnist_core.training import probe_graph

    network = build(SMALL["linear"])
    right = probe_graph.tensorflow_gradient
    monkeypatch.setattr(probe_graph, "tensorflow_gradient", lambda *given: right(*given) * 1.01)
    with pytest.raises(ModelError, match="gradient differs"):
        probe_graph.save_probe(network, ModelFiles(tmp_path))
    assert not list(tmp_path.iterdir())
