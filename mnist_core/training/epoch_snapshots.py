"""The network after some of its epochs, to show how a digit's answer was learned: one small file.

All of them are one ONNX graph with a branch for each; weights have half precision, which no answer notices.
"""

from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
from msgspec import json

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES
from mnist_core.explanations.epochs import EPOCHS_KEY
from mnist_core.storage.atomic import write_whole
from mnist_core.training.checkpoint import Arrays
from mnist_core.training.gradient_graph import GradientGraph
from mnist_core.training.network import LOGITS, build_network
from mnist_core.training.probe_graph import add_layers, dense_weights, onnx_model
from mnist_core.training.recipes import Recipe

MAX_BYTES = 8_000_000
"""Of all snapshots together."""
_MOST = 10
_BYTES_A_WEIGHT = 2


class EpochSnapshots:
    """Weights as they were after some epochs, the first and the last among them."""

    def __init__(self, recipe: Recipe) -> None:
        """Choose the epochs.

        Args:
            recipe: of the network, with the number of epochs.
        """
        self._recipe = recipe
        self._weights: dict[int, Arrays] = {}

    @property
    def weights(self) -> dict[int, Arrays]:
        """The weights by their epochs, float16."""
        return dict(self._weights)

    def restore(self, weights: Mapping[int, Arrays]) -> None:
        """Go on from the snapshots of a run that was broken off; those of other epochs are dropped."""
        for epoch, arrays in sorted(weights.items()):
            if self._is_chosen(epoch, sum(array.size for array in arrays)):
                self._weights[epoch] = arrays

    def note(self, epoch: int, network: keras.Model) -> None:
        """Copy a network's weights, if this is one of the epochs; from 1 on.

        Args:
            epoch: that has ended.
            network: as it is now, from `build_network`.
        """
        if self._is_chosen(epoch, network.count_params()):
            self._weights[epoch] = tuple(np.asarray(each, np.float16) for each in network.get_weights())

    def _is_chosen(self, epoch: int, parameters: int) -> bool:
        room = MAX_BYTES // (_BYTES_A_WEIGHT * parameters)
        return epoch in chosen_epochs(self._recipe.epochs, min(_MOST, room))

    def save(self, path: Path) -> None:
        """Write the snapshots; nothing where the network is too large for two of them.

        Raises:
            OSError: the disk is full or can't be written to.
        """
        if len(self._weights) < 2:
            return
        network = build_network(self._recipe)
        graph = GradientGraph(half=True)
        cells = graph.node("Transpose", "cells", perm=[0, 3, 1, 2])
        for epoch, weights in self._weights.items():
            network.set_weights([np.asarray(each, np.float32) for each in weights])
            graph.shape = (1, CELL_SIZE, CELL_SIZE)
            features = add_layers(graph, network, cells)
            logits = graph.logits(features, *dense_weights(network.get_layer(LOGITS)))
            graph.node("Softmax", logits, name=f"epoch_{epoch}", axis=1)
        epochs = list(self._weights)
        model = onnx_model(
            graph,
            {"cells": ("n", CELL_SIZE, CELL_SIZE, 1)},
            {f"epoch_{epoch}": ("n", DIGIT_CLASSES) for epoch in epochs},
            {EPOCHS_KEY: json.encode(epochs).decode()},
        )
        write_whole(path, model.SerializeToString())


def chosen_epochs(epochs: int, most: int) -> list[int]:
    """Choose at most so many epochs, evenly, from the first to the last; none where two are too many."""
    if most < 2:
        return []
    return [int(epoch) for epoch in np.unique(np.linspace(1, epochs, min(most, epochs)).round())]
