"""The draw page without a browser: what it shows for what is drawn."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.config import PROJECT_FOLDER
from mnist_core.errors import ModelError
from pages.shared import resources
from tests.pages.classroom import put_on_shelf
from tests.pages.draw.drawn import BAR, BLOT, OTHER_BAR, drawn, line, sentences, show, text_read, texts


def test_blank_paper_says_what_to_do_and_reads_nothing(page: AppTest) -> None:
    assert not page.exception
    assert text_read(page) == ""
    assert "Write a number" in sentences(page)
    assert not any("dp-mark" in body for body in texts(page))


def test_marks_are_read_and_explained(page: AppTest) -> None:
    show(page, drawn(BAR, OTHER_BAR))
    assert text_read(page) == "11"
    assert "2 digits. Least clear: the 1, 99.1" in sentences(page)
    marks = next(body for body in texts(page) if "dp-marks" in body)
    assert marks.count("<section") == 2
    assert marks.count("data:image/png") == 8


def test_a_pen_too_thick_for_small_digits_is_named(page: AppTest) -> None:
    show(page, drawn(line((100, 100), (110, 100), (110, 110), (101, 109), width=24)))
    assert "a finer pen, or larger digits, would be read better" in sentences(page)
    show(page, drawn(BAR))
    assert "finer pen" not in sentences(page)


def test_refused_mark_is_told_and_left_out(page: AppTest) -> None:
    show(page, drawn(BAR, BLOT))
    assert text_read(page) == "1"
    assert "A sign after 1 was not read: it does not look like a digit." in sentences(page)


def test_drawing_loads_neither_pandas_nor_tensorflow() -> None:
    code = """
import sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("pages/draw/page.py", default_timeout=60).run()
assert not page.exception
print(*sys.modules)
"""
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True
    )
    assert not {"pandas", "pyarrow", "tensorflow"} & set(finished.stdout.split())


def test_missing_model_is_told_in_a_sentence(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ModelError("There is no file model.onnx: `git checkout -- models` brings it back.")

    monkeypatch.setattr(resources, "open_recognizer", missing)
    show(page, drawn(BAR))
    assert "model.onnx" in page.error[0].value


def test_page_shows_no_sentence_that_is_meant_for_programmers(page: AppTest) -> None:
    """Streamlit shows every string that stands alone in a page's script, the one below a constant too."""
    assert "share of a mark's longer side" not in sentences(page)


def test_refused_mark_has_no_bars_and_no_sign_to_take_for_a_minus(page: AppTest) -> None:
    show(page, drawn(BLOT))
    (card,) = [body for body in texts(page) if "dp-mark" in body]
    assert "dp-refused" in card
    assert "dp-bars" not in card
    assert "–" not in card
    assert "Not a digit" in card


def test_the_four_pictures_are_explained_in_visible_words(page: AppTest) -> None:
    show(page, drawn(BAR))
    (cards,) = [body for body in texts(page) if "dp-marks" in body]
    visible = cards.partition('<div class="dp-marks">')[0]
    for name in ("Your ink", "Even pen", "20 × 20", "28 × 28"):
        assert f"<b>{name}</b>: " in visible


def test_blank_paper_names_the_network_that_reads(page: AppTest) -> None:
    assert "Reading, by fake" in sentences(page)


def test_a_network_that_one_tries_reads_for_oneself(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    put_on_shelf(tmp_path, "ours")
    page.session_state["tried-model"] = "ours"
    page.run()
    assert "Reading, by ours, for you alone" in sentences(page)
    shutil.rmtree(tmp_path / "models" / "ours")
    page.run()
    assert "Reading, by fake" in sentences(page)
