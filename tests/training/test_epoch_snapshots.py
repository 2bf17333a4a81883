"""The network after some epochs, as training stores it and as it reads afterwards."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_core.config import ModelFiles
from mnist_core.errors import ModelError
from mnist_core.explanations.epochs import EpochReaders
from mnist_core.training.recipes import RECIPES

pytestmark = pytest.mark.filterwarnings("ignore")  # libraries' own, while tensorflow starts


@pytest.mark.parametrize(
    ("epochs", "most", "chosen"),
    [(3, 10, [1, 2, 3]), (22, 4, [1, 8, 15, 22]), (1, 10, [1]), (50, 1, []), (2, 2, [1, 2])],
)
def test_epochs_are_chosen_evenly_from_first_to_last(epochs, most, chosen):
    from mnist_core.training.epoch_snapshots import chosen_epochs

    assert chosen_epochs(epochs, most) == chosen


def noted(recipe, epochs):
    """Snapshots of fresh networks, one an epoch, and the networks."""
    import keras

    from mnist_core.training.epoch_snapshots import EpochSnapshots
    from mnist_core.training.network import build_network

    snapshots, networks = EpochSnapshots(replace(recipe, epochs=epochs)), []
    for epoch in range(1, epochs + 1):
        keras.utils.set_random_seed(epoch)
        networks.append(build_network(recipe))
        snapshots.note(epoch, networks[-1])
    return snapshots, networks


@pytest.mark.parametrize("recipe", ["tiny", "linear"])
def test_each_epoch_answers_as_its_network_did(recipe, tiny, tmp_path):
    snapshots, networks = noted(RECIPES[recipe], 3)
    files = ModelFiles(tmp_path)
    snapshots.save(files.epochs)
    cell = np.random.default_rng(0).random((28, 28), np.float32)
    answers = EpochReaders.open(files).answers(cell)
    assert answers.epochs == (1, 2, 3)
    for network, row in zip(networks, answers.probabilities, strict=True):
        expected = np.asarray(network(cell[None, ..., None], training=False)["probabilities"])[0]
        assert np.abs(row - expected).max() < 2e-3  # half precision


def test_a_network_too_large_for_two_snapshots_has_none(tmp_path, monkeypatch):
    from mnist_core.training import epoch_snapshots

    monkeypatch.setattr(epoch_snapshots, "MAX_BYTES", 20_000)
    snapshots, _ = noted(RECIPES["linear"], 3)
    snapshots.save(ModelFiles(tmp_path).epochs)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [None, b"", b"no network"])
def test_missing_or_damaged_snapshots_say_so(tmp_path, content):
    files = ModelFiles(tmp_path)
    if content is not None:
        files.epochs.write_bytes(content)
    with pytest.raises(ModelError, match="No epochs" if content is None else "damaged"):
        EpochReaders.open(files)
