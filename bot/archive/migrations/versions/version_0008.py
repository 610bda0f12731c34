"""Adds what later editions said of a told claim: that it changed, was corrected, or withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Makes the table of this version."""
    op.create_table(
        "edition_amendments",
        sa.Column("edition", sa.Integer, sa.ForeignKey("editions.id"), primary_key=True),
        sa.Column("told", sa.Integer, primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
    )
    op.create_index("edition_amendments_standing", "edition_amendments", ["standing"])
