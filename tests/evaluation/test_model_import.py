"""Import as a whole: the real check in its own process, and a fake one that misbehaves."""

import subprocess
import sys

import pytest

from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.errors import ModelError
from mnist_core.evaluation import model_import
from mnist_core.evaluation.activation import activate
from mnist_core.evaluation.model_export import export_bytes
from mnist_core.evaluation.model_import import import_model, name_from_file
from mnist_core.storage.shelf import show_model
from tests.training.foreign_networks import SHIPPED, foreign_onnx


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path / "home", mnist=tmp_path / "nothing")


@pytest.fixture
def fake_check(monkeypatch):
    monkeypatch.setattr(model_import, "_CHECK", "tests.evaluation.fake_import_check")


def shelf(paths):
    return sorted(path.name for path in paths.models.iterdir()) if paths.models.exists() else []


def test_a_foreign_onnx_network_is_tried_and_put_on_the_shelf(paths):
    assert import_model(foreign_onnx().SerializeToString(), "onnx", "theirs", paths) == "theirs"
    entry = show_model("theirs", paths)
    assert entry.problem is None
    assert entry.card.scores[0].total == 200
    assert entry.card.settings["input_scale"] == "0 to 255"
    activate("theirs", paths)
    for kind in ("keras", "tflite"):
        with pytest.raises(ModelError, match="no Keras file"):
            export_bytes("theirs", kind, paths)
    again = import_model(export_bytes("theirs", "zip", paths), "zip", "theirs", paths)
    assert again == "theirs-2"
    assert show_model("theirs-2", paths).problem is None
    assert shelf(paths) == ["theirs", "theirs-2"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["keras", "zip"])
def test_our_own_exports_come_back(paths, kind):
    content = SHIPPED.keras.read_bytes() if kind == "keras" else export_bytes("shipped", "zip", paths)
    name = import_model(content, kind, "ours", paths)
    entry = show_model(name, paths)
    assert entry.problem is None
    assert entry.files.keras.is_file()
    assert entry.card.scores[0].right > 150
    assert (entry.card.digitness_threshold is not None) == (kind == "zip")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b"refuse", "It has 2 inputs, not one.", id="refused"),
        pytest.param(b"crash", "could not be checked", id="a bug"),
        pytest.param(b"killed", "could not be checked", id="over a limit"),
        pytest.param(b"hang", "could not be checked", id="without end"),
        pytest.param(b"nothing", "card", id="wrote nothing"),
    ],
)
def test_whatever_the_check_does_nothing_is_written(paths, fake_check, monkeypatch, content, complaint):
    monkeypatch.setattr(model_import, "_WALL_SECONDS", 3 if content == b"hang" else 60)
    with pytest.raises(ModelError, match=complaint):
        import_model(content, "onnx", "theirs", paths)
    assert shelf(paths) == []


@pytest.mark.parametrize(
    ("content", "kind", "name", "complaint"),
    [
        pytest.param(b"x", "h5", "theirs", "can hold code", id="h5"),
        pytest.param(b"x", "pt", "theirs", "can be imported from .keras", id="a pickle"),
        pytest.param(b"x" * 11, "onnx", "theirs", "more than 0 MB", id="too large"),
        pytest.param(b"x", "onnx", "../x", "can't be a model's name", id="no name"),
    ],
)
def test_what_can_be_known_before_is_refused_before(paths, monkeypatch, content, kind, name, complaint):
    monkeypatch.setattr(model_import, "MAX_MODEL_BYTES", 10)
    monkeypatch.setattr(model_import, "_check", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(ModelError, match=complaint):
        import_model(content, kind, name, paths)


@pytest.mark.parametrize(
    ("file_name", "name"),
    [("My Net (2).keras", "my-net-2"), ("Ä.onnx", "imported"), ("../../x.zip", "x")],
)
def test_a_file_gives_its_network_a_name(file_name, name):
    assert name_from_file(file_name) == name


def test_the_process_that_checks_is_bounded():
    script = (
        "import resource\n"
        "from mnist_core.training.import_check import _limit_resources\n"
        "_limit_resources()\n"
        "kinds = (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)\n"
        "print(*(resource.getrlimit(kind)[1] for kind in kinds))\n"
        "try:\n"
        "    bytes(7_000_000_000)\n"
        "except MemoryError:\n"
        "    print('refused')\n"
    )
    command = [sys.executable, "-c", script]
    output = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True).stdout
    seconds, addresses, largest_file, core = map(int, output.splitlines()[0].split())
    assert 0 < seconds <= 150
    assert 0 < addresses <= 6_000_000_000
    assert 0 < largest_file <= 300_000_000
    assert core == 0
    assert output.splitlines()[1] == "refused"
