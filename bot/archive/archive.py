"""The archive: every article with all its revisions, and what became of those that were removed.

    archive = Archive(path, split)
    kept = archive.put(article)         # added, revised, unchanged, or an alternate of another
    archive.article(kept.article)       # the current revision; any other by its number
    archive.remove(kept.article)        # the text is gone for good, the date of removal stays

An article whose text another live one has, or nearly, is kept as its alternate (`groups`); the very
same text is searched once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.archive.catalogue import Catalogue
from bot.archive.chunks import Chunks, Split
from bot.archive.database import Database
from bot.archive.forgetting import forget_told
from bot.archive.groups import find_live, find_uncompared, forget, regroup, release
from bot.archive.likeness import read_wording
from bot.archive.queries import find_article, find_revision, in_parts, live, within
from bot.archive.repeats import differs, is_superseded
from bot.archive.replies import forget_replies
from bot.archive.rows import Row, to_article, to_details, to_row
from bot.archive.schema import articles, revisions
from bot.entities import Article, ArticleDetails, Citation, Filters, Outcome
from bot.errors import ArticleNotFoundError

EVERYTHING = Filters()
COMPARED = 50  # articles that are compared in one transaction


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an article that was put into the archive.

    `added` and `gone` are ids of chunks that an index of vectors should gain and lose.
    """

    outcome: Outcome
    article: str
    revision: int
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    message: str = ""


