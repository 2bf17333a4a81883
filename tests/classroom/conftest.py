"""Databases of classes to test with: SQLite, and PostgreSQL where it is installed."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from mnist_core.classroom.classes import SchoolClass, open_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import SentDrawing
from mnist_core.classroom.members import Member, join_class
from mnist_core.reading.recognizer import Recognizer
from tests.classroom.postgres import find_tools, running_cluster
from tests.drawings import strokes_of

_NUMBERS = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Run PostgreSQL for all tests, and give its address up to the database's name."""
    tools = find_tools()
    if tools is None:
        pytest.skip("PostgreSQL is not installed: on Debian, apt-get install postgresql")
    with running_cluster(tools) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'classes.sqlite3'}"
        return
    cluster = request.getfixturevalue("postgres")
    name = f"test{next(_NUMBERS)}"
    server = create_engine(f"{cluster}/postgres".replace(":", "+psycopg:", 1), isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield f"{cluster}/{name}"
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        server.dispose()


@pytest.fixture
def database(address: str) -> Iterator[ClassDatabase]:
    database = ClassDatabase.open(address)
    yield database
    database.close()


@pytest.fixture
def school_class(database: ClassDatabase) -> SchoolClass:
    return open_class(database)


@pytest.fixture
def member(database: ClassDatabase, school_class: SchoolClass) -> Member:
    return join_class(database, school_class.id)[0]


@pytest.fixture
def sent(fake_recognizer: Recognizer) -> Callable[..., SentDrawing]:
    """Give a function that has a shape drawn and read; the fake network reads a bar as 1, a ring as 0."""

    def make(shape: str = "0", asked: str = "", **more: object) -> SentDrawing:
        strokes = strokes_of(shape)
        reading = fake_recognizer.read_strokes(strokes, 280, 280)
        return SentDrawing(strokes, 280, 280, reading, "fake", asked, **more)  # type: ignore[arg-type]

    return make
