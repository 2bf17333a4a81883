"""What a run goes on from: comes back as it was saved, and is refused in words where it is damaged."""

import numpy as np
import pytest

from mnist_core.errors import ModelError
from mnist_core.storage.model_card import CurvePoint, TrainingData
from mnist_core.training.checkpoint import (
    Checkpoint,
    FitterState,
    Progress,
    load_checkpoint,
    save_checkpoint,
)

POINT = CurvePoint(1, 0.5, 0.8, 0.4, 0.9, 2.0, 0.3, 0.91)
PROGRESS = Progress(13, 2.5, (POINT,), (TrainingData("bars", "00ff", 360),))
SNAPSHOTS = {epoch: (np.ones(2, np.float16), np.full((2, 2), epoch, np.float16)) for epoch in (1, 3)}


def checkpoint():
    rng = np.random.default_rng(0)
    weights = tuple(rng.random((2, number + 1), np.float32) for number in range(12))
    return Checkpoint(PROGRESS, FitterState(weights, weights[::-1], (np.int64(13), *weights)), SNAPSHOTS)


def test_what_is_saved_comes_back_in_its_order(tmp_path):
    saved = checkpoint()
    save_checkpoint(saved, tmp_path / "checkpoint.npz")
    loaded = load_checkpoint(tmp_path / "checkpoint.npz")
    assert loaded.progress == PROGRESS
    for part in ("network", "averaged", "optimizer"):
        before, after = getattr(saved.state, part), getattr(loaded.state, part)
        assert [value.shape for value in before] == [value.shape for value in after]
        assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
    assert list(loaded.snapshots) == [1, 3]
    np.testing.assert_array_equal(loaded.snapshots[3][1], SNAPSHOTS[3][1])
    assert loaded.state.optimizer[0].dtype == np.int64
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.npz"]


def test_a_save_that_fails_leaves_the_one_before(tmp_path, monkeypatch):
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(checkpoint(), path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mnist_core.storage.atomic.os.replace", fail)
    with pytest.raises(OSError, match="No space"):
        save_checkpoint(checkpoint(), path)
    assert path.read_bytes() == before


def test_a_missing_one_says_that_there_is_nothing_to_go_on_from(tmp_path):
    with pytest.raises(ModelError, match="nothing to go on from"):
        load_checkpoint(tmp_path / "checkpoint.npz")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99], ids=["empty", "a third", "without its end"])
def test_a_cut_one_is_refused_in_words(tmp_path, share):
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(checkpoint(), path)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ModelError, match="damaged"):
        load_checkpoint(path)


def test_pickles_are_not_opened(tmp_path):
    path = tmp_path / "checkpoint.npz"
    np.savez(path, progress=np.array({"steps": 1}, object))
    with pytest.raises(ModelError, match="damaged"):
        load_checkpoint(path)


def test_progress_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "checkpoint.npz"
    np.savez(path, progress=np.array('{"steps": "many"}'))
    with pytest.raises(ModelError, match="damaged"):
        load_checkpoint(path)
