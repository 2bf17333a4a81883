"""Steps 1 to 3: the cell's pixels, the first layer's filters, the maps of all layers."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core import Recognizer
from mnist_core.explanations.ablations import ABLATIONS, ablate
from mnist_core.explanations.architecture import field_geometry
from mnist_core.explanations.probe import Activations, Probe
from mnist_core.results import DigitReading
from pages.inside.component import encoded, ink_bytes, show_view
from pages.shared.reading import percent

_MOST_BYTES = 30_000
"""Of maps a stroke, as base64 a third more: the shipped network's, or a larger one's most active."""


def show_pixels(mark: DigitReading, recognizer: Recognizer) -> None:
    """Show the cell's numbers, and what is read where a step of the normalization is left out."""
    by_title = {ablation.title: ablation for ablation in ABLATIONS}
    chosen = st.segmented_control(
        "Normalization",
        list(by_title),
        default=ABLATIONS[0].title,
        key="inside-ablation",
        required=True,
    )
    ablation = by_title.get(chosen or "", ABLATIONS[0])
    cell = ablate(mark.ink, mark.cell, ablation.step)
    st.markdown(f"{ablation.sentence} {_reading_words(cell, recognizer)}")
    show_view("pixels", {"cell": ink_bytes(cell)}, "inside-pixels-view")


def show_filters(cell: NDArray[np.float32], probe: Probe) -> None:
    """Show the first layer's filters; in a network without convolutions, each unit's weights."""
    layers = probe.architecture.layers
    if not layers or layers[0].kind == "dense":
        units = len(probe.filters)
        what = "linear: each digit" if not layers else "dense: each of its units"
        st.markdown(
            f"This network has no filters that slide. It is {what} has one weight for every pixel, "
            "shown here as a picture."
        )
        content: dict[str, Any] = {
            "cell": ink_bytes(cell),
            "weights": encoded(probe.filters),
            "count": units,
            "names": [str(unit if not layers else unit + 1) for unit in range(units)],
        }
        show_view("weights", content, "inside-weights-view")
        return
    first = layers[0]
    content = {
        "cell": ink_bytes(cell),
        "filters": encoded(probe.filters),
        "biases": encoded(probe.filter_biases),
        "count": first.channels,
        "kernel": first.kernel,
        "stride": first.stride,
        "pad_top": first.pad_top,
        "pad_left": first.pad_left,
        "height": first.height,
        "width": first.width,
    }
    show_view("filters", content, "inside-filters-view")


def show_layers(cell: NDArray[np.float32], probe: Probe, activations: Activations) -> None:
    """Show every layer's maps; in a network without layers before its answer, say so."""
    layers = probe.architecture.layers
    if not layers:
        st.markdown(
            "This network is linear: between the pixels and the answer there is no layer to look at. "
            "Train the recipe *quick* or *best* to see some."
        )
        return
    show_view("layers", layers_content(cell, probe, activations), "inside-layers-view", "map")


def layers_content(cell: NDArray[np.float32], probe: Probe, activations: Activations) -> dict[str, Any]:
    """Return what the view of the layers paints: at most _MOST_BYTES of maps, a byte an activation.

    What is pooled from maps that are sent whole is not sent: the browser pools them itself.
    """
    layers = probe.architecture.layers
    follows = [
        index > 0 and layers[index].kind == "pool" and layers[index - 1].kind == "conv"
        for index in range(len(layers))
    ]
    sent = sum(maps[0].size for maps, skip in zip(activations.layers, follows, strict=True) if not skip)
    share = min(1.0, _MOST_BYTES / sent)
    described: list[dict[str, Any]] = []
    indices = np.zeros(0, np.int64)
    most = 0.0
    for index, (spec, all_maps) in enumerate(zip(layers, activations.layers, strict=True)):
        maps = all_maps[0]
        if not follows[index]:
            indices = _most_active(maps, max(1, int(share * len(maps))))
            most = float(maps.max())
        geometry = field_geometry(layers, index)
        described.append(
            {
                "kind": spec.kind,
                "channels": len(indices),
                "of": spec.channels,
                "indices": None if len(indices) == spec.channels else indices.tolist(),
                "height": spec.height,
                "width": spec.width,
                "most": most,
                "maps": None if follows[index] else ink_bytes(maps[indices] / max(most, 1e-9)),
                "field": {
                    "size": geometry.size,
                    "step": geometry.step,
                    "start_row": geometry.start_row,
                    "start_column": geometry.start_column,
                },
            }
        )
    return {"cell": ink_bytes(cell), "layers": described}


def _most_active(maps: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the indices of the most active maps, in their own order; all of them where they are few."""
    if count >= len(maps):
        return np.arange(len(maps))
    return np.sort(np.argsort(-maps.sum(axis=(1, 2)), kind="stable")[:count])


def _reading_words(cell: NDArray[np.float32], recognizer: Recognizer) -> str:
    probabilities = recognizer.probabilities(cell[np.newaxis])[0]
    label = int(probabilities.argmax())
    words = f"The network reads **{label}**, {percent(float(probabilities[label]))}"
    if recognizer.digit_probability(cell[np.newaxis])[0] < recognizer.digit_threshold:
        return f"{words}, but says that this is **no digit**."
    return f"{words}."
