import numpy as np
import pytest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.errors import InvalidImageError, ModelError
from mnist_core.explanations.probe import Probe
from mnist_core.reading.recognizer import Recognizer


@pytest.fixture(scope="module")
def probe():
    return Probe.open(ModelFiles(SHIPPED_FOLDER))


def some_cells(count):
    return np.random.default_rng(0).random((count, 28, 28), np.float32)


def test_the_logits_are_those_of_the_model_that_reads(probe):
    logits = probe.activations(some_cells(5)).logits
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected = Recognizer.load("shipped").probabilities(some_cells(5))
    assert np.abs(powers / powers.sum(axis=1, keepdims=True) - expected).max() < 1e-5


def test_the_first_map_is_the_filter_slid_over_the_cell(probe):
    cell, spec = some_cells(1), probe.architecture.layers[0]
    maps = probe.activations(cell).layers[0][0]
    padded = np.pad(cell[0], spec.kernel)
    row, column, channel = 5, 9, 3
    top = row * spec.stride - spec.pad_top + spec.kernel
    left = column * spec.stride - spec.pad_left + spec.kernel
    window = padded[top : top + spec.kernel, left : left + spec.kernel]
    total = (window * probe.filters[channel]).sum() + probe.filter_biases[channel]
    assert maps[channel, row, column] == pytest.approx(max(0, total), abs=1e-5)


def test_the_cells_are_left_unchanged(probe):
    cells = some_cells(2)
    probe.gradient(cells, np.ones(10, np.float32))
    assert np.array_equal(cells, some_cells(2))


def test_cells_of_another_shape_or_with_what_is_no_number_are_refused(probe):
    with pytest.raises(InvalidImageError):
        probe.activations(np.zeros((1, 27, 28), np.float32))
    with pytest.raises(InvalidImageError, match="finite"):
        probe.activations(np.full((1, 28, 28), np.nan, np.float32))


def test_a_model_without_a_probe_says_so(tmp_path):
    with pytest.raises(ModelError, match=r"has no file probe\.onnx"):
        Probe.open(ModelFiles(tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"no network at all", id="text"),
        pytest.param((SHIPPED_FOLDER / "model.onnx").read_bytes(), id="a network that is no probe"),
    ],
)
def test_a_damaged_probe_says_so(tmp_path, content):
    files = ModelFiles(tmp_path)
    files.probe.write_bytes(content)
    files.gradient.write_bytes(ModelFiles(SHIPPED_FOLDER).gradient.read_bytes())
    with pytest.raises(ModelError, match="damaged"):
        Probe.open(files)
