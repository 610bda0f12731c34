"""Keyword search: BM25 over SQLite's FTS5, in tables of its own within the caller's database.

Every function works through a SQLAlchemy connection to SQLite that the caller passes in, inside the
caller's transaction, so that an article and its keywords are kept or lost together. Words are
stemmed (Porter 1980) and lose their accents; scripts without spaces are cut into pairs of
characters; the title counts more than the text. Text of any kind may be searched for: it is cut
into words first, so that FTS5's operators mean nothing.

This module does not know what an article is, nor which of its chunks are live.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from vectorstore.chunking import chunk_text, chunk_title
from vectorstore.filters import ANYWHERE, Where

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from sqlalchemy import Connection

TITLE_WEIGHT = 2.0
MAX_TERMS = 40  # of a query; a pasted article is cut short rather than searched word by word
MAX_ROWS = 8_000  # that a search scores; each takes some 2 microseconds

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2,}")
_NOUN = re.compile(r"(?<=[aeiou])(?<!vi)sions?$")  # of a verb in -de; "revision" has another
_STOP_WORDS = frozenset(
    """a about after all also an and any are as at be been before being but by can could did do does
    doing during each for from had has have having he her here him his how i if in into is it its
    just like many may me might more most much my name named no not now of on one only or other our
    out over s said say says she should so some such t than that the their them then there these
    they this those to under until up very was we were what when where which while who whom
    whose why will with would you your""".split()
)

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS keyword_chunks (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article TEXT NOT NULL, outlet TEXT,
        published INTEGER, published_until INTEGER)""",
    "CREATE INDEX IF NOT EXISTS keyword_chunks_article ON keyword_chunks (article)",
    """CREATE VIRTUAL TABLE IF NOT EXISTS keyword_text USING fts5(
        title, text, tokenize = 'porter unicode61 remove_diacritics 2')""",
)


class KeywordIndex:
    """The keywords of chunks. Holds nothing itself: one object serves any number of connections."""

    def create(self, connection: Connection) -> None:
        """Makes the tables where they are absent."""
        for statement in _SCHEMA:
            connection.exec_driver_sql(statement)
        if _deletes_securely(connection):
            connection.exec_driver_sql(
                "INSERT INTO keyword_text (keyword_text, rank) VALUES ('secure-delete', 1)"
            )

    def add(self, connection: Connection, documents: Sequence[Document]) -> None:
        """Adds chunks; one that is there already is replaced."""
        self._delete(connection, [chunk.metadata["id"] for chunk in documents])
        for chunk in documents:
            cursor = connection.exec_driver_sql(
                "INSERT INTO keyword_chunks (id, article, outlet, published, published_until)"
                " VALUES (:id, :article, :outlet, :published, :published_until)",
                {name: chunk.metadata.get(name) for name in _COLUMNS},
            )
            connection.exec_driver_sql(
                "INSERT INTO keyword_text (rowid, title, text) VALUES (?, ?, ?)",
                (cursor.lastrowid, _spaced(chunk_title(chunk)), _spaced(chunk_text(chunk))),
            )

    def remove(self, connection: Connection, ids: Sequence[str], *, for_good: bool = True) -> None:
        """Removes chunks, and with `for_good` every trace of their words in the tables.

        SQLite before 3.42 leaves the words of deleted rows in FTS5's segments until these merge:
        there `for_good` merges them all, which takes about a second for 100,000 chunks.
        """
        self._delete(connection, ids)
        if for_good and not _deletes_securely(connection):
            connection.exec_driver_sql(
                "INSERT INTO keyword_text (keyword_text) VALUES ('optimize')"
            )

    def search(
        self, connection: Connection, query: str, k: int, where: Where = ANYWHERE
    ) -> list[tuple[str, float]]:
        """The ids and BM25 scores (above 0) of at most `k` chunks that hold a word of the query."""
        match = _match(connection, query_terms(query), _names(query))
        if not match or k < 1:
            return []
        clauses, values = _conditions(where)
        filtered = "JOIN keyword_chunks ON number = keyword_text.rowid" if clauses else ""
        rows = connection.exec_driver_sql(
            f"""SELECT id, score FROM (
                SELECT keyword_text.rowid AS found,
                    -bm25(keyword_text, {TITLE_WEIGHT}, 1.0) AS score
                FROM keyword_text {filtered}
                WHERE keyword_text MATCH ? {clauses} ORDER BY score DESC, found LIMIT ?)
            JOIN keyword_chunks ON number = found ORDER BY score DESC, found""",  # noqa: S608
            (match, *values, k),
        )
        return [(identity, score) for identity, score in rows]

    def within(self, connection: Connection, where: Where, limit: int) -> list[str]:
        """The ids of at most `limit` chunks that pass the filter, in no order."""
        clauses, values = _conditions(where)
        found = connection.exec_driver_sql(
            f"""SELECT json_group_array(id) FROM
            (SELECT id FROM keyword_chunks WHERE true {clauses} LIMIT ?)""",  # noqa: S608
            (*values, limit),
        )
        return _listed(found.scalar_one())

    def matching(self, connection: Connection, ids: Sequence[str], where: Where) -> set[str]:
        """Those of `ids` that are here and pass the filter."""
        clauses, values = _conditions(where)
        found = connection.exec_driver_sql(
            f"""SELECT json_group_array(id) FROM keyword_chunks
            WHERE id IN (SELECT value FROM json_each(?)) {clauses}""",  # noqa: S608
            (json.dumps(list(ids)), *values),
        )
        return set(_listed(found.scalar_one()))

    def _delete(self, connection: Connection, ids: Sequence[str]) -> None:
        for identity in ids:
            number = connection.exec_driver_sql(
                "DELETE FROM keyword_chunks WHERE id = ? RETURNING number", (identity,)
            ).scalar()
            if number is not None:
                connection.exec_driver_sql("DELETE FROM keyword_text WHERE rowid = ?", (number,))


