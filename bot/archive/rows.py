"""Between what flows and the rows that keep it: articles, their dates and their chunks."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from langchain_core.documents import Document
from sqlalchemy import RowMapping

from bot.entities import Article, ArticleDetails, Filters, Period, Precision
from vectorstore.chunking import Span, make_chunk
from vectorstore.filters import Where

Row = RowMapping | Mapping[str, Any]

_DETAILS = ("title", "outlet", "author", "url", "language", "address")


def hash_text(text: str) -> str:
    """The identity of a text, whatever its spacing."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def to_row(article: Article) -> dict[str, Any]:
    """The columns of a revision that the article itself fills."""
    published_from, published_until = interval(article.published, article.precision)
    return {
        **{name: getattr(article, name) for name in _DETAILS},
        "published": _to_iso(article.published),
        "precision": article.precision.value,
        "published_from": published_from,
        "published_until": published_until,
        "retrieved": _to_iso(article.retrieved),
        "guessed": " ".join(article.guessed),
        "text_hash": hash_text(article.text),
        "text": article.text,
    }


def to_details(row: Row) -> ArticleDetails:
    """The details of a stored revision."""
    return ArticleDetails(**_details(row))


def to_article(row: Row) -> Article:
    """A stored revision."""
    return Article(**_details(row), text=row["text"])


def to_chunk(row: Row, span: Span, n: int) -> Document:
    """The `n`th chunk of a stored revision, as it is embedded and searched for."""
    names = ("article", "revision", "title", "outlet")
    return make_chunk(
        row["text"],
        span,
        n,
        {
            **{name: row[name] for name in names},
            "published": row["published_from"],
            "published_until": row["published_until"],
            "group": row.get("alternate_of") or row["article"],
        },
    )


def to_where(filters: Filters) -> Where:
    """The filters as the vector store and the keyword index take them."""
    since, until = bounds(filters.period)
    return Where(since=since, until=until, outlets=filters.outlets, articles=filters.articles)


def is_within(article: ArticleDetails, period: Period) -> bool:
    """Whether it may have been published within the period; undated, only within all time."""
    published, until = interval(article.published, article.precision)
    where = to_where(Filters(period=period))
    return where.matches({"published": published, "published_until": until})


def bounds(period: Period) -> tuple[int | None, int | None]:
    """The period [since, until) in epoch seconds."""
    since, until = period.since, period.until
    return (
        None if since is None else math.floor(since.timestamp()),
        None if until is None else math.ceil(until.timestamp()),
    )


def interval(
    published: datetime | None, precision: Precision
) -> tuple[int, int] | tuple[None, None]:
    """The seconds [from, until) in which an article may have been published.

    It is within a period when the two overlap; an article without a date is within none.
    """
    if published is None:
        return None, None
    length = timedelta(days=1) if precision is Precision.DAY else timedelta(seconds=1)
    first = math.floor(published.timestamp())
    return first, first + int(length.total_seconds())


def _details(row: Row) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _DETAILS},
        "id": row["article"],
        "revision": row["revision"],
        "published": _from_iso(row["published"]),
        "precision": Precision(row["precision"]),
        "retrieved": _from_iso(row["retrieved"]),
        "guessed": tuple(row["guessed"].split()),
    }


def to_utc(moment: datetime) -> str:
    """A moment as the text that sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _to_iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


def _from_iso(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
