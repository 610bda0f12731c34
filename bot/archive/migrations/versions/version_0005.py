"""Adds editions of standing briefings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the tables of this version."""
    op.create_table(
        "standing",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("seen_at", sa.Text, nullable=False),
    )
    _create_editions()
    _create_failures()
    _create_articles()
    _create_claims()
    _create_stories()
    op.create_table(
        "edition_days",
        sa.Column("edition", sa.Integer, sa.ForeignKey("editions.id"), primary_key=True),
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("published", sa.Integer, nullable=False),
        sa.Column("named", sa.Integer, nullable=False),
    )
    op.create_index("edition_days_standing", "edition_days", ["standing"])


def _create_editions() -> None:
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("missed", sa.Text, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("beat", sa.Float),
        sa.Column("begun_at", sa.Text, nullable=False),
        sa.Column("next_try_at", sa.Text),
        sa.Column("finished_at", sa.Text),
        sa.Column("delivered_at", sa.Text),
        sa.Column("late", sa.Integer, nullable=False),
        sa.Column("until", sa.Text),
        sa.Column("draft", sa.Text),
        sa.Column("edition", sa.Text),
        sa.UniqueConstraint("standing", "slot"),
        sa.UniqueConstraint("standing", "number"),
    )


def _create_failures() -> None:
    op.create_table(
        "edition_failures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
    )
    op.create_index("edition_failures_slot", "edition_failures", ["standing", "slot"])


def _create_articles() -> None:
    op.create_table(
        "edition_articles",
        sa.Column("standing", sa.Text, primary_key=True),
        sa.Column("article", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("edition", sa.Integer, sa.ForeignKey("editions.id"), nullable=False),
    )


def _create_claims() -> None:
    op.create_table(
        "edition_claims",
        sa.Column("edition", sa.Integer, sa.ForeignKey("editions.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("story", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("day", sa.Text),
        sa.Column("citation", sa.Text),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_index("edition_claims_number", "edition_claims", ["standing", "number"])


def _create_stories() -> None:
    op.create_table(
        "edition_stories",
        sa.Column("edition", sa.Integer, sa.ForeignKey("editions.id"), primary_key=True),
        sa.Column("story", sa.Text, primary_key=True),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("since", sa.Integer, nullable=False),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_index("edition_stories_number", "edition_stories", ["standing", "number"])
