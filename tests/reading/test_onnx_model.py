import json
import shutil

import numpy as np
import onnxruntime
import pytest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.errors import InvalidImageError, ModelError
from mnist_core.reading.onnx_model import Network

SHIPPED = ModelFiles(SHIPPED_FOLDER)


@pytest.fixture
def files(tmp_path) -> ModelFiles:
    """Make a copy of the shipped model, to damage."""
    files = ModelFiles(tmp_path / "ours")
    files.folder.mkdir()
    for source, target in ((SHIPPED.onnx, files.onnx), (SHIPPED.card, files.card)):
        shutil.copy(source, target)
    return files


def set_threshold(files: ModelFiles, text: str) -> None:
    content = json.loads(files.card.read_text()) | {"digitness_threshold": "HERE"}
    files.card.write_text(json.dumps(content).replace('"HERE"', text))


def test_threads_that_wait_leave_the_cores_to_others(monkeypatch):
    seen = []
    open_session = onnxruntime.InferenceSession

    def open_and_note(content, options, **more):
        seen.append(options)
        return open_session(content, options, **more)

    monkeypatch.setattr(onnxruntime, "InferenceSession", open_and_note)
    Network.open(SHIPPED)
    (options,) = seen
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


@pytest.mark.parametrize(
    "text", ["1e999", "NaN", "9" * 400, "1.5", "-1", '"0.5"', "[" * 99_999 + "]" * 99_999]
)
def test_a_hostile_threshold_is_a_sentence(files, text):
    set_threshold(files, text)
    with pytest.raises(ModelError, match=r"card\.json is damaged"):
        Network.open(files)


@pytest.mark.parametrize(("text", "threshold"), [("0.25", 0.25), ("1", 1.0), ("null", 0.5)])
def test_the_cards_threshold_is_the_networks(files, text, threshold):
    set_threshold(files, text)
    assert Network.open(files).digit_threshold == threshold


def test_a_missing_file_is_named(files):
    files.card.unlink()
    with pytest.raises(ModelError, match=r"no file .*card\.json"):
        Network.open(files)


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257])
def test_any_number_of_cells_is_read(count):
    predictions = Network.open(SHIPPED).run(np.zeros((count, 28, 28), np.float32))
    assert predictions.probabilities.shape == (count, 10)
    assert predictions.digit.shape == predictions.sign.shape == (count,)


def test_cells_that_are_not_finite_are_refused():
    with pytest.raises(InvalidImageError, match="finite"):
        Network.open(SHIPPED).run(np.full((1, 28, 28), np.nan, np.float32))
