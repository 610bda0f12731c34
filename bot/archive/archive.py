"""The archive: every article with all its revisions, and what became of those that were removed.

    archive = Archive(path, split)
    kept = archive.put(article)         # added, revised, unchanged, or an alternate of another
    archive.article(kept.article)       # the current revision; any other by its number
    archive.remove(kept.article)        # the text is gone for good, the date of removal stays

A text that another live article has already is kept as its alternate and not searched twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.archive.catalogue import Catalogue
from bot.archive.chunks import Chunks, Split
from bot.archive.database import Database
from bot.archive.forgetting import forget_told
from bot.archive.queries import find_article, find_revision, in_parts, live, within
from bot.archive.repeats import differs, find_original, is_superseded, precedes
from bot.archive.replies import forget_replies
from bot.archive.rows import Row, to_article, to_details, to_row
from bot.archive.schema import articles, revisions
from bot.entities import Article, ArticleDetails, Citation, Filters, Outcome
from bot.errors import ArticleNotFoundError

EVERYTHING = Filters()


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
        """The id of each live alternate, and of the article whose text it repeats."""
        wanted = live(articles.c.id, articles.c.alternate_of).where(
            articles.c.alternate_of.is_not(None)
        )
        with self.database.read() as connection:
            return dict(tuple(pair) for pair in connection.execute(wanted))

    def remove(self, identity: str) -> Kept:
        """Deletes every text of an article, and all that was made of them, for good.

        Its alternates stay, the oldest of them in its place. Raises `ArticleNotFoundError`.
        """
        with self.database.write() as connection:
            stored = find_article(connection, identity)
            if stored is None or stored["removed_at"]:
                raise _not_found(identity, stored)
            gone = self.chunks.drop(connection, identity)
            connection.execute(delete(revisions).where(revisions.c.article == identity))
            forget_replies(connection, identity)
            forget_told(connection, identity)
            _set(connection, identity, removed_at=self._now(), alternate_of=None)
            added = self._hand_over(connection, identity)
        self.database.erase_deleted()
        return Kept(Outcome.SKIPPED, identity, stored["revision"], added, gone)

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
        original = find_original(connection, row)
        overtaken = original if original and precedes(connection, row, original) else None
        original = None if overtaken else original
        self._store(connection, row, original, is_new=stored is None)
        added = () if original else self.chunks.add(connection, row)
        # only now, since chunks that did not change keep their cached vectors
        gone = self.chunks.drop(connection, identity, before=row["revision"]) if current else ()
        if overtaken:
            gone += self._give_way(connection, overtaken, identity)
        if current and current["text_hash"] != row["text_hash"]:
            added += self._hand_over(connection, identity)
        outcome = Outcome.REVISED if current else Outcome.ADDED
        if original:
            return Kept(Outcome.ALTERNATE, identity, row["revision"], added, gone)
        return Kept(outcome, identity, row["revision"], added, gone)

    def _store(
        self, connection: Connection, row: dict[str, Any], original: str | None, *, is_new: bool
    ) -> None:
        identity, revision = row["article"], row["revision"]
        if is_new:
            added = {"id": identity, "revision": revision, "added_at": row["added_at"]}
            connection.execute(insert(articles).values(**added))
        _set(connection, identity, revision=revision, alternate_of=original, removed_at=None)
        connection.execute(insert(revisions).values(**row))

    def _give_way(self, connection: Connection, identity: str, earlier: str) -> tuple[str, ...]:
        """Makes an article, and its alternates, alternates of one that was published earlier."""
        stored = find_article(connection, identity)
        followers = articles.c.alternate_of == identity
        connection.execute(update(articles).where(followers).values(alternate_of=earlier))
        _set(connection, identity, alternate_of=earlier)
        before = stored["revision"] + 1 if stored else None
        return self.chunks.drop(connection, identity, before=before)

    def _hand_over(self, connection: Connection, identity: str) -> tuple[str, ...]:
        """Puts the earliest alternate in the place of an article whose text is another now."""
        heirs = list(
            connection.scalars(
                live(articles.c.id)
                .where(articles.c.alternate_of == identity)
                .order_by(
                    revisions.c.published_until.nulls_last(), articles.c.added_at, articles.c.id
                )
            )
        )
        if not heirs:
            return ()
        _set(connection, heirs[0], alternate_of=None)
        for other in heirs[1:]:
            _set(connection, other, alternate_of=heirs[0])
        stored = find_article(connection, heirs[0])
        row = find_revision(connection, heirs[0], stored["revision"]) if stored else None
        return self.chunks.add(connection, row) if row else ()

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
