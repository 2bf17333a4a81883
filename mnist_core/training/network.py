"""The networks: layers as a recipe lists them, with one or two heads; shapes in comments."""

import keras

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES
from mnist_core.training.layers import Conv, Dense, Flatten, Layer, Norm, Pool
from mnist_core.training.recipes import Recipe

# The outputs' names in every exported model: what was trained years ago is still read.
PROBABILITIES = "probabilities"
DIGIT_PROBABILITY = "digitness"
SIGN_PROBABILITY = "signness"
# The layers' names.
LOGITS = "logits"
KIND_LOGITS = "kind_logits"
DIGIT_KIND, SIGN_KIND, PART_KIND = range(3)
"""A cell shows one whole digit, one whole thing that is none, or a part of something or several things."""
_KINDS = 3


def build_network(recipe: Recipe, mixed_precision: bool = False) -> keras.Model:
    """Build a recipe's network with fresh weights.

    For `best`, with shapes from the cell on: (28, 28, 1), conv (14, 14, 32), conv (14, 14, 64),
    pool (7, 7, 64), conv (7, 7, 96), conv (7, 7, 128), pool (3, 3, 128), conv (1, 1, 192), flat (192).

    Args:
        recipe: lists the layers, and whether there is a kind head.
        mixed_precision: compute in bfloat16; weights and heads stay float32.
    Returns:
        A model from `cells` float32 (n, 28, 28, 1) to a dict: `probabilities` float32 (n, 10) and,
        with a kind head, `digitness` and `signness` float32 (n, 1): the probability that the cell shows one
        whole digit, and one whole sign. What is left to 1 is the probability of a part, or of several things.
    """
    policy = "mixed_bfloat16" if mixed_precision else "float32"
    cells = keras.Input((CELL_SIZE, CELL_SIZE, 1), name="cells")  # (n, 28, 28, 1)
    features = cells
    for layer in recipe.layers:
        for keras_layer in _keras_layers(layer, recipe.initializer, policy):
            features = keras_layer(features)
    logits = keras.layers.Dense(DIGIT_CLASSES, name=LOGITS, dtype="float32")(features)  # (n, 10)
    heads = {PROBABILITIES: keras.layers.Softmax(name=PROBABILITIES, dtype="float32")(logits)}  # (n, 10)
    if recipe.kind_head:
        kind_logits = keras.layers.Dense(_KINDS, name=KIND_LOGITS, dtype="float32")(features)  # (n, 3)
        kinds = keras.layers.Softmax(name="kinds", dtype="float32")(kind_logits)  # (n, 3)
        heads[DIGIT_PROBABILITY] = kinds[:, DIGIT_KIND : DIGIT_KIND + 1]  # (n, 1)
        heads[SIGN_PROBABILITY] = kinds[:, SIGN_KIND : SIGN_KIND + 1]  # (n, 1)
    return keras.Model(cells, heads, name=recipe.name)


def logits_model(network: keras.Model) -> keras.Model:
    """Return the same network before softmax, where losses are numerically stable.

    Args:
        network: from `build_network`; weights are shared.
    Returns:
        A model from cells to a dict: `logits` (n, 10) and, with a kind head, `kind_logits` (n, 3).
    """
    names = [LOGITS]
    if any(layer.name == KIND_LOGITS for layer in network.layers):
        names.append(KIND_LOGITS)
    return keras.Model(network.input, {name: network.get_layer(name).output for name in names})


def count_outputs(network: keras.Model) -> int:
    """Return the number of outputs of all heads of a network from `build_network`, before softmax."""
    return sum(int(output.shape[-1]) for output in logits_model(network).outputs)


def fold_temperature(network: keras.Model, temperature: float) -> None:
    """Divide the last layer's weights by a temperature, so that the network's own softmax is calibrated.

    Args:
        network: changed in place.
        temperature: above 0; above 1 lowers the network's confidence.
    """
    last = network.get_layer(LOGITS)
    last.set_weights([weights / temperature for weights in last.get_weights()])


def _keras_layers(layer: Layer, initializer: str, policy: str) -> list[keras.Layer]:
    """Return the Keras layers of one entry of a recipe."""
    match layer:
        case Conv(filters, kernel, stride, padding, norm):
            convolution = keras.layers.Conv2D(
                filters,
                kernel,
                stride,
                padding,
                use_bias=not norm,
                kernel_initializer=initializer,
                dtype=policy,
            )
            between = [keras.layers.BatchNormalization(dtype=policy)] if norm else []
            return [convolution, *between, keras.layers.ReLU(dtype=policy)]
        case Pool():
            return [keras.layers.MaxPooling2D(2, dtype=policy)]
        case Norm():
            return [keras.layers.BatchNormalization(dtype=policy)]
        case Flatten():
            return [keras.layers.Flatten(dtype=policy)]
        case Dense(units):
            return [
                keras.layers.Dense(units, activation="relu", kernel_initializer=initializer, dtype=policy)
            ]
