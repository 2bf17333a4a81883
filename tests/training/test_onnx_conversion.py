import numpy as np
import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.training.recipes import RECIPES

pytestmark = pytest.mark.filterwarnings("ignore")  # libraries' own, while tensorflow starts and converts


@pytest.fixture(scope="module")
def network(tiny):
    import keras

    from mnist_core.training.network import build_network

    keras.utils.set_random_seed(0)
    return build_network(RECIPES[tiny])


@pytest.fixture(scope="module")
def exported(network, tmp_path_factory):
    from mnist_core.training.onnx_conversion import export_onnx

    path = tmp_path_factory.mktemp("onnx") / "model.onnx"
    export_onnx(network, path)
    return path


def require_agreement(network, path):
    from mnist_core.training.onnx_conversion import AGREEMENT, run_onnx

    batch = np.random.default_rng(1).random((64, 28, 28, 1), np.float32)
    expected = network(batch, training=False)
    for name, actual in zip(expected, run_onnx(path, batch, list(expected)), strict=True):
        assert np.abs(np.asarray(expected[name]) - actual).max() < AGREEMENT


def test_onnx_and_keras_agree(network, exported):
    require_agreement(network, exported)


def test_the_shipped_pair_agrees():
    import keras

    files = AppPaths.from_environment().model("shipped")
    require_agreement(keras.models.load_model(files.keras), files.onnx)


def test_names_are_those_of_the_contract(exported):
    import onnx

    graph = onnx.load(exported).graph
    assert [entry.name for entry in graph.input] == ["cells"]
    assert [entry.name for entry in graph.output] == ["probabilities", "digitness", "signness"]


def test_any_number_of_cells_is_taken(exported):
    from mnist_core.training.onnx_conversion import run_onnx

    for count in (0, 1, 5):
        (probabilities,) = run_onnx(exported, np.zeros((count, 28, 28, 1), np.float32), ["probabilities"])
        assert probabilities.shape == (count, 10)


def test_an_export_that_differs_is_refused(network, tmp_path, monkeypatch):
    from mnist_core.training import onnx_conversion

    def slightly_wrong(path, batch, names):
        outputs = network(batch, training=False)
        return [np.asarray(outputs[name]) + 2e-5 for name in names]

    monkeypatch.setattr(onnx_conversion, "run_onnx", slightly_wrong)
    with pytest.raises(ModelError, match="probabilities differ from Keras' by 2"):
        onnx_conversion.export_onnx(network, tmp_path / "model.onnx")
