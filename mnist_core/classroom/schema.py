"""The tables of the database, as the newest migration leaves them.

Moments are milliseconds since 1970 (UTC), alike in SQLite and PostgreSQL. Nothing here says who somebody is:
a member has a name made up by the server, and the hash of a token that only their browser has. A number that
is gone (`sqlite_autoincrement`) comes to nobody else.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=_NAMES)

_ID = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself for INTEGER alone

classes = Table(
    "classes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("code", String(8), nullable=False, unique=True),
    Column("opened_at", BigInteger, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("is_paused", Boolean, nullable=False),
    Column("keep_until", BigInteger, nullable=False),
    Column("task", String(40), nullable=False),  # what is asked: see tasks.py
    Column("task_number", Integer, nullable=False),  # how often something else was asked
    Column("version", Integer, nullable=False),  # grows with every change, so that a wall knows of it cheaply
    sqlite_autoincrement=True,
)

members = Table(
    "members",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("class_id", _ID, ForeignKey("classes.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("name", String(40), nullable=False),
    Column("joined_at", BigInteger, nullable=False),
    UniqueConstraint("class_id", "name"),
    sqlite_autoincrement=True,
)

drawings = Table(
    "drawings",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("class_id", _ID, ForeignKey("classes.id", ondelete="CASCADE"), nullable=False),
    Column("member_id", _ID, ForeignKey("members.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("sent_at", BigInteger, nullable=False),
    Column("task_number", Integer, nullable=False),
    Column("strokes", Text, nullable=False),  # JSON: see stroke_text.py
    Column("height", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("asked", String(40), nullable=False),  # "" where nothing was
    Column("reading", String(200), nullable=False),
    Column("confidence", Float, nullable=False),  # of the least certain digit; 0 where none was read
    Column("model", String(64), nullable=False),
    Column("cells", LargeBinary, nullable=False),  # 784 bytes a digit of the reading
    Column("corrected", String(40), nullable=True),
    Column("state", String(8), nullable=False),  # new, accepted or hidden
    Column("revision", Integer, nullable=False),  # grows with every review
    Column("is_challenge", Boolean, nullable=False, server_default=false()),  # drawn to fool the network
    Index(None, "class_id", "id"),
    sqlite_autoincrement=True,
)

votes = Table(
    "votes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("drawing_id", _ID, ForeignKey("drawings.id", ondelete="CASCADE"), nullable=False),
    Column("member_id", _ID, ForeignKey("members.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("vote", String(40), nullable=False),  # the digits that a member reads in the drawing
    Column("voted_at", BigInteger, nullable=False),
    UniqueConstraint("drawing_id", "member_id"),
    sqlite_autoincrement=True,
)
