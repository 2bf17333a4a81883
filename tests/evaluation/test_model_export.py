import io
import json
import os
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import onnxruntime
import pytest

from mnist_core.config import AppPaths
from mnist_core.errors import ModelError
from mnist_core.evaluation import model_export
from mnist_core.evaluation.model_export import export_bytes, export_model
from tests.shelved_models import shelve, write_network


@pytest.fixture
def paths(tmp_path):
    return AppPaths(home=tmp_path, mnist=None)


@pytest.fixture
def without_keras(monkeypatch):
    monkeypatch.setattr(model_export, "_require_keras_agrees", lambda files, paths, on_wait: None)


def test_onnx_is_what_reads(paths):
    files = shelve("ours", paths)
    content = export_bytes("ours", "onnx", paths)
    assert content == files.onnx.read_bytes()
    assert onnxruntime.InferenceSession(content).get_inputs()[0].name == "cells"


def test_a_zip_holds_model_and_card(paths, without_keras):
    files = shelve("ours", paths)
    content = export_bytes("ours", "zip", paths)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["ours/card.json", "ours/model.keras", "ours/model.onnx"]
        assert json.loads(archive.read("ours/card.json"))["name"] == "ours"
        assert archive.read("ours/model.keras") == files.keras.read_bytes()
    assert content == export_bytes("ours", "zip", paths)


def test_the_ending_says_what_is_written(paths, tmp_path, without_keras):
    shelve("ours", paths)
    export_model("ours", tmp_path / "a.ONNX", paths)
    export_model("ours", tmp_path / "a.keras", paths)
    assert (tmp_path / "a.keras").read_bytes() == paths.model("ours").keras.read_bytes()


def test_impossible_exports_are_told(paths, tmp_path):
    shelve("ours", paths)
    with pytest.raises(ModelError, match="not as h5"):
        export_bytes("ours", "h5", paths)
    with pytest.raises(ModelError, match="no model 'theirs'"):
        export_bytes("theirs", "onnx", paths)
    with pytest.raises(ModelError, match="can't be written: no such"):
        export_model("ours", tmp_path / "gone" / "a.onnx", paths)


def test_a_damaged_model_is_not_given_away(paths):
    write_network(shelve("ours", paths).onnx)
    with pytest.raises(ModelError, match="not the network that its card is about"):
        export_bytes("ours", "onnx", paths)


@pytest.mark.slow
def test_keras_loads_what_is_given_away_and_agrees(paths, monkeypatch):
    files = shelve("ours", paths)
    assert export_bytes("ours", "keras", paths) == files.keras.read_bytes()

    def never(*arguments, **settings):
        raise AssertionError("compared a second time")

    with monkeypatch.context() as patch:
        patch.setattr(model_export.subprocess, "run", never)
        export_bytes("ours", "zip", paths)
    files.keras.write_bytes(b"no weights")
    with pytest.raises(ModelError, match=r"can't load model\.keras"):
        export_bytes("ours", "keras", paths)


@pytest.fixture
def comparisons(monkeypatch):
    """Give the models that were compared, with a comparison that takes a moment and no tensorflow."""
    done, running = [], []

    def compare(files):
        running.append(files.name)
        assert len(running) == 1, "two at a time"
        time.sleep(0.05)
        done.append(running.pop())

    monkeypatch.setattr(model_export, "_compare_in_own_process", compare)
    return done


def test_six_who_want_one_model_at_once_cost_one_comparison(paths, comparisons):
    shelve("ours", paths)
    with ThreadPoolExecutor(6) as pool:
        contents = list(pool.map(lambda _: export_bytes("ours", "keras", paths), range(6)))
    assert comparisons == ["ours"]
    assert len(set(contents)) == 1


def test_models_are_compared_one_at_a_time(paths, comparisons):
    names = ["ours", "theirs", "another"]
    for number, name in enumerate(names):
        shelve(name, paths).keras.write_bytes(bytes([number]))
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda name: export_bytes(name, "keras", paths), names))
    assert sorted(comparisons) == sorted(names)


def test_garbage_in_the_record_of_comparisons_means_compare_again(paths, comparisons):
    shelve("ours", paths)
    paths.home.mkdir(exist_ok=True)
    (paths.home / "compared-models").write_bytes(b"\xff\xfe\0garbage\n")
    for _ in range(2):
        export_bytes("ours", "keras", paths)
    assert comparisons == ["ours"]


def test_a_zip_names_the_model_as_its_folder_does(paths, without_keras):
    """Whoever was killed while renaming it has left the old name in its card."""
    shelve("ours", paths)
    os.rename(paths.model("ours").folder, paths.model("theirs").folder)
    with zipfile.ZipFile(io.BytesIO(export_bytes("theirs", "zip", paths))) as archive:
        assert json.loads(archive.read("theirs/card.json"))["name"] == "theirs"


def test_a_model_is_checked_once_for_what_its_files_hold(paths, monkeypatch):
    checked = []
    monkeypatch.setattr(model_export, "require_sound", lambda files: checked.append(files.name))
    files = shelve("ours", paths)
    for _ in range(3):
        export_bytes("ours", "onnx", paths)
    assert checked == ["ours"]
    files.keras.write_bytes(b"other weights")
    export_bytes("ours", "onnx", paths)
    assert checked == ["ours", "ours"]


@pytest.mark.slow
def test_a_litert_file_is_converted_and_compared(tmp_path):
    content = export_bytes("shipped", "tflite", AppPaths(tmp_path, None))
    assert content[4:8] == b"TFL3"
    assert len(content) > 1_000_000
