"""Adds sketches of texts, by which near-duplicates are found; those of old articles come later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Makes the table of this version, and the column that says what has a sketch."""
    op.add_column("articles", sa.Column("compared", sa.Integer))
    op.create_table(
        "sketches",
        sa.Column("hash", sa.Integer, primary_key=True),
        sa.Column("article", sa.Text, sa.ForeignKey("articles.id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("sketches_article", "sketches", ["article"])
