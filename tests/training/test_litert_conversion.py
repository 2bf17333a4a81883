"""A network for phones predicts what it predicts here."""

import shutil

import numpy as np
import pytest

from mnist_core.config import ModelFiles
from mnist_core.errors import ModelError
from mnist_core.reading.recognizer import Recognizer
from tests.training.foreign_networks import SHIPPED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # libraries' own, while tensorflow starts and converts
]


def test_it_predicts_the_same_for_any_number_of_digits(tmp_path):
    from mnist_core.training.litert_conversion import convert_to_litert, run_litert

    convert_to_litert(SHIPPED, tmp_path / "model.tflite")
    content = (tmp_path / "model.tflite").read_bytes()
    for count in (1, 7):
        cells = np.random.default_rng(count).random((count, 28, 28), np.float32)
        expected = Recognizer.open(SHIPPED).probabilities(cells)
        np.testing.assert_allclose(run_litert(content, cells[..., np.newaxis]), expected, atol=1e-4)


def test_a_damaged_network_is_refused_in_words(tmp_path):
    from mnist_core.training.litert_conversion import convert_to_litert

    files = ModelFiles(tmp_path / "broken")
    shutil.copytree(SHIPPED.folder, files.folder)
    files.keras.write_bytes(b"no network")
    with pytest.raises(ModelError, match="can't be converted"):
        convert_to_litert(files, tmp_path / "model.tflite")
    assert not (tmp_path / "model.tflite").exists()
