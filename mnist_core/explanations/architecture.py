"""A network's layers as its probe describes them, and which part of the cell each activation sees."""

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from mnist_core.config import CELL_SIZE

ARCHITECTURE_KEY = "architecture"
"""Under this name a probe's file holds the layers as JSON."""

_Size = Annotated[int, msgspec.Meta(ge=1, le=4096)]


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One layer whose activations can be looked at.

    Attributes:
        kind: `conv` and `dense` with their ReLU (and batch norm), `pool` max pooling.
        channels: feature maps, or units of a dense layer.
        height: of each map in activations; 1 for a dense layer.
        width: likewise.
        kernel: on a side, in activations of the layer before; 1 for a dense layer.
        stride: activations of the layer before from one place to the next.
        pad_top: rows of zeros above the layer before.
        pad_left: columns of zeros on its left.
    """

    kind: Literal["conv", "pool", "dense"]
    channels: _Size
    height: _Size
    width: _Size
    kernel: _Size = 1
    stride: _Size = 1
    pad_top: Annotated[int, msgspec.Meta(ge=0, le=16)] = 0
    pad_left: Annotated[int, msgspec.Meta(ge=0, le=16)] = 0


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network's layers, from the cell to the heads.

    Attributes:
        layers: those whose activations are outputs of the probe, in order; none in a linear network.
        has_kinds: whether a second head tells digits, signs and parts apart.
    """

    layers: tuple[LayerSpec, ...]
    has_kinds: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a cell that one activation sees, in pixels; `bottom` and `right` are beyond it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class FieldGeometry:
    """How a layer's activations lie over the cell, the same for rows and columns but for where they start.

    Activation k sees the pixels from `start + k * step` on, `size` of them, as far as they are in the cell.
    """

    size: int
    step: int
    start_row: int
    start_column: int


def field_geometry(layers: tuple[LayerSpec, ...], index: int) -> FieldGeometry:
    """Compute how one layer's activations lie over the cell.

    Args:
        layers: of the network.
        index: of the layer; a dense one sees the whole cell.
    """
    size, step, start_row, start_column = 1, 1, 0, 0
    for layer in layers[: index + 1]:
        if layer.kind == "dense":
            return FieldGeometry(CELL_SIZE, CELL_SIZE, 0, 0)
        start_row -= layer.pad_top * step
        start_column -= layer.pad_left * step
        size += (layer.kernel - 1) * step
        step *= layer.stride
    return FieldGeometry(size, step, start_row, start_column)


def receptive_field(layers: tuple[LayerSpec, ...], index: int, row: int, column: int) -> Span:
    """Compute which pixels of the cell one activation depends on.

    Args:
        layers: of the network.
        index: of the layer.
        row: of the activation in its map.
        column: likewise.
    """
    geometry = field_geometry(layers, index)
    top = geometry.start_row + row * geometry.step
    left = geometry.start_column + column * geometry.step
    return Span(
        max(0, top),
        max(0, left),
        min(CELL_SIZE, top + geometry.size),
        min(CELL_SIZE, left + geometry.size),
    )
