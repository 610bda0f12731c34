"""Articles: one revision each, with what its source says of it, and spans of its text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a publication date is known."""

    TIME = "time"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDetails:
    """An article without its text: what a result says of each article that it cites.

    `id` is stable across revisions; `revision` counts from 1. `guessed` names the fields that the
    source did not state outright, such as a headline taken from the first line. A `published` of
    precision "day" is midnight UTC of the day that the source names.
    """

    id: str
    revision: int = 1
    title: str = ""
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: datetime | None = None
    precision: Precision = Precision.TIME
    retrieved: datetime | None = None
    language: str | None = None
    address: str = ""
    guessed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleDetails):
    """One revision of an article. `text` is its body, without headline and date line."""

    text: str

    @property
    def details(self) -> ArticleDetails:
        """The article without its text."""
        return ArticleDetails(
            **{name: getattr(self, name) for name in ArticleDetails.__dataclass_fields__}
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence by its character span in an article's text; `text` is verbatim."""

    start: int
    end: int
    text: str
