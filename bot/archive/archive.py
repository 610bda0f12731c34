"""The archive: every article with all its revisions, and what became of those that were removed.

    archive = Archive(path, split)
    kept = archive.put(article)         # added, revised, unchanged, or an alternate of another
    archive.article(kept.article)       # the current revision; any other by its number
    archive.remove(kept.article)        # the text is gone for good, the date of removal stays

A text that another live article has already is kept as its alternate and not searched twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from bot.archive.catalogue import Catalogue
from bot.archive.chunks import Chunks, Split
from bot.archive.database import Database
from bot.archive.forgetting import forget_told
from bot.archive.replies import forget_replies
from bot.archive.rows import Row, bounds, to_article, to_details, to_row
from bot.archive.schema import articles, revisions
from bot.entities import Article, ArticleDetails, Citation, Filters, Outcome
from bot.errors import ArticleNotFoundError

EVERYTHING = Filters()

_AT_ONCE = 500
_NOTICE = 250  # words up to which a text may be a site's notice in place of the article


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
            stored = _stored(connection, identity)
            wanted = revision or (stored["revision"] if stored else 0)
            row = _revision(connection, identity, wanted)
        if row is not None:
            return to_article(row)
        raise _not_found(identity, stored, revision)

    def articles(self, ids: Sequence[str]) -> list[Article]:
        """The current revisions of those of `ids` that are live, in that order."""
        with self.database.read() as connection:
            found = {
                row["article"]: to_article(row)
                for start in range(0, len(ids), _AT_ONCE)
                for row in connection.execute(
                    _live(revisions).where(articles.c.id.in_(ids[start : start + _AT_ONCE]))
                ).mappings()
            }
        return [found[identity] for identity in ids if identity in found]

    def details(self, filters: Filters = EVERYTHING) -> list[ArticleDetails]:
        """Every live article within the filters, alternates too, newest first, undated last."""
        columns = [column for column in revisions.c if column.name != "text"]
        newest = revisions.c.published_from.desc().nulls_last()
        wanted = _within(_live(*columns), filters).order_by(newest, articles.c.id)
        with self.database.read() as connection:
            return [to_details(row) for row in connection.execute(wanted).mappings()]

    def count(self, filters: Filters = EVERYTHING) -> int:
        """How many live articles are within the filters, alternates too."""
        wanted = _within(_live(func.count()), filters)
        with self.database.read() as connection:
            return int(connection.scalars(wanted).one())

    def alternates(self) -> dict[str, str]:
        """The id of each live alternate, and of the article whose text it repeats."""
        wanted = _live(articles.c.id, articles.c.alternate_of).where(
            articles.c.alternate_of.is_not(None)
        )
        with self.database.read() as connection:
            return dict(tuple(pair) for pair in connection.execute(wanted))

    def remove(self, identity: str) -> Kept:
        """Deletes every text of an article, and all that was made of them, for good.

        Its alternates stay, the oldest of them in its place. Raises `ArticleNotFoundError`.
        """
        with self.database.write() as connection:
            stored = _stored(connection, identity)
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
            stored = _stored(connection, identity)
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
        stored = _stored(connection, identity)
        if stored is not None and stored["removed_at"] and not restore:
            when = datetime.fromisoformat(stored["removed_at"])
            message = f"it was removed on {when:%Y-%m-%d}; --restore brings it back"
            return Kept(Outcome.SKIPPED, identity, stored["revision"], message=message)
        current = _revision(connection, identity, stored["revision"]) if stored else None
        known = current and (not _differs(current, row) or _is_superseded(connection, current, row))
        if stored and known:
            return Kept(Outcome.UNCHANGED, identity, stored["revision"])
        row |= {
            "article": identity,
            "revision": stored["revision"] + 1 if stored else 1,
            "added_at": self._now(),
        }
        original = _original(connection, row)
        overtaken = original if original and _precedes(connection, row, original) else None
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
        stored = _stored(connection, identity)
        followers = articles.c.alternate_of == identity
        connection.execute(update(articles).where(followers).values(alternate_of=earlier))
        _set(connection, identity, alternate_of=earlier)
        before = stored["revision"] + 1 if stored else None
        return self.chunks.drop(connection, identity, before=before)

    def _hand_over(self, connection: Connection, identity: str) -> tuple[str, ...]:
        """Puts the earliest alternate in the place of an article whose text is another now."""
        heirs = list(
            connection.scalars(
                _live(articles.c.id)
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
        stored = _stored(connection, heirs[0])
        row = _revision(connection, heirs[0], stored["revision"]) if stored else None
        return self.chunks.add(connection, row) if row else ()

    def _now(self) -> str:
        return self._clock().isoformat()


def _stored(connection: Connection, identity: str) -> Row | None:
    wanted = select(articles).where(articles.c.id == identity)
    return connection.execute(wanted).mappings().first()


def _revision(connection: Connection, identity: str, revision: int) -> Row | None:
    wanted = select(revisions).where(
        revisions.c.article == identity, revisions.c.revision == revision
    )
    return connection.execute(wanted).mappings().first()


def _original(connection: Connection, row: dict[str, Any]) -> str | None:
    """The live article, other than this one, that has the text already."""
    wanted = _live(articles.c.id, articles.c.alternate_of, revisions.c.title).where(
        revisions.c.text_hash == row["text_hash"], articles.c.id != row["article"]
    )
    same = connection.execute(wanted.order_by(articles.c.added_at, articles.c.id)).all()
    if _is_notice(row, [one.title for one in same]):
        return None
    return next((one.id for one in same if one.alternate_of is None), None)


def _precedes(connection: Connection, row: dict[str, Any], other: str) -> bool:
    """Whether a text was published before the live article that has it already.

    A day without a time ends when its day does, so that every time of that day comes before it.
    """
    stored = _stored(connection, other)
    known = _revision(connection, other, stored["revision"]) if stored else None
    if known is None or row["published_until"] is None:
        return False
    until = known["published_until"]
    return until is None or bool(row["published_until"] < until)


def _is_notice(row: dict[str, Any], headlines: Sequence[str]) -> bool:
    """Whether a text is a site's notice that stands in place of the article under its headline.

    Such as one about cookies: short, and seen twice already under headlines that share no word
    with this one, which alone then says what the article was about.
    """
    if "title" in row["guessed"].split() or len(row["text"].split()) > _NOTICE:
        return False
    words = _title_words(row["title"])
    unlike = [one for one in headlines if not words & _title_words(one)]
    return bool(words) and len(unlike) == len(headlines) >= 2


def _title_words(title: str) -> set[str]:
    return {word for word in re.findall(r"\w+", title.casefold()) if len(word) > 3}


def _live(*columns: Any) -> Select[Any]:
    """A query over the current revisions of articles that were not removed."""
    current = (revisions.c.article == articles.c.id) & (revisions.c.revision == articles.c.revision)
    return (
        select(*columns)
        .join_from(articles, revisions, current)
        .where(articles.c.removed_at.is_(None))
    )


def _within(query: Select[Any], filters: Filters) -> Select[Any]:
    since, until = bounds(filters.period)
    if since is not None:
        query = query.where(revisions.c.published_until > since)
    if until is not None:
        query = query.where(revisions.c.published_from < until)
    if filters.outlets:
        query = query.where(revisions.c.outlet.in_(filters.outlets))
    if filters.articles:
        query = query.where(articles.c.id.in_(filters.articles))
    return query


def _differs(current: Row, row: Row) -> bool:
    """Whether text or title changed, or a source now states what was missing or guessed."""
    if any(current[name] != row[name] for name in ("text_hash", "title")):
        return True
    return any(_is_news(name, current, row) for name in ("published", "outlet", "author"))


def _is_superseded(connection: Connection, current: Row, row: Row) -> bool:
    """Whether this is an earlier revision come again, as from a file that holds both.

    Its own date tells it from a source that went back to an earlier text, which is news.
    """
    if None in (row["published_from"], current["published_from"]):
        return False
    if row["published_from"] >= current["published_from"]:
        return False
    same = [
        revisions.c[name] == value
        for name, value in (
            ("article", current["article"]),
            ("text_hash", row["text_hash"]),
            ("title", row["title"]),
        )
    ]
    return connection.execute(select(revisions.c.revision).where(*same)).first() is not None


def _is_news(name: str, current: Row, row: Row) -> bool:
    if row[name] is None or name in row["guessed"].split() or row[name] == current[name]:
        return False
    return current[name] is None or name in current["guessed"].split()


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
