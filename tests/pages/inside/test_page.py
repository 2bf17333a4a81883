"""The walk without a browser: what each step says about the digit that was drawn."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.config import SHIPPED_FOLDER, ModelFiles
from mnist_core.reading.recognizer import Recognizer
from pages.inside.steps import STEPS
from pages.shared import resources
from tests.pages.inside.walk import drawing_of, painted, sentences, show


def test_every_step_opens_without_a_complaint(page: AppTest) -> None:
    for step in STEPS:
        show(page, drawing_of("7"), step.name)
        assert step.sentence in sentences(page)
        assert not page.error
        assert "It reads **7**" in sentences(page)


def test_without_a_drawing_an_example_is_shown(page: AppTest) -> None:
    assert "An example, until you draw" in sentences(page)


def test_the_last_of_several_digits_is_shown_until_another_is_chosen(page: AppTest) -> None:
    show(page, drawing_of("2", "7"), "pixels")
    assert "It reads **7**" in sentences(page)
    page.segmented_control(key="inside-mark").set_value(0).run()
    assert "It reads **2**" in sentences(page)
    show(page, drawing_of("3"), "pixels")
    assert "It reads **3**" in sentences(page)


def test_the_buttons_lead_from_step_to_step(page: AppTest) -> None:
    for step in STEPS[1:]:
        page.button(key="inside-next-step").click().run()
        assert step.sentence in sentences(page)
    page.button(key="inside-back-step").click().run()
    assert STEPS[-2].sentence in sentences(page)
    page.button(key="inside-open-pixels").click().run()
    assert STEPS[0].sentence in sentences(page)


def test_a_step_left_out_is_named_and_changes_the_cell(page: AppTest) -> None:
    show(page, drawing_of("1"), "pixels")
    before = painted(page)["cell"]
    page.segmented_control(key="inside-ablation").set_value("Not inverted").run()
    assert "Paper counts as ink" in sentences(page)
    assert painted(page)["cell"] != before


def test_a_stroke_sends_less_than_45_kb_in_every_step(page: AppTest) -> None:
    for step in STEPS:
        show(page, drawing_of("8"), step.name)
        sent = sum(
            len(element.proto.SerializeToString())
            for element in page.get("bidi_component")
            if element.proto.component_name == "digit_playground_inside"
        )
        assert sent < 45_000


@pytest.fixture
def unlabelled_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelFiles:
    """The shipped network without its probe, as a model of an older version is."""
    files, shipped = ModelFiles(tmp_path / "old"), ModelFiles(SHIPPED_FOLDER)
    files.folder.mkdir()
    shutil.copy(shipped.onnx, files.onnx)
    shutil.copy(shipped.card, files.card)
    recognizer = Recognizer.open(files)
    monkeypatch.setattr(resources, "open_recognizer", lambda: recognizer)
    return files


def test_a_model_without_a_probe_offers_to_make_one(page: AppTest, unlabelled_model: ModelFiles) -> None:
    show(page, drawing_of("7"), "filters")
    assert "no file of its activations" in sentences(page)
    assert page.button(key="inside-make-probe")


def test_a_probe_of_another_network_is_not_shown(
    page: AppTest, unlabelled_model: ModelFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(ModelFiles(SHIPPED_FOLDER).probe, unlabelled_model.probe)
    shutil.copy(ModelFiles(SHIPPED_FOLDER).gradient, unlabelled_model.gradient)
    recognizer = Recognizer.open(unlabelled_model)
    right = recognizer.probabilities
    monkeypatch.setattr(recognizer, "probabilities", lambda cells: right(cells)[:, ::-1])
    monkeypatch.setattr(resources, "open_recognizer", lambda: recognizer)
    show(page, drawing_of("7"), "filters")
    assert "no file of its activations" in sentences(page)
