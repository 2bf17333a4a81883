"""The models page without a browser: the shelf, what can be done with it, and what is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.config import PROJECT_FOLDER, AppPaths
from mnist_core.errors import ModelError
from mnist_core.evaluation.activation import activate
from mnist_core.serving.visitors import Visitor
from mnist_core.storage.shelf import list_models
from tests.pages.classroom import put_on_shelf
from tests.pages.draw.drawn import BAR, drawn, show


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a home with one trained model, `ours`, on a machine without MNIST."""
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MNIST_DATA", str(tmp_path / "nothing"))
    put_on_shelf(tmp_path / "home", "ours")
    return tmp_path / "home"


def open_models() -> AppTest:
    page = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "models" / "page.py"), default_timeout=60).run()
    assert not page.exception
    return page


def names() -> list[str]:
    return [entry.name for entry in list_models(AppPaths.from_environment())]


def sentences(page: AppTest) -> str:
    elements = (*page.markdown, *page.caption, *page.error, *page.info, *page.success)
    return "\n".join(element.value for element in elements)


def test_shelf_shows_each_with_its_score_and_interval(home: Path) -> None:
    page = open_models()
    assert "## shipped" in sentences(page)
    assert "## ours" in sentences(page)
    assert "recipe quick, 22 November 2026, 12 seconds, 45,000 parameters" in sentences(page)
    assert page.button(key="activate-shipped").disabled


def test_card_and_evaluation_of_the_one_looked_at(home: Path) -> None:
    page = open_models()
    page.selectbox(key="look-closer").set_value("ours").run()
    assert "22 November 2026" in "".join(text.value for text in page.text)
    assert "drawn cells" in sentences(page)
    assert page.selectbox(key="confusion-square").value == (6, 0)


def test_shipped_one_without_mnist_still_shows_its_matrix(home: Path) -> None:
    page = open_models()
    page.selectbox(key="look-closer").set_value("shipped").run()
    assert "three ways to bring MNIST" in page.info[0].value
    assert page.get("vega_lite_chart")


def test_activate_and_back(home: Path) -> None:
    page = open_models()
    page.button(key="activate-ours").click().run()
    assert "ours is in use from now on" in page.success[0].value
    assert AppPaths.from_environment().active_model().name == "ours"
    page.button(key="back").click().run()
    assert AppPaths.from_environment().active_model().name == "shipped"


def test_remove_and_restore(home: Path) -> None:
    page = open_models()
    page.button(key="remove-ours").click().run()
    assert names() == ["shipped"]
    (restore,) = [button for button in page.button if (button.key or "").startswith("restore-")]
    restore.click().run()
    assert names() == ["shipped", "ours"]
    assert "back on the shelf" in page.success[0].value


def test_shipped_one_cannot_be_removed(home: Path) -> None:
    assert "remove-shipped" not in {button.key for button in open_models().button}


def test_name_and_note(home: Path) -> None:
    page = open_models()
    page.text_input(key="name-of-ours").set_value("class-7b")
    page.text_area(key="note-of-ours").set_value("Trained on <b>Tuesday</b>.")
    page.button(key="save-ours").click().run()
    assert not page.exception
    assert names() == ["shipped", "class-7b"]
    assert "Trained on <b>Tuesday</b>." in [text.value for text in page.text]


@pytest.mark.parametrize(
    "name", [pytest.param("shipped", id="taken"), pytest.param("No Such Name!", id="impossible")]
)
def test_name_that_can_not_be_is_refused(home: Path, name: str) -> None:
    page = open_models()
    page.text_input(key="name-of-ours").set_value(name)
    page.button(key="save-ours").click().run()
    assert page.error
    assert names() == ["shipped", "ours"]


def test_damaged_model_is_shown_as_such_and_the_rest_works(home: Path) -> None:
    put_on_shelf(home, "broken")
    (home / "models" / "broken" / "card.json").write_text("{", encoding="utf-8")
    page = open_models()
    assert "damaged" in page.error[0].value
    assert page.button(key="activate-broken").disabled
    page.selectbox(key="look-closer").set_value("broken").run()
    assert not page.exception
    page.button(key="remove-broken").click().run()
    assert names() == ["shipped", "ours"]


def test_damaged_pointer_leaves_the_shipped_network_reading(home: Path) -> None:
    (home / "active-model").write_text("../../etc", encoding="utf-8")
    page = open_models()
    assert not page.exception
    assert page.button(key="activate-shipped").disabled


def test_two_are_compared_on_the_same_cells(home: Path) -> None:
    put_on_shelf(home, "theirs", wrong=9)
    page = open_models()
    page.multiselect(key="compare").set_value(["ours", "theirs"]).run()
    assert not page.exception
    assert "McNemar" in sentences(page)
    assert "Draw something on the Draw page" in sentences(page)


