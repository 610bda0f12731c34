"""Adds calls of chat models and cached replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the tables of this version."""
    _create_calls()
    _create_replies()


def _create_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("input_tokens", sa.Integer, nullable=False),
        sa.Column("cached_tokens", sa.Integer, nullable=False),
        sa.Column("output_tokens", sa.Integer, nullable=False),
        sa.Column("counted", sa.Text, nullable=False),
        sa.Column("cost", sa.Float),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
    )
    op.create_index("calls_at", "calls", ["at"])


def _create_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_index("replies_at", "replies", ["at"])
    op.create_table(
        "reply_articles",
        sa.Column(
            "key", sa.Text, sa.ForeignKey("replies.key", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("article", sa.Text, sa.ForeignKey("articles.id"), primary_key=True),
    )
    op.create_index("reply_articles_article", "reply_articles", ["article"])
