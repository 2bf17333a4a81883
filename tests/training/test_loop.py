"""One real, tiny training run of each kind: what comes out is a model that the recognizer reads with."""

import errno
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from mnist_core.config import AppPaths, ModelFiles
from mnist_core.datasets.cell_hashes import find_seen, load_hashes
from mnist_core.errors import DataError, ModelError
from mnist_core.evaluation.evaluation import load_evaluation_file
from mnist_core.reading.recognizer import Recognizer
from mnist_core.storage.model_card import load_card
from mnist_core.training.augmentation_config import AugmentationConfig
from mnist_core.training.events import (
    BatchProgress,
    Cancelled,
    EpochEnd,
    Finished,
    Finishing,
    Prepared,
    WatchedCellsRead,
)
from mnist_core.training.train_config import TrainConfig

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # libraries' own, while tensorflow starts and converts
]


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    return AppPaths(home=tmp_path_factory.mktemp("home"), mnist=None)


@pytest.fixture(scope="module")
def tiny_run(tiny, paths, table):
    from mnist_core.training.loop import train

    events = []
    config = TrainConfig(recipe=tiny, data=str(table), epochs=3, batch_size=32, name="bars")
    return train(config, paths, on_event=events.append), events


def test_events_come_in_order(tiny_run):
    end, events = tiny_run
    assert isinstance(events[0], Prepared)
    assert [event.point.epoch for event in events if isinstance(event, EpochEnd)] == [1, 2, 3]
    assert events[-1] is end
    assert isinstance(end, Finished)
    assert any(isinstance(event, Finishing) for event in events)
    watched = [event for event in events if isinstance(event, WatchedCellsRead)]
    assert len(watched) >= 3
    assert len(watched[-1].cells) == 16
    np.testing.assert_allclose(watched[-1].probabilities.sum(axis=1), 1, atol=1e-5)
    assert all(0 <= event.accuracy <= 1 for event in events if isinstance(event, BatchProgress))


def test_the_model_is_on_the_shelf_with_its_card(tiny_run, paths):
    end, _ = tiny_run
    assert end.files == paths.model("bars")
    assert load_card(end.files.card) == end.card
    assert (end.card.recipe, end.card.parameters) == ("tiny", 3_453)
    assert 0 <= end.card.digitness_threshold <= 0.5
    assert sum(map(sum, end.card.confusion_matrix)) == 200
    assert end.card.scores[0].total == 200
    assert load_evaluation_file(end.files.evaluation).report.right == end.card.scores[0].right
    hashes = load_hashes(end.files.training_hashes)
    assert hashes is not None
    assert not find_seen(load_evaluation_file(end.files.evaluation).cells, hashes).any()
    assert not [path for path in paths.models.iterdir() if path.name != "bars"]


def test_the_recognizer_reads_with_it(tiny_run):
    end, _ = tiny_run
    probabilities = Recognizer.open(end.files).probabilities(np.zeros((3, 28, 28), np.float32))
    assert probabilities.shape == (3, 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_a_recipe_without_a_kind_head_learns_and_has_no_threshold(paths, table):
    from mnist_core.training.loop import train

    end = train(TrainConfig(recipe="linear", data=str(table), epochs=6, batch_size=16, name="easy"), paths)
    assert end.card.digitness_threshold is None
    assert end.card.scores[0].right > 150
    assert json.loads(end.files.card.read_text())["recipe"] == "linear"


def test_a_cancelled_run_writes_nothing(paths, table):
    from mnist_core.training.loop import train

    asked = iter([False] * 3 + [True] * 100)
    end = train(
        TrainConfig(recipe="linear", data=str(table), batch_size=16, name="cut"),
        paths,
        should_stop=lambda: next(asked),
    )
    assert end == Cancelled(())
    assert not paths.model("cut").folder.exists()


def test_a_loss_that_diverged_stops_the_run_and_keeps_its_curves(paths, table, monkeypatch):
    from mnist_core.training import epoch_loop, loop

    losses = iter([0.5, 0.4, float("nan")])
    monkeypatch.setattr(epoch_loop.Fitter, "validate", lambda fitter, cells: (next(losses), 0.9))
    events = []
    config = TrainConfig(recipe="linear", data=str(table), epochs=4, name="broken")
    with pytest.raises(ModelError, match="loss is no number any more"):
        loop.train(config, paths, on_event=events.append)
    assert [event.point.epoch for event in events if isinstance(event, EpochEnd)] == [1]
    assert not paths.model("broken").folder.exists()


def test_a_full_disk_is_reported_and_leaves_no_model(paths, table, monkeypatch):
    from mnist_core.training import finishing, loop

    def full(network, path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(finishing, "export_onnx", full)
    config = TrainConfig(recipe="linear", data=str(table), epochs=1, name="full")
    with pytest.raises(ModelError, match="could not be written: the disk is full"):
        loop.train(config, paths)
    assert not paths.model("full").folder.exists()
    assert not list(paths.models.glob(".partial-*"))


def test_a_disk_without_room_is_told_before_the_data_is_loaded(paths, monkeypatch):
    from mnist_core.training import loop

    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=1_000_000))
    with pytest.raises(ModelError, match="1 MB free"):
        loop.train(TrainConfig(recipe="linear", data="not/there.npz", name="full"), paths)


