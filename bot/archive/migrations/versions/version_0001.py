"""Articles, their revisions and chunks, cached vectors, and the keyword index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vectorstore.keywords import KeywordIndex

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables of the first version."""
    _create_articles()
    _create_revisions()
    _create_chunks()
    KeywordIndex().create(op.get_bind())


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("alternate_of", sa.Text, sa.ForeignKey("articles.id")),
        sa.Column("added_at", sa.Text, nullable=False),
        sa.Column("removed_at", sa.Text),
    )
    op.create_index("articles_alternate_of", "articles", ["alternate_of"])


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("article", sa.Text, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("outlet", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("published", sa.Text),
        sa.Column("precision", sa.Text, nullable=False),
        sa.Column("published_from", sa.Integer),
        sa.Column("published_until", sa.Integer),
        sa.Column("retrieved", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("guessed", sa.Text, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("added_at", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("revisions_text_hash", "revisions", ["text_hash"])
    op.create_index("revisions_published_from", "revisions", ["published_from"])


def _create_chunks() -> None:
    op.create_table(
        "chunks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text_hash", sa.Text, nullable=False),
        sa.Column("indexed_in", sa.Text),
        sa.ForeignKeyConstraint(
            ["article", "revision"], ["revisions.article", "revisions.revision"]
        ),
    )
    op.create_index("chunks_article", "chunks", ["article", "revision"])
    op.create_index("chunks_text_hash", "chunks", ["text_hash"])
    op.create_table(
        "vectors",
        sa.Column("text_hash", sa.Text, primary_key=True),
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
