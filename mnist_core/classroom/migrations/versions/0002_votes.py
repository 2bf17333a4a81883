"""Adds drawings that are to fool the network, and what others vote they are."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Mark such drawings, and make the table of votes."""
    op.add_column(
        "drawings", sa.Column("is_challenge", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "votes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("drawing_id", _ID, nullable=False),
        sa.Column("member_id", _ID, nullable=False),
        sa.Column("vote", sa.String(40), nullable=False),
        sa.Column("voted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_votes"),
        sa.ForeignKeyConstraint(
            ["drawing_id"], ["drawings.id"], name="fk_votes_drawing_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_votes_member_id", ondelete="CASCADE"),
        sa.UniqueConstraint("drawing_id", "member_id", name="uq_votes_drawing_id_member_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_votes_member_id", "votes", ["member_id"])
