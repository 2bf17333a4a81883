"""The database: made, upgraded, refused; what outlasts a deletion."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from mnist_core.classroom import database as database_module
from mnist_core.classroom.classes import list_classes, open_class
from mnist_core.classroom.database import ClassDatabase
from mnist_core.classroom.drawings import class_drawings
from mnist_core.classroom.schema import metadata
from mnist_core.errors import ClassroomError


def engine_of(address: str):
    return create_engine(address.replace("postgresql:", "postgresql+psycopg:", 1))


def upgrade(address: str, revision: str) -> None:
    """Bring an empty database to an older state."""
    config = Config()
    config.set_main_option("script_location", str(Path(database_module.__file__).with_name("migrations")))
    engine = engine_of(address)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def execute(address: str, *statements: str) -> None:
    engine = engine_of(address)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_the_migrations_make_the_tables_that_the_code_knows(address: str):
    ClassDatabase.open(address).close()
    engine = engine_of(address)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_an_older_database_is_upgraded_with_what_is_in_it(address: str):
    upgrade(address, "0001")
    no_bytes = "x''" if address.startswith("sqlite") else "''::bytea"
    execute(
        address,
        "INSERT INTO classes VALUES (1, 'ABCDEF', 1, true, false, 9, 'digit:7', 1, 5)",
        f"INSERT INTO members VALUES (1, 1, {no_bytes}, 'Curious Otter', 2)",
        "INSERT INTO drawings VALUES (1, 1, 1, 3, 1, '{\"strokes\":[]}', 9, 9, '7', '1', 0.5, 'm', "
        f"{no_bytes}, '7', 'accepted', 1)",
    )
    database = ClassDatabase.open(address)
    (school_class,) = list_classes(database)
    (drawing,) = class_drawings(database, 1)
    database.close()
    assert (school_class.code, school_class.members, school_class.task.digits) == ("ABCDEF", 1, "7")
    assert (drawing.member, drawing.truth, drawing.reading, drawing.is_challenge) == (
        "Curious Otter",
        "7",
        "1",
        False,
    )


def test_a_database_of_a_newer_version_is_refused_in_words_and_left_as_it_is(address: str):
    ClassDatabase.open(address).close()
    execute(address, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ClassroomError, match="newer version of this app"):
        ClassDatabase.open(address)
    execute(address, "UPDATE alembic_version SET version_num = '0002'")
    ClassDatabase.open(address).close()


def test_what_a_block_changed_before_it_raised_is_not_there(database: ClassDatabase):
    def change_and_raise() -> None:
        with database.changing() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            raise LookupError

    with pytest.raises(LookupError):
        change_and_raise()
    with database.looking() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()


def test_it_grows_by_what_is_in_it(database: ClassDatabase):
    before = database.bytes_used()
    for _ in range(20):
        open_class(database)
    assert database.bytes_used() >= before > 0


@pytest.mark.parametrize(
    "address",
    ["nonsense", "mysql://localhost/digits", "sqlite://", "postgresql://nobody@127.0.0.1:1/digits"],
)
def test_an_address_that_is_none_is_refused_in_words(address: str):
    with pytest.raises(ClassroomError, match="DATABASE_URL") as refused:
        ClassDatabase.open(address)
    assert "nobody@" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path):
    path = tmp_path / "classes.sqlite3"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(ClassroomError, match="can't be opened"):
        ClassDatabase.open(f"sqlite:///{path}")


def test_sqlite_commits_to_the_disk_and_overwrites_what_is_deleted(tmp_path: Path):
    database = ClassDatabase.open(f"sqlite:///{tmp_path / 'new' / 'classes.sqlite3'}")
    with database.looking() as connection:
        settings = [
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    database.close()
    assert settings == ["wal", 2, 1, 1]
