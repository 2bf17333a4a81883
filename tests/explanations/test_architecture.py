import numpy as np
import pytest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.explanations.architecture import LayerSpec, receptive_field
from mnist_core.explanations.probe import Probe


@pytest.fixture(scope="module")
def probe():
    return Probe.open(ModelFiles(SHIPPED_FOLDER))


def places(spec):
    """The corners and the middle of a map."""
    rows = {0, spec.height // 2, spec.height - 1}
    return [(row, column) for row in rows for column in {0, spec.width // 2, spec.width - 1}]


def test_a_pixel_outside_the_receptive_field_changes_nothing(probe):
    rng = np.random.default_rng(2)
    cell = rng.random((28, 28), np.float32)
    before = probe.activations(cell[None]).layers
    for index, spec in enumerate(probe.architecture.layers):
        for row, column in places(spec):
            span = receptive_field(probe.architecture.layers, index, row, column)
            changed = rng.random((28, 28), np.float32)
            inside = slice(span.top, span.bottom), slice(span.left, span.right)
            changed[inside] = cell[inside]
            after = probe.activations(changed[None]).layers[index]
            assert np.abs(after[0, :, row, column] - before[index][0, :, row, column]).max() < 1e-5


def test_the_edge_pixels_of_the_receptive_field_change_something(probe):
    """It is no larger than what is seen: batch norm's shifts keep ReLUs of some map open everywhere."""
    rng = np.random.default_rng(2)
    for index, spec in enumerate(probe.architecture.layers):
        row, column = spec.height // 2, spec.width // 2
        span = receptive_field(probe.architecture.layers, index, row, column)
        rows, columns = slice(span.top, span.bottom), slice(span.left, span.right)
        edges = [(span.top, columns), (span.bottom - 1, columns), (rows, span.left), (rows, span.right - 1)]
        for edge in edges:
            differences = []
            for _ in range(6):
                cell = rng.random((28, 28), np.float32)
                changed = cell.copy()
                changed[edge] = rng.random(changed[edge].shape)
                both = probe.activations(np.stack([cell, changed])).layers[index][:, :, row, column]
                differences.append(np.abs(both[0] - both[1]).max())
            assert max(differences) > 1e-5


def test_a_field_grows_with_kernels_and_strides():
    layers = (
        LayerSpec("conv", 8, 28, 28, kernel=3, stride=1, pad_top=1, pad_left=1),
        LayerSpec("pool", 8, 14, 14, kernel=2, stride=2),
        LayerSpec("conv", 8, 14, 14, kernel=3, stride=1, pad_top=1, pad_left=1),
    )
    spans = [receptive_field(layers, index, 5, 5) for index in range(3)]
    assert [(span.top, span.bottom) for span in spans] == [(4, 7), (9, 13), (7, 15)]


def test_a_dense_layer_sees_the_whole_cell():
    span = receptive_field((LayerSpec("dense", 128, 1, 1),), 0, 0, 0)
    assert (span.top, span.left, span.bottom, span.right) == (0, 0, 28, 28)