_COLUMNS = ("id", "article", "outlet", "published", "published_until")

# The articles that have a chunk with a word that begins as `:beginning` says.
ARTICLES_WITH = """SELECT article FROM keyword_text
    JOIN keyword_chunks ON number = keyword_text.rowid
    WHERE keyword_text MATCH :beginning"""


def beginning(word: str) -> str:
    """What `ARTICLES_WITH` asks for: a word that begins like `word`, itself letters alone."""
    return f'"{_spaced(word).strip()}"*'


def query_terms(query: str) -> list[str]:
    """The words of a query that say something, each once; all its words when none does.

    With a noun such as "collision" its verb, "collide", whose stem is another.
    """
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(_spaced(query))))
    words = ([word for word in words if word not in _STOP_WORDS] or words)[:MAX_TERMS]
    verbs = (_NOUN.sub("de", word) for word in words if _NOUN.search(word))
    return list(dict.fromkeys([*words, *verbs]))


def _spaced(text: str) -> str:
    """`text` with every pair of neighbours in place of a run of a script without spaces."""
    if text.isascii():
        return text
    return _UNSPACED.sub(lambda run: f" {' '.join(map(''.join, pairwise(run[0])))} ", text)


def _names(query: str) -> frozenset[str]:
    """The words that stand out in a query: capitalised within it, or a number."""
    within = list(_WORD.finditer(query))[1:]
    found = (match.group() for match in within)
    return frozenset(word.lower() for word in found if word[0].isupper() or word.isdigit())


def _match(connection: Connection, terms: Sequence[str], names: frozenset[str]) -> str:
    """The FTS5 query for any of the terms, or for the rarest of them in a large index.

    A name stands twice in it and so counts twice: BM25 adds up what stands in the query.

    Scoring is what takes time, and a word that is everywhere says little: so the rarest terms are
    asked for, as many as together are in at most `MAX_ROWS` rows. Where even the rarest is in more,
    it is asked for together with any other; where that is too much still, nothing is.
    """
    rows = connection.exec_driver_sql("SELECT max(number) FROM keyword_chunks").scalar() or 0
    if rows <= MAX_ROWS or not terms:
        return _any_of(terms, names)
    counts = {term: _count(connection, _any_of([term])) for term in terms}
    rarest = sorted((term for term in terms if counts[term]), key=lambda term: counts[term])
    totals = accumulate(counts[term] for term in rarest)
    affordable = [term for term, total in zip(rarest, totals, strict=True) if total <= MAX_ROWS]
    if affordable or not rarest:
        return _any_of(affordable, names)
    together = f"{_any_of(rarest[:1])} AND ({_any_of(rarest[1:])})"
    return together if rarest[1:] and _count(connection, together) <= MAX_ROWS else ""


def _listed(ids: str) -> list[str]:
    """What `json_group_array` gave: thousands of ids in one row take a quarter of the time."""
    found: list[str] = json.loads(ids)
    return found


def _any_of(terms: Sequence[str], twice: frozenset[str] = frozenset()) -> str:
    return " OR ".join(f'"{term}"' for term in [*terms, *(term for term in terms if term in twice)])


def _count(connection: Connection, match: str) -> int:
    """How many rows match, counted no further than is of interest (FTS5 streams them: 1 ms)."""
    count: int = connection.exec_driver_sql(
        "SELECT count(*) FROM (SELECT 1 FROM keyword_text WHERE keyword_text MATCH ? LIMIT ?)",
        (match, MAX_ROWS + 1),
    ).scalar_one()
    return count


def _conditions(where: Where) -> tuple[str, list[Any]]:
    """The SQL of a filter, each clause led by AND, and its values."""
    pairs = list(_clauses(where))
    return "".join(f" AND {clause}" for clause, _ in pairs), [v for _, vs in pairs for v in vs]


def _clauses(where: Where) -> Iterator[tuple[str, Sequence[Any]]]:
    if where.until is not None:
        yield "published < ?", (where.until,)
    if where.since is not None:
        yield "coalesce(published_until - 1, published) >= ?", (where.since,)
    for column, values in (("outlet", where.outlets), ("article", where.articles)):
        if values:
            yield f"{column} IN ({', '.join('?' * len(values))})", values


def _deletes_securely(connection: Connection) -> bool:
    version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
    return tuple(int(part) for part in version.split(".")) >= (3, 42)
