"""Makes the first tables: classes, members, drawings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, as they were at first: schema.py says how they are now."""
    op.create_table(
        "classes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("keep_until", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.String(40), nullable=False),
        sa.Column("task_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_classes"),
        sa.UniqueConstraint("code", name="uq_classes_code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "members",
        sa.Column("id", _ID, nullable=False),
        sa.Column("class_id", _ID, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name="fk_members_class_id", ondelete="CASCADE"),
        sa.UniqueConstraint("token_hash", name="uq_members_token_hash"),
        sa.UniqueConstraint("class_id", "name", name="uq_members_class_id_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_members_class_id", "members", ["class_id"])
    op.create_table(
        "drawings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("class_id", _ID, nullable=False),
        sa.Column("member_id", _ID, nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("task_number", sa.Integer(), nullable=False),
        sa.Column("strokes", sa.Text(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(40), nullable=False),
        sa.Column("reading", sa.String(200), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.Column("corrected", sa.String(40), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_drawings"),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name="fk_drawings_class_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name="fk_drawings_member_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_drawings_class_id_id", "drawings", ["class_id", "id"])
    op.create_index("ix_drawings_member_id", "drawings", ["member_id"])
