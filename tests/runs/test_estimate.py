import pytest

from mnist_core.config import AppPaths
from mnist_core.runs.estimate import estimate_training, record_speed
from mnist_core.training.train_config import TrainConfig


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path, mnist=None)


def seconds(paths, **choices):
    return estimate_training(TrainConfig(**choices), paths).seconds


def test_more_work_takes_longer(paths):
    quick = seconds(paths, recipe="quick")
    assert seconds(paths, recipe="linear") < quick < seconds(paths, recipe="best")
    assert seconds(paths, recipe="best") < seconds(paths, recipe="notebook")
    assert seconds(paths, recipe="quick", epochs=8) > quick
    assert seconds(paths, recipe="quick", data_share=0.5) < quick


def test_a_run_before_makes_the_estimate_measured(paths):
    config = TrainConfig(recipe="quick", epochs=2, validation_share=0.5)
    assert not estimate_training(config, paths).measured
    record_speed(config, cells=1000, seconds=2, paths=paths)
    estimate = estimate_training(config, paths, training_cells=10_000)
    assert estimate.measured
    assert estimate.seconds == pytest.approx(20, abs=25)
    assert not estimate_training(TrainConfig(recipe="best"), paths).measured


@pytest.mark.parametrize("content", ["", "[]", '{"quick, batches of 128": "fast"}', "\x00"])
def test_damaged_measurements_are_no_trouble(paths, content):
    (paths.home / "training-speeds.json").write_text(content)
    assert not estimate_training(TrainConfig(recipe="quick"), paths).measured


def test_nowhere_to_keep_a_measurement_is_no_trouble(tmp_path):
    record_speed(TrainConfig(), 10, 1.0, AppPaths(home=tmp_path / "gone", mnist=None))
