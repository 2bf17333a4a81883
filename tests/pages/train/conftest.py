"""A home, a table and started runs for the tests of the training page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_core.config import AppPaths
from mnist_core.datasets.loading import load_dataset
from mnist_core.datasets.summary import describe_dataset
from mnist_core.training.train_config import TrainConfig
from tests.pages.classroom import small_table

SETTINGS = "pages.train.settings"
START = "pages.train.start"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a home without models or runs, on a machine without MNIST."""
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MNIST_DATA", str(tmp_path / "nothing"))
    return tmp_path / "home"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.npz"
    path.write_bytes(small_table(each=12))
    return path


@pytest.fixture
def with_cells(home: Path, table: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the small table stand in for MNIST."""
    summary = describe_dataset(load_dataset(str(table), AppPaths.from_environment()))
    monkeypatch.setattr(f"{SETTINGS}.summarize", lambda source, paths: summary)
    monkeypatch.setattr(f"{START}.can_train", lambda: True)
    return home


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[TrainConfig]]:
    """Collect what is started, and start nothing."""
    configs: list[TrainConfig] = []

    def start(config: TrainConfig, paths: AppPaths, who: str = "", expected_seconds: float = 0) -> str:
        configs.append(config)
        return "run"

    monkeypatch.setattr(f"{START}.start_training", start)
    return configs
