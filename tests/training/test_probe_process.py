import shutil

import numpy as np
import pytest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.errors import ModelError
from mnist_core.explanations.probe import Probe
from mnist_core.training.probe_process import make_probe


def test_a_model_without_a_probe_gets_one(tmp_path):
    files, shipped = ModelFiles(tmp_path), ModelFiles(SHIPPED_FOLDER)
    shutil.copy(shipped.keras, files.keras)
    make_probe(files)
    cells = np.random.default_rng(0).random((2, 28, 28), np.float32)
    assert np.abs(Probe.open(files).logits(cells) - Probe.open(shipped).logits(cells)).max() < 1e-5


def test_a_damaged_network_is_named_in_a_sentence(tmp_path):
    ModelFiles(tmp_path).keras.write_bytes(b"no network")
    with pytest.raises(ModelError, match="can't be looked into"):
        make_probe(ModelFiles(tmp_path))
