"""What editions told: the articles they covered, their claims and stories, for later ones.

Everything that writes takes a connection and runs in its caller's transaction, in which the edition
itself is stored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    RowMapping,
    Table,
    Text,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from bot.archive.amendments import Amendment, Place, keep_amendments, read_amendments
from bot.archive.database import Database
from bot.archive.queries import in_parts
from bot.archive.runs import Run
from bot.archive.schema import articles, chunks, metadata
from bot.chronicle import Reference
from bot.entities import Citation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

covered = Table(
    "edition_articles",
    metadata,
    Column("standing", Text, primary_key=True),
    Column("article", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("edition", Integer, ForeignKey("editions.id"), nullable=False),
)

claims = Table(
    "edition_claims",
    metadata,
    Column("edition", Integer, ForeignKey("editions.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("standing", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("story", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("day", Text),
    Column("citation", Text),  # the first one, as JSON
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
    Index("edition_claims_number", "standing", "number"),
)

stories = Table(
    "edition_stories",
    metadata,
    Column("edition", Integer, ForeignKey("editions.id"), primary_key=True),
    Column("story", Text, primary_key=True),
    Column("standing", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("since", Integer, nullable=False),
    Column("headline", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Index("edition_stories_number", "standing", "number"),
)

days = Table(
    "edition_days",
    metadata,
    Column("edition", Integer, ForeignKey("editions.id"), primary_key=True),
    Column("day", Text, primary_key=True),
    Column("standing", Text, nullable=False),
    Column("published", Integer, nullable=False),  # articles of the edition, published on it
    Column("named", Integer, nullable=False),  # articles of the edition, later ones, that name it
    Index("edition_days_standing", "standing"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A claim that edition number `edition` told, the `n`th from 0, with its unit vector."""

    edition: int
    n: int
    story: str
    text: str
    day: date | None
    citation: Citation | None
    vector: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A story as edition number `edition` told it; `since` is its first edition's number."""

    id: str
    edition: int
    since: int
    headline: str
    vector: Vector


class Memory:
    """What the editions of one database told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def covered(self, standing: str) -> set[Reference]:
        """The revisions that the standing briefing has covered already."""
        wanted = select(covered.c.article, covered.c.revision).where(covered.c.standing == standing)
        with self._database.read() as connection:
            return {
                Reference(article, revision) for article, revision in connection.execute(wanted)
            }

    def added_at(self) -> dict[str, str]:
        """When each live article came into the archive, in ISO 8601, by its id."""
        wanted = select(articles.c.id, articles.c.added_at).where(articles.c.removed_at.is_(None))
        with self._database.read() as connection:
            return dict(tuple(pair) for pair in connection.execute(wanted))

    def chunks_of(self, citations: Sequence[Citation]) -> tuple[str, ...]:
        """The ids of live chunks that hold the cited sentences, in order."""
        wanted = select(chunks.c.id).order_by(chunks.c.id)
        found: dict[str, None] = {}
        with self._database.read() as connection:
            for one in citations:
                same = (chunks.c.article == one.article) & (chunks.c.revision == one.revision)
                holds = (chunks.c.start < one.end) & (chunks.c.end > one.start)
                found |= dict.fromkeys(connection.scalars(wanted.where(same, holds)))
        return tuple(found)

    def told(self, standing: str, before: int, editions: int | None = None) -> list[Told]:
        """The claims of the editions before number `before`, the newest first, or the last few."""
        wanted = _before(claims, standing, before, editions)
        with self._database.read() as connection:
            return [_to_told(row) for row in connection.execute(wanted).mappings()]

    def threads(self, standing: str, before: int, editions: int | None = None) -> list[Thread]:
        """The stories of those editions, the newest first; one told often comes as often."""
        wanted = _before(stories, standing, before, editions)
        with self._database.read() as connection:
            return [_to_thread(row) for row in connection.execute(wanted).mappings()]

    def amended(self, standing: str, before: int) -> Mapping[Place, Amendment]:
        """What the editions before number `before` said of each claim that was told earlier."""
        return read_amendments(self._database, standing, before)

    def days(self, standing: str) -> dict[date, tuple[int, int]]:
        """How many articles were published on each day, and how many later ones name it."""
        wanted = (
            select(days.c.day, func.sum(days.c.published), func.sum(days.c.named))
            .where(days.c.standing == standing)
            .group_by(days.c.day)
        )
        with self._database.read() as connection:
            return {
                date.fromisoformat(day): (published, named)
                for day, published, named in connection.execute(wanted)
            }

    def keep(
        self,
        connection: Connection,
        run: Run,
        number: int,
        *,
        read: Sequence[Reference],
        told: Sequence[Told],
        threads: Sequence[Thread],
        amended: Sequence[Amendment],
        counts: Mapping[date, tuple[int, int]],
    ) -> None:
        """Keeps what an edition covered, told and amended; `counts` as `days` gives them."""
        shared = {"edition": run.id, "standing": run.standing}
        rows: list[dict[str, Any]] = [
            {**shared, "article": one.article, "revision": one.revision} for one in read
        ]
        for part in in_parts(rows):
            connection.execute(insert(covered).on_conflict_do_nothing(), part)
        numbered = shared | {"number": number}
        for part in in_parts([{**numbered, **_from_told(one)} for one in told]):
            connection.execute(insert(claims), part)
        for part in in_parts([{**numbered, **_from_thread(one)} for one in threads]):
            connection.execute(insert(stories), part)
        keep_amendments(connection, run, amended)
        for part in in_parts(
            [
                {**shared, "day": day.isoformat(), "published": published, "named": named}
                for day, (published, named) in counts.items()
            ]
        ):
            connection.execute(insert(days), part)


def _before(table: Table, standing: str, before: int, editions: int | None) -> Any:
    wanted = select(table).where(table.c.standing == standing, table.c.number < before)
    if editions is not None:
        wanted = wanted.where(table.c.number >= before - editions)
    order = [table.c.number.desc()] + ([table.c.n] if "n" in table.c else [])
    return wanted.order_by(*order)


def _to_told(row: RowMapping) -> Told:
    return Told(
        edition=row["number"],
        n=row["n"],
        story=row["story"],
        text=row["text"],
        day=date.fromisoformat(row["day"]) if row["day"] else None,
        citation=_citation(row["citation"]),
        vector=_vector(row["vector"]),
    )


def _from_told(told: Told) -> dict[str, Any]:
    return {
        "n": told.n,
        "story": told.story,
        "text": told.text,
        "day": told.day.isoformat() if told.day else None,
        "citation": _citation_text(told.citation),
        "vector": told.vector.astype("<f4").tobytes(),
    }


def _to_thread(row: RowMapping) -> Thread:
    return Thread(
        id=row["story"],
        edition=row["number"],
        since=row["since"],
        headline=row["headline"],
        vector=_vector(row["vector"]),
    )


def _from_thread(thread: Thread) -> dict[str, Any]:
    return {
        "story": thread.id,
        "since": thread.since,
        "headline": thread.headline,
        "vector": thread.vector.astype("<f4").tobytes(),
    }


def _citation(text: str | None) -> Citation | None:
    return Citation(*json.loads(text)) if text else None


def _citation_text(citation: Citation | None) -> str | None:
    if citation is None:
        return None
    place = (citation.article, citation.revision, citation.start, citation.end, citation.quote)
    return json.dumps(place, ensure_ascii=False)


def _vector(blob: bytes) -> Vector:
    import numpy as np

    return np.frombuffer(blob, dtype="<f4")
