import pytest

from mnist_core.errors import ModelError
from mnist_core.training import packages
from mnist_core.training.packages import can_train, missing_package


@pytest.mark.parametrize("name", ["tensorflow", "keras.src", "tf2onnx"])
def test_a_missing_package_is_told_with_its_remedy(name):
    error = missing_package(ModuleNotFoundError(name=name))
    assert type(error) is ModelError
    assert name in str(error)
    assert "make install-train" in str(error)


@pytest.mark.parametrize("name", ["onnxruntime", "tensorflows", None])
def test_any_other_missing_module_is_a_bug(name):
    with pytest.raises(ModuleNotFoundError):
        missing_package(ModuleNotFoundError(name=name))


@pytest.mark.parametrize(("spec", "possible"), [(object(), True), (None, False)])
def test_training_is_possible_where_tensorflow_is_installed(monkeypatch, spec, possible):
    monkeypatch.setattr(packages, "find_spec", lambda name: spec)
    assert can_train() is possible