def test_comparison_without_cells_is_told(home: Path) -> None:
    page = open_models()
    page.multiselect(key="compare").set_value(["shipped", "ours"]).run()
    assert not page.exception
    assert "can't be compared" in sentences(page)


def test_one_alone_is_not_compared(home: Path) -> None:
    page = open_models()
    page.button(key="remove-ours").click().run()
    assert "Train another network" in sentences(page)


def test_export_is_offered_once_it_is_checked(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "pages.models.shelf.export_bytes", lambda name, kind, paths, on_wait: asked.append(kind) or b"model"
    )
    page = open_models()
    page.button(key="export-ours-onnx").click().run()
    assert asked == ["onnx"]
    assert "export-save-ours-onnx" in {button.key for button in page.get("download_button")}


def test_export_that_fails_its_check_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise ModelError("What was exported does not read as ours does.")

    monkeypatch.setattr("pages.models.shelf.export_bytes", refuse)
    page = open_models()
    page.button(key="export-ours-zip").click().run()
    assert "does not read as ours does" in page.error[0].value


def test_last_drawing_is_read_by_each(home: Path, open_page: Callable[[str], AppTest]) -> None:
    drawing = show(open_page("draw").run(), drawn(BAR))
    page = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "models" / "page.py"), default_timeout=60)
    for key in ("drawing", "canvas-start", "canvas-paper"):  # what a change of page leaves of the session
        page.session_state[key] = drawing.session_state[key]
    page.run()
    assert not page.exception
    read = next(table.value for table in page.table if "Reading" in table.value)
    assert list(read["Network"]) == ["shipped", "ours"]
    assert list(read["Reading"]) == ["1", "1"]


def test_shipped_network_offers_no_note_that_it_would_refuse(home: Path) -> None:
    page = open_models()
    keys = [area.key for area in page.text_area]
    assert "note-of-ours" in keys
    assert "note-of-shipped" not in keys


def test_whoever_waits_for_an_export_is_told_how_many_are_ahead(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(name: str, kind: str, paths: AppPaths, on_wait: Callable[[int], None]) -> bytes:
        on_wait(2)
        raise ModelError("The queue is full.")

    monkeypatch.setattr("pages.models.shelf.export_bytes", wait)
    page = open_models()
    page.button(key="export-ours-keras").click().run()
    assert "2 exports before yours: one is made at a time." in sentences(page)
    assert page.error[0].value == "The queue is full."


def test_space_is_shown_and_what_was_removed_is_deleted_for_good(home: Path) -> None:
    page = open_models()
    assert page.button(key="space-removed").disabled
    page.button(key="remove-ours").click().run()
    page.button(key="space-removed").click().run()
    assert not page.exception
    assert "MB are free again" in page.success[0].value
    assert not list((home / "removed-models").glob("*"))
    assert page.button(key="space-removed").disabled


def test_removing_the_one_in_use_says_which_reads_instead(home: Path) -> None:
    activate("ours", AppPaths.from_environment())
    page = open_models()
    page.button(key="remove-ours").click().run()
    assert "ours is removed. It was in use: shipped reads from now on" in page.success[0].value


def test_a_network_is_tried_by_one_visitor_alone(home: Path) -> None:
    page = open_models()
    page.button(key="try-ours").click().run()
    assert page.session_state["tried-model"] == "ours"
    assert AppPaths.from_environment().active_model().name == "shipped"
    assert open_models().button(key="try-ours").label == "Try it yourself"
    page.button(key="try-ours").click().run()
    assert page.session_state["tried-model"] is None


def import_file(page: AppTest, name: str, content: bytes) -> AppTest:
    page.file_uploader(key="models-import-file").set_value(
        [(name, content, "application/octet-stream")]
    ).run()
    return page.button(key="models-import-start").click().run()


def test_a_network_is_imported_under_its_files_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bytes, str, str]] = []

    def take(content: bytes, kind: str, name: str, paths: AppPaths) -> str:
        asked.append((content, kind, name))
        return f"{name}-2"

    monkeypatch.setattr("pages.models.import_file.import_model", take)
    page = import_file(open_models(), "Our Net.onnx", b"network")
    assert asked == [(b"network", "onnx", "our-net")]
    assert "our\\-net\\-2 is on the shelf" in sentences(page)


def test_a_refused_import_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise ModelError("It has 2 inputs, not one.")

    monkeypatch.setattr("pages.models.import_file.import_model", refuse)
    assert "It has 2 inputs, not one." in sentences(import_file(open_models(), "x.onnx", b"network"))


def test_a_stranger_imports_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.shared.visitor.current_visitor", lambda: Visitor(is_at_this_computer=False))
    page = open_models()
    assert page.file_uploader(key="models-import-file").disabled
    assert page.button(key="models-import-start").disabled
    assert "only at the computer" in page.button(key="models-import-start").help
