"""A class's digits as training data, without a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.classroom.classes import open_class
from mnist_core.classroom.drawings import SentDrawing, send_drawing
from mnist_core.classroom.members import join_class
from mnist_core.config import AppPaths
from mnist_core.datasets.loading import load_dataset
from mnist_core.datasets.stored_tables import list_tables
from mnist_core.reading.recognizer import Recognizer
from mnist_core.serving.visitors import Visitor
from pages.shared import class_database, visitor
from pages.train import our_class
from tests.drawings import strokes_of


def chooser() -> None:
    """Show where a class is chosen, and what came of it."""
    import streamlit as st

    from pages.shared.resources import app_paths
    from pages.train.our_class import choose_class

    st.text(choose_class(app_paths()) or "nothing")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_recognizer: Recognizer) -> Iterator[AppTest]:
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(our_class, "open_recognizer", lambda: fake_recognizer)
    yield AppTest.from_function(chooser, default_timeout=30)
    class_database._open.clear()


@pytest.fixture
def draw_class(fake_recognizer: Recognizer) -> Callable[[int], str]:
    """Give a function that has four pupils draw each digit some times; it gives the class's code."""

    def draw(times: int) -> str:
        database = class_database.open_class_database()
        school_class = open_class(database)
        for _ in range(4):
            member, _ = join_class(database, school_class.id)
            for digit in "0123456789" * times:
                strokes = strokes_of(digit)
                reading = fake_recognizer.read_strokes(strokes, 280, 280)
                send_drawing(database, member, SentDrawing(strokes, 280, 280, reading, "fake", digit))
        return school_class.code

    return draw


def test_without_a_class_it_says_where_one_is_opened(page: AppTest):
    assert "open one on the Class page" in page.run().markdown[0].value


def test_a_class_is_taken_with_hands_held_out(page: AppTest, draw_class, tmp_path: Path):
    code = draw_class(4)
    page.run()
    words = page.markdown[0].value
    assert words.startswith("120 digits of 3 hands to learn from, 40 of 1 other hands to test on.")
    assert page.text[0].value == "nothing"
    page.button(key="train-class-take").click().run()
    paths = AppPaths(tmp_path, None)
    (table,) = list_tables(paths)
    assert table.name == f"class-{code}.npz"
    assert page.text[0].value == str(table.path)
    dataset = load_dataset(str(table.path), paths)
    assert (len(dataset.train), len(dataset.test)) == (120, 40)


def test_too_few_digits_are_refused_in_words(page: AppTest, draw_class, tmp_path: Path):
    draw_class(1)
    page.run().button(key="train-class-take").click().run()
    assert not page.exception
    assert page.error
    assert not list_tables(AppPaths(tmp_path, None))


def test_a_stranger_takes_no_digits(
    page: AppTest, draw_class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    draw_class(4)
    page.run()
    monkeypatch.setattr(visitor, "current_visitor", lambda: Visitor(False))
    page.button(key="train-class-take").click().run()
    assert not list_tables(AppPaths(tmp_path, None))
    assert page.text[0].value == "nothing"
