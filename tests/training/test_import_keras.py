"""Keras files from elsewhere: safe layers with weights of their own are taken, the rest is refused."""

import io
import json
import zipfile

import h5py
import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.datasets.glyphs import glyph_digit_cells
from mnist_core.errors import ModelError
from mnist_core.reading.normalization import to_batch
from tests.training.foreign_networks import SHIPPED, repacked

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # libraries' own, while tensorflow starts and converts
]


@pytest.fixture
def take(tmp_path, monkeypatch):
    """Import a file's content: the trial, and what the written ONNX network makes of some digits."""
    from mnist_core.training.import_keras import import_keras
    from mnist_core.training.onnx_conversion import run_onnx

    monkeypatch.setattr("mnist_core.training.import_trial.locate_mnist", lambda paths: None)
    cells = to_batch(glyph_digit_cells(30, np.random.default_rng(5))[0])

    def take_content(content):
        onnx_path = tmp_path / "model.onnx"
        trial, _ = import_keras(content, tmp_path / "model.keras", onnx_path, AppPaths(tmp_path, None))
        return trial, *(run_onnx(path, cells, ["probabilities"])[0] for path in (onnx_path, SHIPPED.onnx))

    return take_content


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A network as a course has it: 784 bytes in, ten logits out."""
    import keras

    shipped = keras.models.load_model(SHIPPED.keras, compile=False)
    image = keras.Input((784,))
    cells = keras.layers.Reshape((28, 28, 1))(keras.layers.Rescaling(1 / 255)(image))
    features = keras.Model(shipped.input, shipped.get_layer("logits").output)(cells)
    path = tmp_path_factory.mktemp("course") / "course.keras"
    keras.Model(image, keras.layers.Dropout(0.5)(features)).save(path)
    return path.read_bytes()


def test_a_course_network_is_taken_and_reads_as_before(take, saved):
    trial, actual, expected = take(saved)
    assert (trial.scaling.words, trial.is_logits) == ("0 to 255", True)
    np.testing.assert_allclose(actual, expected, atol=1e-4)


def test_our_own_network_is_taken_with_its_second_head(take, tmp_path):
    import onnx

    trial, actual, expected = take(SHIPPED.keras.read_bytes())
    assert not trial.is_logits
    np.testing.assert_allclose(actual, expected, atol=1e-4)
    names = {output.name for output in onnx.load(tmp_path / "model.onnx").graph.output}
    assert names >= {"probabilities", "digitness"}


def config_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("config.json"))


def with_layer(content, **changes):
    config = config_of(content)
    config["config"]["layers"][1].update(changes)
    return repacked(content, config_json=json.dumps(config))


def with_weights(content, change):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights, "a") as file:
        change(file)
    return repacked(content, **{"model.weights.h5": weights.getvalue()})


def first_dataset(file):
    found = []
    file.visititems(lambda _, part: found.append(part) if isinstance(part, h5py.Dataset) else None)
    return next(part for part in found if part.dtype.kind == "f" and part.size)


def not_finite(file):
    first_dataset(file)[...] = np.inf


def linked(file):
    file["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")


def soft_linked(file):
    file["elsewhere"] = h5py.SoftLink("/layers")


def stored_elsewhere(file):
    file.create_dataset("elsewhere", (4,), "f4", external=[("/etc/passwd", 0, 16)])


def expanded(file):
    file.create_dataset("bomb", (20_000, 20_000), "f4", chunks=(1000, 1000), compression="gzip")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param(lambda c: b"\x89HDF\r\n\x1a\n" + bytes(99), "damaged", id="an .h5 file"),
        pytest.param(lambda c: c[: len(c) // 2], "damaged", id="cut"),
        pytest.param(
            lambda c: repacked(c, **{"model.weights.h5": None}), "is no .keras file", id="no weights"
        ),
        pytest.param(lambda c: repacked(c, config_json="{"), "configuration is damaged", id="no JSON"),
        pytest.param(
            lambda c: repacked(c, config_json="[" * 5000 + "]" * 5000), "configuration is damaged", id="deep"
        ),
        pytest.param(lambda c: with_layer(c, class_name="Lambda"), "layer 'Lambda'", id="code"),
        pytest.param(
            lambda c: with_layer(c, class_name="TFSMLayer"), "layer 'TFSMLayer'", id="a graph's file"
        ),
        pytest.param(lambda c: with_layer(c, module="os"), "is not taken", id="another module"),
        pytest.param(
            lambda c: with_layer(c, registered_name="x>Y"), "is not taken", id="a class of their own"
        ),
        pytest.param(lambda c: with_weights(c, not_finite), "no finite numbers", id="not finite"),
        pytest.param(lambda c: with_weights(c, linked), "never opened", id="link to a file"),
        pytest.param(lambda c: with_weights(c, soft_linked), "never opened", id="link"),
        pytest.param(lambda c: with_weights(c, stored_elsewhere), "never opened", id="raw file"),
        pytest.param(lambda c: with_weights(c, expanded), "more than 200 MB", id="weights that expand"),
    ],
)
def test_what_is_refused_says_why_and_is_never_loaded(take, saved, tmp_path, monkeypatch, change, complaint):
    import keras

    def load(*_, **__):
        pytest.fail("Keras was asked to load it")

    content = change(saved)
    monkeypatch.setattr(keras.models, "load_model", load)
    with pytest.raises(ModelError, match=complaint):
        take(content)
    assert not list(tmp_path.iterdir())
