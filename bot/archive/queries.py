"""What the queries on several tables share: live articles, filters, statements in parts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, TableValuedAlias, func, select

from bot.archive.rows import Row, bounds
from bot.archive.schema import articles, revisions
from bot.entities import Filters

_AT_ONCE = 500  # values in one statement; SQLite takes 32,766, older ones 999

_Value = TypeVar("_Value")


def find_article(connection: Connection, identity: str) -> Row | None:
    """An article's row, whether it is live or was removed."""
    wanted = select(articles).where(articles.c.id == identity)
    return connection.execute(wanted).mappings().first()


def find_revision(connection: Connection, identity: str, revision: int) -> Row | None:
    """The row of one of its revisions, with the text."""
    same = (revisions.c.article == identity) & (revisions.c.revision == revision)
    return connection.execute(select(revisions).where(same)).mappings().first()


def live(*columns: Any) -> Select[Any]:
    """A query over the current revisions of articles that were not removed."""
    current = (revisions.c.article == articles.c.id) & (revisions.c.revision == articles.c.revision)
    joined = select(*columns).join_from(articles, revisions, current)
    return joined.where(articles.c.removed_at.is_(None))


def within(query: Select[Any], filters: Filters) -> Select[Any]:
    """The query, limited to what the filters let through (as `vectorstore.filters.Where` does)."""
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


def in_parts(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    """The values in as many parts as statements are needed for them."""
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def asked(values: Sequence[str]) -> TableValuedAlias:
    """The values, however many, as a table of one column, `value`, to be joined."""
    return func.json_each(json.dumps(list(values))).table_valued("value", name="asked")
