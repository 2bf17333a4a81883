"""The database of classes: a SQLite file, or PostgreSQL; opened, and brought to the newest tables.

What a commit has answered for survives the end of the process and of the machine: SQLite in WAL mode with
`synchronous=FULL`, PostgreSQL by its own default.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from mnist_core.errors import ClassroomError
from mnist_core.storage.locks import locked

_MIGRATIONS = Path(__file__).with_name("migrations")
_BUSY_MS = 10_000
"""So long a write waits for others; each takes about a millisecond."""
_READS = "mnist_core_reads"
"""An option of our own: no transaction is begun."""
_UPGRADE_LOCK = 7_130_419
"""A number of our own among PostgreSQL's advisory locks."""
_POSTGRES_CONNECTIONS, _MORE_CONNECTIONS = 8, 12
"""Kept open, and opened for a rush; PostgreSQL has 100 for everyone."""


class ClassDatabase:
    """An open database; used from several threads at once."""

    def __init__(self, engine: Engine) -> None:
        """Wrap an engine; `ClassDatabase.open` is the way to one."""
        self._engine = engine
        # SQLite's own driver commits by itself where no transaction was begun: see `_sqlite_engine`.
        self._reading = engine.execution_options(
            **({_READS: True} if self._is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )

    @classmethod
    def open(cls, address: str) -> "ClassDatabase":
        """Open a database, make it where there is none, and bring its tables up to date.

        Args:
            address: as SQLAlchemy writes them: "sqlite:////srv/class.sqlite3", "postgresql://me@host/name".
        Raises:
            ClassroomError: it can't be reached, or a newer version of this app has made it.
        """
        url = _parse(address)
        engine = _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgres_engine(url)
        try:
            with _one_upgrades(url), engine.connect() as connection:
                _upgrade(connection)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            engine.dispose()
            raise ClassroomError(
                "The database of classes can't be opened. Is DATABASE_URL right, and does the database run?",
                f"database: {type(error).__name__}",
            ) from error
        except ClassroomError:
            engine.dispose()
            raise
        return cls(engine)

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Change the database in one step: all that the block does, or, if it raises, nothing.

        Raises:
            ClassroomError: the database could not be written to.
        """
        with _in_words(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Read from the database.

        Raises:
            ClassroomError: the database could not be read.
        """
        with _in_words(), self._reading.connect() as connection:
            yield connection

    def bytes_used(self) -> int:
        """Return how large the database is on the disk."""
        query = (
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            if self._is_sqlite
            else "SELECT pg_database_size(current_database())"
        )
        with self.looking() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def forget_deleted(self) -> bool:
        """Write the database anew without what was deleted, and empty the log of what was written.

        Returns:
            Whether nothing of it is left; False where somebody was reading for ten seconds.
        """
        with self.looking() as connection:
            if not self._is_sqlite:
                connection.execute(text("VACUUM FULL"))
                return True
            connection.execute(text("VACUUM"))
            busy: int = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
            return not busy

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @property
    def _is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise ClassroomError(
            "The database of classes does not answer just now. Try it again in a moment.",
            f"database: {type(error.orig).__name__}",
        ) from error


def _parse(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise ClassroomError("DATABASE_URL is no address of a database.", "no address") from error
    if url.get_backend_name() in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database:
        return url
    raise ClassroomError("DATABASE_URL names neither a SQLite file nor PostgreSQL.", "another database")


def _sqlite_engine(url: URL) -> Engine:
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def set_up(connection: object, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # At once, for writing: one that begins by reading could not go on to write once another has written.
        if not connection.get_execution_options().get(_READS):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgres_engine(url: URL) -> Engine:
    return create_engine(
        url, pool_size=_POSTGRES_CONNECTIONS, max_overflow=_MORE_CONNECTIONS, pool_pre_ping=True
    )


def _one_upgrades(url: URL) -> AbstractContextManager[None]:
    """Let one process at a time make or change the tables of a SQLite file."""
    if url.get_backend_name() != "sqlite":
        return nullcontext()
    path = Path(url.database or "")
    return locked(path.with_name(f"{path.name}.lock"))


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _UPGRADE_LOCK})
        script = ScriptDirectory.from_config(config)
        known = {revision.revision for revision in script.walk_revisions()}
        present = set(MigrationContext.configure(connection).get_current_heads())
        if present - known:
            raise ClassroomError(
                "A newer version of this app has made the database of classes: this version can't read it. "
                "Start the newer one, or set DATABASE_URL or DIGITS_HOME to another place.",
                "newer database",
            )
        if present != set(script.get_heads()):
            command.upgrade(config, "head")
