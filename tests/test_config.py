from pathlib import Path

import platformdirs
import pytest

from mnist_core.config import PROJECT_FOLDER, SHIPPED_FOLDER, AppPaths, environment_elsewhere
from mnist_core.errors import ModelError


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    return AppPaths(home=tmp_path, mnist=None)


def test_without_settings_files_are_in_the_users_data_folder(monkeypatch):
    monkeypatch.delenv("DIGITS_HOME", raising=False)
    monkeypatch.delenv("MNIST_DATA", raising=False)
    paths = AppPaths.from_environment()
    assert paths.home == Path(platformdirs.user_data_path("digit-playground", appauthor=False))
    assert paths.mnist is None


def test_the_environment_says_where_files_are(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DIGITS_HOME", "~/digits")
    monkeypatch.setenv("MNIST_DATA", "~/mnist")
    assert AppPaths.from_environment() == AppPaths(tmp_path / "digits", tmp_path / "mnist")


@pytest.mark.parametrize("name", ["a", "7b", "mine-2", "under_score", "x" * 64])
def test_a_models_folder_has_its_name(paths, name):
    assert paths.model(name).folder == paths.home / "models" / name
    assert paths.model(name).name == name


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a/b", "A", "-a", "_a", "a.b", "é", "a b", "a\n", "x" * 65, "٣"]
)
def test_other_names_are_refused(paths, name):
    with pytest.raises(ModelError, match="can't be a model's name"):
        paths.model(name)


def test_a_refused_name_is_not_logged(paths):
    with pytest.raises(ModelError) as caught:
        paths.model("Anna Müller")
    assert "Anna" not in caught.value.reason
    assert caught.value.reason


def test_the_shipped_model_is_the_projects(paths):
    assert paths.model("shipped").folder == SHIPPED_FOLDER == PROJECT_FOLDER / "models" / "shipped"


def test_the_last_activated_model_that_is_there_is_active(paths):
    (paths.models / "bee").mkdir(parents=True)
    paths.active_pointer.write_text("ant\nbee\nshipped\n")
    assert paths.active_model().name == "bee"
    assert paths.activated_names() == ("ant", "bee", "shipped")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"../../etc\nNO\n"])
def test_a_damaged_pointer_means_the_shipped_model(paths, content):
    paths.active_pointer.write_bytes(content)
    assert paths.activated_names() == ()
    assert paths.active_model().name == "shipped"


def test_a_process_in_another_folder_finds_the_same_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGITS_HOME", "home")
    monkeypatch.delenv("MNIST_DATA", raising=False)
    elsewhere = environment_elsewhere()
    assert elsewhere["DIGITS_HOME"] == str(tmp_path / "home")
    assert "MNIST_DATA" not in elsewhere
