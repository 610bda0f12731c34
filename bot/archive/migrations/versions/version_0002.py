"""Adds what is remembered of feeds between two fetches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables of this version."""
    op.create_table(
        "feeds",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("read_at", sa.Text, nullable=False),
    )