class Archive:
    """The articles in one database file, which any number of threads and processes may use.

    `split` gives the spans of a text's chunks; `clock` the present, as an aware datetime. Opening
    and every method may raise an `ArchiveError`. `chunks` are what search works on; `catalogue`
    lists the articles a page at a time.
    """

    def __init__(
        self, path: Path, split: Split, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.database = Database(path)
        self.chunks = Chunks(self.database, split)
        self.catalogue = Catalogue(self.database)
        self._clock = clock or (lambda: datetime.now(UTC))

    def put(self, article: Article, *, restore: bool = False) -> Kept:
        """Keeps an article. One that was removed stays away unless `restore` asks for it."""
        row = to_row(article)
        read_wording(article.text)  # which is then at hand while nobody else can write
        with self.database.write() as connection:
            return self._put(connection, article.id, row, restore)

    def article(self, identity: str, revision: int | None = None) -> Article:
        """A revision of an article, by default its current one.

        Raises `ArticleNotFoundError`, which says when it was removed if it was.
        """
        with self.database.read() as connection:
            stored = find_article(connection, identity)
            wanted = revision or (stored["revision"] if stored else 0)
            row = find_revision(connection, identity, wanted)
        if row is not None:
            return to_article(row)
        raise _not_found(identity, stored, revision)

    def articles(self, ids: Sequence[str]) -> list[Article]:
        """The current revisions of those of `ids` that are live, in that order."""
        with self.database.read() as connection:
            found = {
                row["article"]: to_article(row)
                for part in in_parts(ids)
                for row in connection.execute(
                    live(revisions).where(articles.c.id.in_(part))
                ).mappings()
            }
        return [found[identity] for identity in ids if identity in found]

    def details(
        self, filters: Filters = EVERYTHING, most: int | None = None
    ) -> list[ArticleDetails]:
        """The live articles within the filters, alternates too, newest first, undated last."""
        columns = [column for column in revisions.c if column.name != "text"]
        newest = revisions.c.published_from.desc().nulls_last()
        wanted = within(live(*columns), filters).order_by(newest, articles.c.id).limit(most)
        with self.database.read() as connection:
            return [to_details(row) for row in connection.execute(wanted).mappings()]

    def count(self, filters: Filters = EVERYTHING) -> int:
        """How many live articles are within the filters, alternates too."""
        wanted = within(live(func.count()), filters)
        with self.database.read() as connection:
            return int(connection.scalars(wanted).one())

    def alternates(self) -> dict[str, str]:
        """The id of each live alternate, and of the article whose text it repeats, or nearly."""
        wanted = live(articles.c.id, articles.c.alternate_of).where(
            articles.c.alternate_of.is_not(None)
        )
        with self.database.read() as connection:
            return dict(tuple(pair) for pair in connection.execute(wanted))

    def uncompared(self) -> int:
        """How many articles of an earlier Newsbot wait to be compared with the others."""
        with self.database.read() as connection:
            return len(find_uncompared(connection))

    def compare(self, most: int) -> tuple[int, tuple[str, ...]]:
        """Compares at most so many of those; how many, and the ids of chunks that are gone."""
        gone: tuple[str, ...] = ()
        with self.database.write() as connection:
            found = find_uncompared(connection, most)
            for identity in found:
                gone += self._settle(connection, regroup(connection, identity))[1]
        return len(found), gone

    def catch_up(self, seconds: float) -> int:
        """Compares those for about so long; how many are left.

        Chunks that are gone, or new, come to the index with its next work.
        """
        until = time.monotonic() + seconds
        while self.compare(COMPARED)[0] and time.monotonic() < until:
            pass
        return self.uncompared()

    def remove(self, identity: str) -> Kept:
        """Deletes every text of an article, and all that was made of them, for good.

        Its alternates stay, the earliest of them in its place. Raises `ArticleNotFoundError`.
        """
        with self.database.write() as connection:
            stored, row = find_article(connection, identity), find_live(connection, identity)
            if stored is None or row is None:
                raise _not_found(identity, stored)
            gone = self.chunks.drop(connection, identity)
            connection.execute(delete(revisions).where(revisions.c.article == identity))
            forget(connection, identity)
            forget_replies(connection, identity)
            forget_told(connection, identity)
            _set(connection, identity, removed_at=self._now(), alternate_of=None)
            touched = {row["text_hash"]} | release(connection, identity)
            added, dropped = self._settle(connection, touched)
        self.database.erase_deleted()
        return Kept(Outcome.SKIPPED, identity, stored["revision"], added, gone + dropped)

    def removed_at(self, identity: str) -> datetime | None:
        """When an article was removed; None when it was not."""
        with self.database.read() as connection:
            stored = find_article(connection, identity)
        removed_at = stored and stored["removed_at"]
        return datetime.fromisoformat(removed_at) if removed_at else None

    def resolve(self, citation: Citation) -> Article | datetime:
        """The revision that a citation is of, or when it was removed.

        Raises `ArticleNotFoundError` for a citation that this archive never held.
        """
        try:
            return self.article(citation.article, citation.revision)
        except ArticleNotFoundError:
            removed_at = self.removed_at(citation.article)
            if removed_at is None:
                raise
            return removed_at

    def counts(self) -> dict[str, int]:
        """How many live articles there are, how many of them alternates, revisions and chunks."""
        live = articles.c.removed_at.is_(None)
        numbers = {
            "articles": select(func.count()).select_from(articles).where(live),
            "alternates": select(func.count(articles.c.alternate_of)).where(live),
            "removed": select(func.count(articles.c.removed_at)),
            "revisions": select(func.count()).select_from(revisions),
        }
        with self.database.read() as connection:
            found = {name: connection.scalars(number).one() for name, number in numbers.items()}
        return {**found, "chunks": self.chunks.count()}

    def close(self) -> None:
        """Closes the database."""
        self.database.close()

    def _put(
        self, connection: Connection, identity: str, row: dict[str, Any], restore: bool
    ) -> Kept:
        stored = find_article(connection, identity)
        if stored is not None and stored["removed_at"] and not restore:
            when = datetime.fromisoformat(stored["removed_at"])
            message = f"it was removed on {when:%Y-%m-%d}; --restore brings it back"
            return Kept(Outcome.SKIPPED, identity, stored["revision"], message=message)
        current = find_revision(connection, identity, stored["revision"]) if stored else None
        known = current and (not differs(current, row) or is_superseded(connection, current, row))
        if stored and known:
            return Kept(Outcome.UNCHANGED, identity, stored["revision"])
        row |= {
            "article": identity,
            "revision": stored["revision"] + 1 if stored else 1,
            "added_at": self._now(),
        }
        self._store(connection, row, is_new=stored is None)
        added, dropped = self._settle(connection, regroup(connection, identity))
        # only now, since chunks that did not change keep their cached vectors
        gone = self.chunks.drop(connection, identity, before=row["revision"]) if current else ()
        if current and current["text_hash"] != row["text_hash"]:
            handed, _ = self._settle(connection, {current["text_hash"]})
            added += handed
        outcome = Outcome.REVISED if current else Outcome.ADDED
        kept = find_article(connection, identity)
        if kept and kept["alternate_of"]:
            outcome = Outcome.ALTERNATE
        return Kept(outcome, identity, row["revision"], added, gone + dropped)

    def _store(self, connection: Connection, row: dict[str, Any], *, is_new: bool) -> None:
        identity, revision = row["article"], row["revision"]
        if is_new:
            added = {"id": identity, "revision": revision, "added_at": row["added_at"]}
            connection.execute(insert(articles).values(**added))
        _set(connection, identity, revision=revision, removed_at=None)
        connection.execute(insert(revisions).values(**row))

    def _settle(
        self, connection: Connection, hashes: Iterable[str]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Gives each of these texts chunks once in a group: of its original, or of one alternate.

        Returns the ids of the chunks that are new, and of those that are gone.
        """
        added: tuple[str, ...] = ()
        gone: tuple[str, ...] = ()
        for one in sorted(hashes):
            groups: set[str] = set()
            for identity, original, revision, holds in self.chunks.holders(connection, one):
                group = original or identity
                if group not in groups and not holds:
                    added += self.chunks.ensure(connection, identity, revision)
                if group in groups and holds:
                    gone += self.chunks.drop(connection, identity, before=revision + 1)
                groups.add(group)
        return added, gone

    def _now(self) -> str:
        return self._clock().isoformat()


def _not_found(
    identity: str, stored: Row | None, revision: int | None = None
) -> ArticleNotFoundError:
    if stored is not None and stored["removed_at"]:
        when = datetime.fromisoformat(stored["removed_at"])
        return ArticleNotFoundError(f"Article {identity} was removed on {when:%Y-%m-%d}.")
    what = f"revision {revision} of article" if revision and stored else "article"
    return ArticleNotFoundError(f"The archive holds no {what} {identity}.")


def _set(connection: Connection, identity: str, **values: Any) -> None:
    connection.execute(update(articles).where(articles.c.id == identity).values(**values))