def test_a_share_of_the_data_and_other_settings_are_used_and_kept(paths, table):
    from mnist_core.training.loop import train

    events = []
    config = TrainConfig(
        recipe="linear",
        data=str(table),
        epochs=1,
        name="half",
        data_share=0.5,
        validation_share=0.2,
        learning_rate=0.02,
        augmentation=AugmentationConfig(rotation=5),
    )
    settings = train(config, paths, on_event=events.append).card.settings
    assert (events[0].training_cells, events[0].validation_cells) == (160, 40)
    assert settings["data_share"] == 0.5
    assert settings["learning_rate"] == 0.02
    assert settings["augmentation"]["rotation"] == 5


def test_a_taken_name_is_refused_before_training(tiny_run, paths, table):
    from mnist_core.training.loop import train

    with pytest.raises(ModelError, match="already"):
        train(TrainConfig(data=str(table), name="bars"), paths)


def test_a_name_taken_meanwhile_costs_no_training(paths, table):
    from mnist_core.training.loop import train

    def take_name(event):
        if isinstance(event, EpochEnd):
            paths.model("race").folder.mkdir(parents=True)

    config = TrainConfig(recipe="linear", data=str(table), epochs=1, name="race")
    end = train(config, paths, on_event=take_name)
    assert (end.files.name, end.card.name) == ("race-2", "race-2")


def test_missing_data_is_reported(paths):
    from mnist_core.training.loop import train

    with pytest.raises(DataError, match=r"gone\.csv"):
        train(TrainConfig(data="gone.csv", name="nothing"), paths)


def test_an_output_folder_is_replaced_whole(paths, table, tmp_path):
    from mnist_core.training.loop import train

    target = tmp_path / "shipped"
    target.mkdir()
    (target / "old").write_text("old")
    config = TrainConfig(recipe="linear", data=str(table), epochs=1, output=target)
    end = train(config, paths)
    assert end.files == ModelFiles(target)
    written = sorted(path.name for path in target.iterdir())
    assert written == ["card.json", "gradient.onnx", "model.keras", "model.onnx", "probe.onnx"]
    assert [path.name for path in tmp_path.iterdir()] == ["shipped"]


@pytest.mark.parametrize("recipe", ["tiny", "linear"], ids=["averaged weights, two heads", "last weights"])
def test_a_run_that_was_cut_and_goes_on_equals_an_unbroken_one(tiny, recipe, paths, table, tmp_path):
    import keras

    from mnist_core.training.loop import train

    def config(name):
        return TrainConfig(recipe=recipe, data=str(table), epochs=4, batch_size=64, seed=3, name=name)

    whole = train(config(f"whole-{recipe}"), paths)
    checkpoint = tmp_path / "checkpoint.npz"
    ended = []
    cut = train(
        config(f"cut-{recipe}"),
        paths,
        on_event=lambda event: ended.append(event) if isinstance(event, EpochEnd) else None,
        should_stop=lambda: len(ended) == 2,
        checkpoint=checkpoint,
    )
    assert len(cut.curves) == 2
    resumed = train(config(f"cut-{recipe}"), paths, checkpoint=checkpoint)
    weights = [
        keras.models.load_model(end.files.keras, compile=False).get_weights() for end in (whole, resumed)
    ]
    for one, other in zip(*weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)
    assert [point.epoch for point in resumed.card.curves] == [1, 2, 3, 4]
    assert resumed.card.scores == whole.card.scores
    assert resumed.card.training_seconds > sum(point.seconds for point in cut.curves)


def test_a_run_goes_on_for_more_epochs_than_it_was_begun_for(paths, table, tmp_path):
    from mnist_core.training.loop import train

    checkpoint = tmp_path / "checkpoint.npz"
    first = TrainConfig(recipe="linear", data=str(table), epochs=1, batch_size=16, name="first")
    one = train(first, paths, checkpoint=checkpoint)
    two = train(replace(first, epochs=3, name="second"), paths, checkpoint=checkpoint)
    assert [point.epoch for point in two.card.curves] == [1, 2, 3]
    assert two.card.curves[0] == one.card.curves[0]
    assert two.card.curves[2].validation_loss < one.card.curves[0].validation_loss


@pytest.mark.parametrize(
    ("change", "error", "complaint"),
    [
        pytest.param({"data_share": 0.5}, DataError, "training data has changed", id="other data"),
        pytest.param({"recipe": "dense"}, ModelError, "its network is another one", id="other network"),
    ],
)
def test_a_run_goes_on_with_its_own_data_and_network_only(paths, table, tmp_path, change, error, complaint):
    from mnist_core.training.loop import train

    config = TrainConfig(recipe="linear", data=str(table), epochs=1, name="own")
    checkpoint = tmp_path / "checkpoint.npz"
    train(replace(config, output=tmp_path / "model"), paths, checkpoint=checkpoint)
    with pytest.raises(error, match=complaint):
        train(replace(config, name="other", **change), paths, checkpoint=checkpoint)


def test_training_cells_are_read_as_they_are_after_each_epoch(tiny_run):
    end, _ = tiny_run
    assert all(0 <= point.plain_accuracy <= 1 and point.plain_loss > 0 for point in end.card.curves)


def test_a_short_run_has_points_for_its_curves(tiny_run):
    _, events = tiny_run
    reports = [event for event in events if isinstance(event, BatchProgress)]
    assert len(reports) >= 3 * 9
    assert all(event.digits > 0 for event in reports)
