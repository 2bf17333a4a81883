"""A network's layers as data, and how much work they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mnist_core.config import CELL_SIZE, DIGIT_CLASSES


@dataclass(frozen=True, slots=True)
class Conv:
    """A convolution with ReLU."""

    filters: int
    kernel: int
    stride: int = 1
    padding: Literal["same", "valid"] = "same"
    norm: bool = True
    """Batch norm between the convolution and its ReLU; then the convolution needs no bias."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Max pooling over 2x2."""


@dataclass(frozen=True, slots=True)
class Norm:
    """Batch norm as a layer of its own."""


@dataclass(frozen=True, slots=True)
class Flatten:
    """Feature maps as one vector."""


@dataclass(frozen=True, slots=True)
class Dense:
    """A dense layer with ReLU."""

    units: int


Layer = Conv | Pool | Norm | Flatten | Dense


def count_multiply_adds(layers: Sequence[Layer], outputs: int = DIGIT_CLASSES) -> int:
    """Return the number of multiplications of convolutions and dense layers for one cell.

    Args:
        layers: from the cell to the heads.
        outputs: of all heads together; each is dense on the last layer.
    """
    side, channels, total = CELL_SIZE, 1, 0
    for layer in layers:
        match layer:
            case Conv(filters, kernel, stride, padding):
                side = -(-side // stride) if padding == "same" else (side - kernel) // stride + 1
                total += side * side * kernel * kernel * channels * filters
                channels = filters
            case Pool():
                side //= 2
            case Dense(units):
                total += side * side * channels * units
                side, channels = 1, units
            case _:
                pass
    return total + side * side * channels * outputs
