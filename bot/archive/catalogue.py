"""The catalogue: the live articles a page at a time, searched, sorted and filtered in SQL.

    listing = archive.catalogue.page(Wanted(words="ferry", outlets=("Harbour Post",)))
    for entry in listing.entries:
        print(entry.article.title, entry.revisions, len(entry.alternates))

An article and the alternates that repeat its text, or nearly, are one entry, found by what any of
them is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
)

from bot.archive.database import Database
from bot.archive.queries import live, within
from bot.archive.rows import Row, to_article, to_details
from bot.archive.schema import articles, revisions
from bot.entities import Article, ArticleDetails, Filters, Period
from vectorstore.keywords import ARTICLES_WITH, beginning

ALWAYS = Period()

_WORDS = 12  # of a search; a pasted text is cut short
_FIELDS = ("title", "outlet", "author", "url", "address")


class Order(StrEnum):
    """How a listing is sorted; articles without a date come last."""

    NEWEST = "newest"
    OLDEST = "oldest"
    ADDED = "added"
    HEADLINE = "headline"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to list: articles that hold every one of `words`, a page (from 1) of `size` entries."""

    words: str = ""
    outlets: tuple[str, ...] = ()
    period: Period = ALWAYS
    order: Order = Order.NEWEST
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """An article that repeats another's text, how many revisions of it are kept, and whether it is
    the very same text."""

    article: ArticleDetails
    revisions: int = 1
    is_same: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article, how many revisions of it are kept, when it came, and who repeats its text."""

    article: ArticleDetails
    revisions: int
    added: datetime
    alternates: tuple[Alternate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of entries, the last one where `Wanted` names one beyond it; `total` counts all."""

    entries: tuple[Entry, ...]
    total: int
    page: int
    pages: int


class Catalogue:
    """Lists what a database holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: Wanted) -> Listing:
        """The page that is wanted."""
        ordered = (
            live(articles.c.id)
            .where(articles.c.id.in_(_found(wanted)))
            .order_by(*_ORDERS[wanted.order], articles.c.id)
        )
        with self._database.read() as connection:
            ids = connection.scalars(ordered).all()  # all of them cost less than a second search
            pages = max(1, -(-len(ids) // wanted.size))
            number = min(max(wanted.page, 1), pages)
            shown = ids[(number - 1) * wanted.size : number * wanted.size]
            entries = _entries(connection, shown)
        return Listing(entries=entries, total=len(ids), page=number, pages=pages)

    def size(self) -> tuple[int, int]:
        """How many live articles there are, alternates too, and how many outlets they name."""
        wanted = live(func.count(), func.count(revisions.c.outlet.distinct()))
        with self._database.read() as connection:
            number, outlets = connection.execute(wanted).one()
            return number, outlets

    def outlets(self) -> dict[str, int]:
        """The outlets of the live articles, and how many articles are from each, most first."""
        number = func.count()
        wanted = live(revisions.c.outlet, number).group_by(revisions.c.outlet)
        named = wanted.where(revisions.c.outlet.is_not(None))
        with self._database.read() as connection:
            rows = connection.execute(named.order_by(number.desc(), revisions.c.outlet))
            return dict(tuple(pair) for pair in rows)

    def revisions(self, identity: str) -> tuple[Article, ...]:
        """Every revision of an article, the first one first; none when it was removed."""
        wanted = select(revisions).where(revisions.c.article == identity)
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(revisions.c.revision)).mappings()
            return tuple(to_article(row) for row in rows)


_DETAILS = [column for column in revisions.c if column.name not in ("text", "added_at")]
_EVERY = revisions.alias()
_NUMBER = (
    select(func.count())
    .select_from(_EVERY)
    .where(_EVERY.c.article == articles.c.id)
    .scalar_subquery()
    .label("revisions")
)
_ORDERS: dict[Order, Sequence[ColumnElement[Any]]] = {
    Order.NEWEST: (revisions.c.published_from.desc().nulls_last(),),
    Order.OLDEST: (revisions.c.published_from.asc().nulls_last(),),
    Order.ADDED: (articles.c.added_at.desc(),),
    Order.HEADLINE: (func.lower(revisions.c.title),),
    Order.OUTLET: (
        func.lower(revisions.c.outlet).nulls_last(),
        revisions.c.published_from.desc().nulls_last(),
    ),
}


def _found(wanted: Wanted) -> Select[Any]:
    """The ids of the articles that are within what is wanted, or have an alternate that is."""
    query = live(func.coalesce(articles.c.alternate_of, articles.c.id)).distinct()
    query = within(query, Filters(period=wanted.period, outlets=wanted.outlets))
    return query.where(and_(True, *(_holds(word, n) for n, word in enumerate(_words(wanted)))))


def _words(wanted: Wanted) -> list[str]:
    return re.findall(r"\w+", wanted.words)[:_WORDS]


def _holds(word: str, n: int) -> ColumnElement[bool]:
    """Whether text or headline holds a word that begins so, or another field these letters."""
    name = f"beginning_{n}"
    with_word = text(ARTICLES_WITH.replace(":beginning", f":{name}"))
    in_text = articles.c.id.in_(with_word.bindparams(bindparam(name, beginning(word))))
    return or_(in_text, *(revisions.c[field].icontains(word, autoescape=True) for field in _FIELDS))


def _entries(connection: Connection, ids: Sequence[str]) -> tuple[Entry, ...]:
    """The entries of these articles, in their order."""
    wanted = live(articles.c.added_at, _NUMBER, *_DETAILS)
    rows = connection.execute(wanted.where(articles.c.id.in_(ids))).mappings()
    found = {row["article"]: row for row in rows}
    repeats = _alternates(connection, ids)
    return tuple(_entry(found[one], tuple(repeats[one])) for one in ids)


def _entry(row: Row, alternates: Sequence[Row]) -> Entry:
    return Entry(
        article=to_details(row),
        revisions=row["revisions"],
        added=datetime.fromisoformat(row["added_at"]),
        alternates=tuple(_alternate(one, row["text_hash"]) for one in alternates),
    )


def _alternate(row: Row, text_hash: str) -> Alternate:
    return Alternate(
        article=to_details(row),
        revisions=row["revisions"],
        is_same=row["text_hash"] == text_hash,
    )


def _alternates(connection: Connection, ids: Sequence[str]) -> defaultdict[str, list[Row]]:
    wanted = live(articles.c.alternate_of, _NUMBER, *_DETAILS)
    wanted = wanted.where(articles.c.alternate_of.in_(ids))
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(articles.c.added_at, articles.c.id)).mappings():
        found[row["alternate_of"]].append(row)
    return found
