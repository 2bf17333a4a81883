"""ONNX files from elsewhere: what is taken reads as it did; what is refused says why, in a sentence."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from mnist_core.config import AppPaths
from mnist_core.datasets.glyphs import glyph_digit_cells
from mnist_core.errors import ModelError
from mnist_core.reading.normalization import to_batch
from mnist_core.training.import_onnx import import_onnx
from mnist_core.training.onnx_conversion import run_onnx
from tests.training.foreign_networks import SHIPPED, foreign_onnx

CELLS = to_batch(glyph_digit_cells(30, np.random.default_rng(5))[0])


@pytest.fixture
def paths(tmp_path, monkeypatch):
    monkeypatch.setattr("mnist_core.training.import_trial.locate_mnist", lambda paths: None)
    return AppPaths(tmp_path, None)


@pytest.mark.parametrize("side", [(28, 28, 1), (1, 28, 28), (28, 28), (784,)], ids=str)
@pytest.mark.parametrize(
    ("factor", "words"), [(1.0, "0 to 1"), (255.0, "0 to 255")], ids=["fractions", "bytes"]
)
def test_what_it_expects_and_answers_is_found_out(paths, tmp_path, side, factor, words):
    path = tmp_path / "model.onnx"
    trial, parameters = import_onnx(foreign_onnx(side, factor).SerializeToString(), path, paths)
    assert (trial.scaling.words, trial.is_logits) == (words, True)
    assert trial.right > 150
    assert parameters > 100_000
    (expected,) = run_onnx(SHIPPED.onnx, CELLS, ["probabilities"])
    np.testing.assert_allclose(run_onnx(path, CELLS, ["probabilities"])[0], expected, atol=1e-4)


def test_probabilities_get_no_second_softmax(paths, tmp_path):
    path = tmp_path / "model.onnx"
    trial, _ = import_onnx(foreign_onnx(is_logits=False).SerializeToString(), path, paths)
    assert not trial.is_logits
    (expected,) = run_onnx(SHIPPED.onnx, CELLS, ["probabilities"])
    np.testing.assert_allclose(run_onnx(path, CELLS, ["probabilities"])[0], expected, atol=1e-4)


def test_our_own_export_stays_as_it_is(paths, tmp_path):
    path = tmp_path / "model.onnx"
    import_onnx(SHIPPED.onnx.read_bytes(), path, paths)
    assert path.read_bytes() == SHIPPED.onnx.read_bytes()


def changed(change):
    model = foreign_onnx()
    change(model)
    return model.SerializeToString()


def external(model):
    weights = model.graph.initializer[0]
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="/etc/passwd")


def not_finite(model):
    weights = next(one for one in model.graph.initializer if one.data_type == TensorProto.FLOAT)
    values = numpy_helper.to_array(weights).copy()
    values.flat[0] = np.nan
    weights.CopyFrom(numpy_helper.from_array(values, weights.name))


def foreign_operator(model):
    model.graph.node[3].domain = "com.example"


def branch(model):
    graph = helper.make_graph([], "inner", [], [])
    model.graph.node.append(helper.make_node("If", ["scaled"], ["x"], then_branch=graph, else_branch=graph))


def larger(model):
    model.graph.input[0].type.tensor_type.shape.dim[3].dim_value = 32


def two_inputs(model):
    model.graph.input.append(helper.make_tensor_value_info("more", TensorProto.FLOAT, [1]))


def whole_numbers(model):
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.UINT8


def other_output(model):
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 26


def guess(model):
    zero = numpy_helper.from_array(np.array(0, np.float32), "its-zero")
    model.graph.initializer.append(zero)
    model.graph.node[0].CopyFrom(helper.make_node("Mul", ["image", "its-zero"], ["scaled"]))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(lambda: b"", "no ONNX file", id="empty"),
        pytest.param(lambda: b"\x80\x04garbage" * 9, "no ONNX file", id="garbage"),
        pytest.param(lambda: changed(external), "never opened", id="weights elsewhere"),
        pytest.param(lambda: changed(not_finite), "no finite numbers", id="not a number"),
        pytest.param(lambda: changed(foreign_operator), "'com.example'", id="foreign operator"),
        pytest.param(lambda: changed(branch), "loops or branches", id="branch"),
        pytest.param(lambda: changed(larger), "1×28×32", id="other size"),
        pytest.param(lambda: changed(two_inputs), "2 inputs", id="two inputs"),
        pytest.param(lambda: changed(whole_numbers), "32-bit fractions", id="whole numbers"),
        pytest.param(lambda: changed(other_output), "0 outputs with ten", id="letters"),
        pytest.param(lambda: changed(guess), "of 200 digits correctly", id="it guesses"),
    ],
)
def test_what_is_refused_says_why_and_writes_nothing(paths, tmp_path, content, complaint):
    path = tmp_path / "model.onnx"
    with pytest.raises(ModelError, match=complaint):
        import_onnx(content(), path, paths)
    assert not path.exists()


def test_a_cut_file_is_refused(paths, tmp_path):
    content = foreign_onnx().SerializeToString()
    with pytest.raises(ModelError):
        import_onnx(content[: len(content) // 2], tmp_path / "model.onnx", paths)


def test_what_is_taken_passes_onnx_own_check(paths, tmp_path):
    import_onnx(foreign_onnx().SerializeToString(), tmp_path / "model.onnx", paths)
    onnx.checker.check_model(onnx.load(tmp_path / "model.onnx"), full_check=True)
