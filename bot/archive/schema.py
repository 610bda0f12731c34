"""The tables of the archive's database, as the newest migration leaves them.

An article is a row that never goes away, so that a citation of it always finds what became of it;
its texts are `revisions`, and the pieces of its current text that search finds are `chunks`. Times
are ISO 8601 with their offset. `published_from` and `published_until` are the same date as an
interval [from, until) of epoch seconds: a whole day when no more is known, else one second. A row
of `sketches` is one of a few hashes of a live text, by which others that are nearly the same are
found.

The tables of the keyword index belong to `vectorstore.keywords`.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),  # the current one, or the last before removal
    Column("alternate_of", Text, ForeignKey("articles.id")),  # whose text it repeats
    Column("added_at", Text, nullable=False),
    Column("removed_at", Text),
    Column("compared", Integer),  # the revision whose sketch is kept
    Index("articles_alternate_of", "alternate_of"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("article", Text, ForeignKey("articles.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("outlet", Text),
    Column("author", Text),
    Column("url", Text),
    Column("published", Text),
    Column("precision", Text, nullable=False),
    Column("published_from", Integer),
    Column("published_until", Integer),
    Column("retrieved", Text),
    Column("language", Text),
    Column("address", Text, nullable=False),
    Column("guessed", Text, nullable=False),  # names of fields, separated by spaces
    Column("text_hash", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("revisions_text_hash", "text_hash"),
    Index("revisions_published_from", "published_from"),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", Text, primary_key=True),  # article:revision:n
    Column("article", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text_hash", Text, nullable=False),  # of title and text, which is what is embedded
    Column("indexed_in", Text),  # identity of the index that holds its vector
    ForeignKeyConstraint(["article", "revision"], ["revisions.article", "revisions.revision"]),
    Index("chunks_article", "article", "revision"),
    Index("chunks_text_hash", "text_hash"),
)

vectors = Table(
    "vectors",
    metadata,
    Column("text_hash", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
)

sketches = Table(
    "sketches",
    metadata,
    Column("hash", Integer, primary_key=True),
    Column("article", Text, ForeignKey("articles.id"), primary_key=True),
    Index("sketches_article", "article"),
    sqlite_with_rowid=False,
)
