"""The networks: layers as a recipe lists them, and one or two heads. A shape on every line."""

import keras

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES
from mnist_core.training.layers import Conv, Dense, Flatten, Layer, Norm, Pool
from mnist_core.training.recipes import Recipe

PROBABILITIES = "probabilities"
DIGITNESS = "digitness"
LOGITS = "logits"
SIGNNESS = "signness"
KIND_LOGITS = "kind_logits"
DIGIT_KIND, SIGN_KIND, PART_KIND = range(3)
"""A cell shows one whole digit, one whole thing that is none, or a part of something or several things."""
_KINDS = 3


def build_network(recipe: Recipe, mixed_precision: bool = False) -> keras.Model:
    """Build a recipe's network with fresh weights.

    For `best`, with shapes from the cell on: (28, 28, 1), conv (14, 14, 32), conv (14, 14, 64),
    pool (7, 7, 64), conv (7, 7, 96), conv (7, 7, 128), pool (3, 3, 128), conv (1, 1, 192), flat (192).

    Args:
        recipe: lists the layers, and whether there is a head that tells digits from what is none.
        mixed_precision: compute in bfloat16; weights and heads stay float32.
    Returns:
        A model from `cells` float32 (n, 28, 28, 1) to a dict: `probabilities` float32 (n, 10) and,
        with that head, `digitness` and `signness` float32 (n, 1): how likely the cell shows one whole digit,
        and one whole sign. What is left to 1 is the probability of parts, or of several things in one cell.
    """
    policy = "mixed_bfloat16" if mixed_precision else "float32"
    cells = keras.Input((CELL_SIZE, CELL_SIZE, 1), name="cells")  # (n, 28, 28, 1)
    features = cells
    for layer in recipe.layers:
        for piece in _pieces(layer, recipe.initializer, policy):
            features = piece(features)
    logits = keras.layers.Dense(DIGIT_CLASSES, name=LOGITS, dtype="float32")(features)  # (n, 10)
    heads = {PROBABILITIES: keras.layers.Softmax(name=PROBABILITIES, dtype="float32")(logits)}  # (n, 10)
    if recipe.digitness:
        kind_logits = keras.layers.Dense(_KINDS, name=KIND_LOGITS, dtype="float32")(features)  # (n, 3)
        kinds = keras.layers.Softmax(name="kinds", dtype="float32")(kind_logits)  # (n, 3)
        heads[DIGITNESS] = kinds[:, DIGIT_KIND : DIGIT_KIND + 1]  # (n, 1)
        heads[SIGNNESS] = kinds[:, SIGN_KIND : SIGN_KIND + 1]  # (n, 1)
    return keras.Model(cells, heads, name=recipe.name)


def logits_of(network: keras.Model) -> keras.Model:
    """Look at the same network before softmax and sigmoid, where losses are steady.

    Args:
        network: from `build_network`; weights are shared.
    Returns:
        A model from cells to a dict: `logits` (n, 10) and, with that head, `kind_logits` (n, 3).
    """
    names = [LOGITS]
    if any(layer.name == KIND_LOGITS for layer in network.layers):
        names.append(KIND_LOGITS)
    return keras.Model(network.input, {name: network.get_layer(name).output for name in names})


def count_outputs(network: keras.Model) -> int:
    """Count the outputs of all heads of a network from `build_network`, before softmax."""
    return sum(int(output.shape[-1]) for output in logits_of(network).outputs)


def fold_temperature(network: keras.Model, temperature: float) -> None:
    """Divide the logits by a temperature for good, in the last layer's weights.

    Args:
        network: changed in place.
        temperature: above 0; above 1 makes the network less sure of itself.
    """
    last = network.get_layer(LOGITS)
    last.set_weights([weights / temperature for weights in last.get_weights()])


def _pieces(layer: Layer, initializer: str, policy: str) -> list[keras.Layer]:
    """Turn one entry of a recipe into Keras layers."""
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
