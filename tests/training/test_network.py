import math

import numpy as np
import pytest

from mnist_core.training.layers import count_multiply_adds
from mnist_core.training.recipes import RECIPES

pytestmark = pytest.mark.filterwarnings("ignore")  # libraries' own, while tensorflow starts

BATCH = np.random.default_rng(0).random((3, 28, 28, 1), np.float32)


@pytest.fixture(scope="module")
def network(tiny):
    from mnist_core.training.network import build_network

    return build_network(RECIPES[tiny])


@pytest.mark.parametrize(
    ("recipe", "parameters", "multiply_adds"),
    [
        pytest.param("best", 410_861, 12_121_664, id="best"),
        pytest.param("quick", 44_930, 2_580_480, id="quick"),
        pytest.param("notebook", 692_682, 39_748_864, id="notebook"),
        pytest.param("linear", 7_850, 7_840, id="linear"),
        pytest.param("dense", 101_770, 101_632, id="dense"),
    ],
)
def test_networks_are_as_large_as_they_are_said_to_be(recipe, parameters, multiply_adds):
    import keras

    from mnist_core.training.network import build_network, count_outputs

    network = build_network(RECIPES[recipe])
    assert network.count_params() == parameters
    assert count_multiply_adds(RECIPES[recipe].layers, count_outputs(network)) == multiply_adds
    kinds = (keras.layers.Conv2D, keras.layers.Dense)
    weighted = [layer for layer in network.layers if isinstance(layer, kinds)]
    uses = [math.prod(layer.output.shape[1:-1]) * math.prod(layer.kernel.shape) for layer in weighted]
    assert sum(uses) == multiply_adds


def test_the_outputs_have_the_names_that_saved_models_are_read_by(network):
    outputs = network(BATCH, training=False)
    assert {name: tuple(output.shape) for name, output in outputs.items()} == {
        "probabilities": (3, 10),
        "digitness": (3, 1),
        "signness": (3, 1),
    }


def test_outputs_are_probabilities(network):
    outputs = {name: output.numpy() for name, output in network(BATCH, training=False).items()}
    np.testing.assert_allclose(outputs["probabilities"].sum(axis=1), 1, atol=1e-5)
    together = outputs["digitness"] + outputs["signness"]
    assert ((together > 0) & (together < 1)).all()


def test_the_logits_are_those_of_the_same_network(network):
    from mnist_core.training.calibration import softmax
    from mnist_core.training.network import DIGIT_KIND, KIND_LOGITS, LOGITS, SIGN_KIND, logits_model

    logits = logits_model(network)(BATCH, training=False)
    outputs = network(BATCH, training=False)
    kinds = softmax(logits[KIND_LOGITS].numpy())
    np.testing.assert_allclose(softmax(logits[LOGITS].numpy()), outputs["probabilities"], atol=1e-5)
    np.testing.assert_allclose(kinds[:, DIGIT_KIND], outputs["digitness"][:, 0], atol=1e-5)
    np.testing.assert_allclose(kinds[:, SIGN_KIND], outputs["signness"][:, 0], atol=1e-5)


def test_a_folded_temperature_divides_the_logits_and_nothing_else(tiny):
    from mnist_core.training.network import KIND_LOGITS, LOGITS, build_network, fold_temperature, logits_model

    network = build_network(RECIPES[tiny])
    before = logits_model(network)(BATCH, training=False)
    fold_temperature(network, 2.0)
    after = logits_model(network)(BATCH, training=False)
    np.testing.assert_allclose(after[LOGITS], before[LOGITS] / 2, rtol=1e-5)
    np.testing.assert_array_equal(after[KIND_LOGITS], before[KIND_LOGITS])


@pytest.mark.parametrize("mixed_precision", [True, False])
def test_mixed_precision_is_for_computing_only(tiny, mixed_precision):
    from mnist_core.training.network import build_network

    network = build_network(RECIPES[tiny], mixed_precision)
    computing = {layer.compute_dtype for layer in network.layers if "conv" in layer.name}
    assert computing == {"bfloat16" if mixed_precision else "float32"}
    assert {weight.dtype for weight in network.weights} == {"float32"}
    assert network(BATCH, training=False)["probabilities"].dtype == "float32"
