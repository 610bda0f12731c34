"""Searches: what one is limited to, the passages that it finds, and the record of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.entities.articles import ArticleDetails


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time [since, until); `words` is how the user said it, "" when set by a filter."""

    since: datetime | None = None
    until: datetime | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a search is limited to; an empty tuple or a None limits nothing."""

    period: Period = Period()
    outlets: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRecord:
    """What was searched for an answer: the queries as they were put, and the filters."""

    queries: tuple[str, ...] = ()
    filters: Filters = Filters()
    articles: int = 0  # articles within the filters


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk that was retrieved: numbered from 1 within one retrieval, scored, best first.

    `score` is the fused retrieval score, comparable within one retrieval only; `similarity` is the
    cosine between query and passage, None where the passage was found by keywords alone.
    """

    number: int
    article: ArticleDetails
    start: int
    end: int
    text: str
    score: float = 0.0
    similarity: float | None = None
