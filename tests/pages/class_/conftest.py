"""The class page without a browser: a teacher's, pupils', and a database of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.classroom.classes import SchoolClass, list_classes
from mnist_core.classroom.database import ClassDatabase
from mnist_core.config import PROJECT_FOLDER
from mnist_core.reading.recognizer import Recognizer
from mnist_core.serving.visitors import Visitor
from pages.class_ import audience, member
from pages.shared import class_database, resources, visitor
from tests.pages.draw.drawn import drawn

Pupil = Callable[[], AppTest]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_recognizer: Recognizer) -> Iterator[Path]:
    """Give each test a home, a fake network, and a server that nobody has visited."""
    monkeypatch.setenv("DIGITS_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(resources, "open_recognizer", lambda: fake_recognizer)
    monkeypatch.setattr(member, "_WRONG_CODES", member.WrongCodes())
    yield tmp_path
    class_database._open.clear()
    audience._SESSIONS.clear()


@pytest.fixture
def database() -> ClassDatabase:
    return class_database.open_class_database()


class Door:
    """Says who looks at the page: a pupil is a stranger, and comes from elsewhere."""

    is_at_this_computer = True


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    door = Door()
    monkeypatch.setattr(visitor, "current_visitor", lambda: Visitor(door.is_at_this_computer))
    return door


def open_page() -> AppTest:
    page = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "class_" / "page.py"), default_timeout=30)
    return page.run()


@pytest.fixture
def teacher() -> AppTest:
    """Give the page of a teacher who has opened a class."""
    page = open_page()
    page.button(key="class-open").click().run()
    assert not page.exception
    return page


@pytest.fixture
def school_class(teacher: AppTest, database: ClassDatabase) -> SchoolClass:
    return list_classes(database)[0]


@pytest.fixture
def join(school_class: SchoolClass) -> Pupil:
    """Give a function that has a new pupil join the class."""

    def join_as_new_pupil() -> AppTest:
        page = open_page()
        page.text_input(key="class-join-code").set_value(school_class.code)
        press_join(page)
        assert not page.exception
        return page

    return join_as_new_pupil


def press_join(page: AppTest) -> None:
    next(button for button in page.button if button.label == "Join").click().run()


def send(page: AppTest, *strokes: object) -> AppTest:
    """Draw strokes on a pupil's paper and send them."""
    page.session_state["canvas"] = drawn(*strokes)
    page.button(key="class-send").click().run()
    assert not page.exception
    return page


def headers(page: AppTest) -> list[str]:
    return [element.value for element in page.header]


def errors(page: AppTest) -> list[str]:
    return [element.value for element in page.error]


def markup(page: AppTest) -> str:
    return "\n".join(element.body for element in page.get("html"))
