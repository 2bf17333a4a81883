"""What all visitors share: the model, opened once."""

import os
from pathlib import Path

import pytest

from mnist_core.config import ModelFiles
from mnist_core.reading.recognizer import Recognizer
from pages.shared import resources


def test_recognizer_is_shared_until_its_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_recognizer: Recognizer
) -> None:
    opened: list[ModelFiles] = []

    def open_files(files: ModelFiles) -> Recognizer:
        opened.append(files)
        return fake_recognizer

    files = ModelFiles(tmp_path / "models" / "ours")
    files.folder.mkdir(parents=True)
    files.onnx.write_bytes(b"one")
    (tmp_path / "active-model").write_text("ours", encoding="utf-8")
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    monkeypatch.setattr(Recognizer, "open", staticmethod(open_files))
    resources.open_recognizer()
    resources.open_recognizer()
    assert len(opened) == 1
    os.utime(files.onnx, ns=(1, 1))
    resources.open_recognizer()
    assert len(opened) == 2
