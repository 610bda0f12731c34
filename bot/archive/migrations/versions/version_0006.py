"""Adds deliveries of editions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Makes the tables of this version."""
    op.create_table(
        "deliveries",
        sa.Column("edition", sa.Text, primary_key=True),
        sa.Column("destination", sa.Text, primary_key=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("unknown", sa.Integer, nullable=False),
        sa.Column("served", sa.Text, nullable=False),
        sa.Column("planned_at", sa.Text, nullable=False),
        sa.Column("tried_at", sa.Text),
        sa.Column("next_at", sa.Text),
        sa.Column("ended_at", sa.Text),
        sa.Column("message", sa.Text, nullable=False),
    )
    op.create_index("deliveries_state", "deliveries", ["state"])
