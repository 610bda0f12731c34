"""The pieces of live articles that search finds: their words here, their vectors in an index.

Chunks, their keywords and the text itself are kept in one transaction. A chunk's vector follows
later: until then the chunk is pending. Which index holds a vector is kept as the index's identity,
so that all chunks are pending again when the index was made anew, or was lost.

Everything that takes a connection runs in its caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, column, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from bot.archive.database import Database
from bot.archive.queries import asked, find_revision, in_parts, live
from bot.archive.recent import RecentVectors
from bot.archive.rows import Row, hash_text, to_chunk
from bot.archive.schema import articles, chunks, revisions, vectors
from vectorstore.chunking import Span
from vectorstore.filters import ANYWHERE, Where
from vectorstore.keywords import KeywordIndex

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.documents import Document
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

Split = Callable[[str], Sequence[Span]]


class Chunks:
    """The chunks of all live articles. `split` gives the spans of a text's chunks."""

    def __init__(self, database: Database, split: Split) -> None:
        self._database = database
        self._split = split
        self._keywords = KeywordIndex()
        self._recent = RecentVectors(self.vectors)

    def search(self, query: str, k: int, where: Where = ANYWHERE) -> list[tuple[str, float]]:
        """The ids of at most `k` chunks that hold words of the query, with their BM25 scores."""
        with self._database.read() as connection:
            return self._keywords.search(connection, query, k, where)

    def within(self, where: Where, limit: int) -> list[str]:
        """The ids of at most `limit` chunks that pass the filter, in no order."""
        with self._database.read() as connection:
            return self._keywords.within(connection, where, limit)

    def matching(self, ids: Sequence[str], where: Where) -> set[str]:
        """Those of `ids` that are chunks of live articles and pass the filter."""
        with self._database.read() as connection:
            return self._keywords.matching(connection, ids, where)

    def load(self, ids: Sequence[str]) -> list[Document]:
        """The chunks among `ids` that are live, in that order.

        A chunk's text is its article's title and, after an empty line, `text[start:end]`. Chunks
        whose articles repeat each other are of one `group`, which has the id of the first of them.
        """
        joined = live(revisions, articles.c.alternate_of, *_CHUNK_COLUMNS).join(
            chunks, _OF_REVISION
        )
        with self._database.read() as connection:
            found = {
                row["id"]: to_chunk(row, (row["start"], row["end"]), row["n"])
                for part in in_parts(ids)
                for row in connection.execute(joined.where(chunks.c.id.in_(part))).mappings()
            }
        return [found[identity] for identity in ids if identity in found]

    def live(self, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that are chunks of live articles."""
        with self._database.read() as connection:
            return {
                identity
                for part in in_parts(ids)
                for identity in connection.scalars(select(chunks.c.id).where(chunks.c.id.in_(part)))
            }

    def count(self, index: str | None = None) -> int:
        """How many chunks there are, or are in the index of this identity."""
        wanted = select(func.count()).select_from(chunks)
        if index is not None:
            wanted = wanted.where(chunks.c.indexed_in == index)
        with self._database.read() as connection:
            return connection.scalars(wanted).one()

    def pending(self, index: str) -> list[str]:
        """The ids of chunks whose vectors the index of this identity lacks, oldest first."""
        absent = or_(chunks.c.indexed_in.is_(None), chunks.c.indexed_in != index)
        with self._database.read() as connection:
            return list(connection.scalars(select(chunks.c.id).where(absent)))

    def indexed(self, index: str) -> set[str]:
        """The ids of chunks whose vectors the index of this identity was given."""
        with self._database.read() as connection:
            wanted = select(chunks.c.id).where(chunks.c.indexed_in == index)
            return set(connection.scalars(wanted))

    def mark(self, ids: Sequence[str], index: str | None) -> None:
        """Notes that the index of this identity holds the chunks' vectors; None, that none does."""
        with self._database.write() as connection:
            for part in in_parts(ids):
                marked = update(chunks).where(chunks.c.id.in_(part)).values(indexed_in=index)
                connection.execute(marked)

    def vectors(self, model: str, hashes: Sequence[str]) -> dict[str, Vector]:
        """The vectors that the model gave for texts, by the texts' hashes, as far as kept."""
        import numpy as np

        wanted = (
            select(vectors.c.text_hash, vectors.c.vector)
            .join_from(asked(hashes), vectors, vectors.c.text_hash == column("value"))
            .where(vectors.c.model == model)
        )
        with self._database.read() as connection:
            found = connection.execute(wanted).all()
        return {text_hash: np.frombuffer(vector, dtype="<f4") for text_hash, vector in found}

    def matrix(self, model: str, ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """The chunks among `ids` whose vectors are kept, and these, of shape (chunks, width)."""
        listed = (func.json_group_array(one) for one in (chunks.c.id, chunks.c.text_hash))
        wanted = select(*listed).join_from(asked(ids), chunks, chunks.c.id == column("value"))
        with self._database.read() as connection:
            known, hashes = map(json.loads, connection.execute(wanted).one())
        found, rows = self._recent(model, hashes)
        return [known[n] for n in found], rows

    def keep_vectors(self, model: str, embedded: dict[str, Vector]) -> None:
        """Keeps vectors by the hashes of their texts; not those of texts that were removed."""
        with self._database.write() as connection:
            for part in in_parts(list(embedded)):
                wanted = select(chunks.c.text_hash).where(chunks.c.text_hash.in_(part)).distinct()
                rows = [
                    {
                        "text_hash": one,
                        "model": model,
                        "vector": embedded[one].astype("<f4").tobytes(),
                    }
                    for one in connection.scalars(wanted)
                ]
                if rows:
                    connection.execute(insert_or(vectors).on_conflict_do_nothing(), rows)

    def add(self, connection: Connection, row: Row) -> tuple[str, ...]:
        """Makes the chunks of a stored revision; returns their ids."""
        spans = self._split(row["text"])
        documents = [to_chunk(row, span, n) for n, span in enumerate(spans)]
        if documents:
            connection.execute(insert(chunks), [_to_row(document) for document in documents])
            self._keywords.add(connection, documents)
        return tuple(document.metadata["id"] for document in documents)

    def ensure(self, connection: Connection, article: str, revision: int) -> tuple[str, ...]:
        """Makes the chunks of an article's current revision; returns their ids."""
        row = find_revision(connection, article, revision)
        return self.add(connection, row) if row else ()

    def holders(
        self, connection: Connection, text_hash: str
    ) -> Sequence[tuple[str, str | None, int, bool]]:
        """The live articles with this text, those that are no alternates first.

        Of each: id, whose alternate it is, its revision, and whether that has chunks.
        """
        mine = (chunks.c.article == articles.c.id) & (chunks.c.revision == articles.c.revision)
        holds = exists().where(mine).correlate(articles)
        wanted = live(articles.c.id, articles.c.alternate_of, articles.c.revision, holds)
        first = (articles.c.alternate_of.is_not(None), ~holds, articles.c.id)
        found = connection.execute(
            wanted.where(revisions.c.text_hash == text_hash).order_by(*first)
        )
        return [tuple(row) for row in found]

    def drop(
        self, connection: Connection, article: str, before: int | None = None
    ) -> tuple[str, ...]:
        """Deletes an article's chunks, and cached vectors that no other chunk has; their ids.

        With `before`, only the chunks of earlier revisions; else for good: no trace of their words
        is left in the file, which takes longer.
        """
        mine = chunks.c.article == article
        if before is not None:
            mine &= chunks.c.revision < before
        found = connection.execute(select(chunks.c.id, chunks.c.text_hash).where(mine)).all()
        ids = tuple(identity for identity, _ in found)
        self._keywords.remove(connection, ids, for_good=before is None)
        connection.execute(delete(chunks).where(mine))
        for part in in_parts([text_hash for _, text_hash in found]):
            used = exists().where(chunks.c.text_hash == vectors.c.text_hash)
            connection.execute(delete(vectors).where(vectors.c.text_hash.in_(part), ~used))
        return ids


_CHUNK_COLUMNS = (chunks.c.id, chunks.c.n, chunks.c.start, chunks.c.end)
_OF_REVISION = (chunks.c.article == revisions.c.article) & (
    chunks.c.revision == revisions.c.revision
)


def hash_chunk(chunk: Document) -> str:
    """The hash by which the vector of a chunk is cached."""
    return hash_text(chunk.page_content)


def _to_row(chunk: Document) -> dict[str, Any]:
    names = ("id", "article", "revision", "n", "start", "end")
    return {**{name: chunk.metadata[name] for name in names}, "text_hash": hash_chunk(chunk)}
