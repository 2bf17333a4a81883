"""Step 6: the training digits that are most like the visitor's, and the map they lie on."""

from pathlib import Path

import numpy as np
import streamlit as st

from mnist_core import Recognizer
from mnist_core.datasets.mnist import locate_mnist
from mnist_core.errors import ModelError, NotAllowedError
from mnist_core.explanations.map_building import make_map
from mnist_core.explanations.neighbours import NeighbourMap, last_features, load_map, map_path
from mnist_core.explanations.probe import Activations
from mnist_core.results import DigitReading
from mnist_core.serving.rights import may_train
from pages.inside.component import encoded, ink_bytes, reported, show_view
from pages.shared.messages import show_error
from pages.shared.resources import app_paths, file_stamp
from pages.shared.visitor import may


def open_map(recognizer: Recognizer) -> NeighbourMap | None:
    """Return the map of the network that reads; None where there is none."""
    try:
        path = map_path(recognizer.files, app_paths())
        return _load(str(path), file_stamp(path))
    except ModelError:
        return None


def show_neighbours(mark: DigitReading, recognizer: Recognizer, activations: Activations) -> None:
    """Show the nearest training digits and the map; where there is no map, how to get one."""
    neighbours = open_map(recognizer)
    if neighbours is None:
        _offer_map(recognizer)
        return
    features = last_features(mark.cell[np.newaxis], activations)[0]
    nearest = neighbours.nearest(features)
    labels = neighbours.labels[nearest].tolist()
    alike = sum(label == mark.label for label in labels)
    st.markdown(f"Of the ten training digits nearest to yours, {alike} are a **{mark.label}**.")
    cells = [
        {"title": f"a {label}", "ink": encoded(neighbours.cells[index])}
        for label, index in zip(labels, nearest.tolist(), strict=True)
    ]
    strip = {
        "label": f"The nearest training digits: {', '.join(map(str, labels))}",
        "side": 96,
        "cells": [{"title": "yours", "ink": ink_bytes(mark.cell)}, *cells],
    }
    show_view("cells", strip, "inside-nearest-view")
    x, y = neighbours.place_of(features)
    content = {
        "places": encoded(neighbours.places),
        "labels": encoded(neighbours.labels),
        "at": [round(x, 1), round(y, 1)],
        "name": str(mark.label),
        "sentence": f"{len(neighbours.labels):,} training digits, laid out so that alike ones are near each "
        "other. The ring is yours: it moves as you draw.",
    }
    show_view("map", content, "inside-map-view")


def show_beside(mark: DigitReading, recognizer: Recognizer, activations: Activations) -> None:
    """Show the nearest training digit beside the visitor's, where there is a map of them."""
    neighbours = open_map(recognizer)
    if neighbours is None:
        return
    index = int(neighbours.nearest(last_features(mark.cell[np.newaxis], activations)[0])[0])
    content = {
        "label": f"Your digit beside one of MNIST's, a {neighbours.labels[index]}",
        "side": 140,
        "sentence": "Your cell beside one of MNIST's, the digits that networks learn from: the same size, "
        "the same place, the same pen.",
        "cells": [
            {"title": "yours", "ink": ink_bytes(mark.cell)},
            {"title": f"MNIST's {neighbours.labels[index]}", "ink": encoded(neighbours.cells[index])},
        ],
    }
    show_view("cells", content, "inside-beside-view")


def show_exciting(recognizer: Recognizer, activations: Activations) -> None:
    """Show, below the layers, which training digits excite the chosen map most."""
    neighbours = open_map(recognizer)
    if neighbours is None:
        st.markdown(
            "Step 6 can make a map of training digits: then those that excite a map most are shown here."
        )
        return
    chosen = reported("inside-layers-view", "map")
    layer, channel = _layer_and_channel(chosen, [maps.shape[1] for maps in activations.layers])
    indices = neighbours.exciting[layer][channel].tolist()
    content = {
        "label": "Training digits that excite this map most",
        "side": 80,
        "sentence": f"These training digits excite map {channel + 1} of layer {layer + 1} most.",
        "cells": [
            {"title": f"a {neighbours.labels[index]}", "ink": encoded(neighbours.cells[index])}
            for index in indices
        ],
    }
    show_view("cells", content, "inside-exciting-view")


def _layer_and_channel(chosen: object, channels: list[int]) -> tuple[int, int]:
    """Return the map that the browser says is chosen; the first of the first layer where it says nothing."""
    match chosen:
        case {"layer": int(layer), "channel": int(channel)} if (
            0 <= layer < len(channels) and 0 <= channel < channels[layer]
        ):
            return layer, channel
    return 0, 0


def _offer_map(recognizer: Recognizer) -> None:
    where = locate_mnist(app_paths())
    if where is None:
        st.markdown(
            "The digits that networks learn from, MNIST, are not on this computer, and without them there is "
            "nothing to compare with. The page Train can download them; then a map is made here in a minute."
        )
        return
    permission = may(may_train)
    st.markdown(
        f"There is no map of training digits for this network yet. It is made of 2,000 digits of {where}, "
        "takes about a minute and stays on this computer."
    )
    if st.button(
        "Make the map", key="inside-make-map", disabled=not permission, help=permission.refusal or None
    ):
        _make(recognizer)


def _make(recognizer: Recognizer) -> None:
    bar = st.progress(0.0, "Reading MNIST …")
    try:
        may(may_train).require()
        for share in make_map(recognizer.files):
            bar.progress(share, "Laying out 2,000 digits …")
    except (ModelError, NotAllowedError) as error:
        show_error(error, "inside")
        return
    st.rerun(scope="fragment")


@st.cache_resource(show_spinner=False, max_entries=4)  # 3 MB each
def _load(path: str, stamp: tuple[int, int]) -> NeighbourMap:
    return load_map(Path(path))
