"""The page /inside with the shipped model, opened once a test."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.config import PROJECT_FOLDER


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    monkeypatch.setenv("MNIST_DATA", str(tmp_path))  # none there
    path = PROJECT_FOLDER / "pages" / "inside" / "page.py"
    return AppTest.from_file(str(path), default_timeout=30).run()
