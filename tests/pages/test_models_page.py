"""The models page: a card shown, a missing or broken one told."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.config import DIGIT_CLASSES, PROJECT_FOLDER
from mnist_core.keeping.cards import CurvePoint, ModelCard, Score, TrainingData, save_card

CARD = ModelCard(
    name="ours",
    recipe="quick",
    created="2026-11-22T14:05:00+00:00",
    seed=1,
    settings={"epochs": 2},
    data=(TrainingData("MNIST", "ab" * 32, 57000),),
    versions={"keras": "3"},
    parameters=45_000,
    multiply_adds=2_600_000,
    scores=(Score("MNIST test cells", 9950, 10000), Score("nothing", 0, 0)),
    confusion_matrix=tuple(
        tuple(980 if i == j else (i + j) % 3 for j in range(DIGIT_CLASSES)) for i in range(10)
    ),
    curves=(CurvePoint(1, 0.3, 0.9, 0.2, 0.95, 12.0), CurvePoint(2, 0.2, 0.95, 0.1, 0.98, 12.0)),
    digitness_threshold=None,
    temperature=1.0,
    training_seconds=24.0,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a home whose active model is `ours`, still without files."""
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    (tmp_path / "active-model").write_text("ours", encoding="utf-8")
    folder = tmp_path / "models" / "ours"
    folder.mkdir(parents=True)
    return folder


def open_models() -> AppTest:
    page = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "models.py"), default_timeout=60).run()
    assert not page.exception
    return page


def test_card_is_shown(folder: Path) -> None:
    save_card(CARD, folder / "card.json")
    page = open_models()
    assert page.metric[0].label == "MNIST test cells"
    assert page.metric[0].value == "99.50\u202f%"
    assert "22 November 2026" in page.text[0].value
    assert list(page.table[0].value["Right"]) == ["9,950", "0"]
    assert len(page.get("vega_lite_chart")) == 3


def test_missing_card_is_told(folder: Path) -> None:
    assert "card.json" in open_models().error[0].value


def test_broken_card_is_told(folder: Path) -> None:
    (folder / "card.json").write_text("{", encoding="utf-8")
    assert "damaged" in open_models().error[0].value


def test_pointer_to_an_impossible_name_is_told(folder: Path) -> None:
    (folder.parent.parent / "active-model").write_text("../../etc", encoding="utf-8")
    assert "can't be a model's name" in open_models().error[0].value
