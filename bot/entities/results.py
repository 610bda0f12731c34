"""The four results, which print as Markdown and go to JSON and back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Self

from bot.entities.articles import ArticleDetails
from bot.entities.claims import Citation, Claim, Conflict, Tally
from bot.entities.searches import Period, SearchRecord


class _Result:
    """Markdown by `str()`, JSON and back."""

    __slots__ = ()

    def __str__(self) -> str:
        from bot import rendering

        return rendering.to_markdown(self)  # type: ignore[arg-type]

    def to_json(self) -> str:
        """The result as one JSON document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def to_dict(self) -> dict[str, Any]:
        """The result as plain JSON values."""
        values: dict[str, Any] = _adapter(type(self)).dump_python(  # type: ignore[arg-type]
            self, mode="json"
        )
        return values

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The result again, equal to the one that `to_json` was called on."""
        result: Self = _adapter(cls).validate_json(text)  # type: ignore[arg-type]
        return result


@cache
def _adapter(result: type) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(result)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(_Result):
    """The answer to a question, or an abstention with its reason and the nearest articles."""

    question: str
    claims: tuple[Claim, ...] = ()
    abstained: bool = False
    reason: str = ""
    search: SearchRecord = SearchRecord()
    nearest: tuple[ArticleDetails, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    articles: tuple[ArticleDetails, ...] = ()
    writer: str = "extractive"
    tally: Tally = Tally()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(_Result):
    """A bullet summary of one or several articles, each bullet a claim."""

    title: str
    claims: tuple[Claim, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    articles: tuple[ArticleDetails, ...] = ()
    quarantined: tuple[Citation, ...] = ()
    writer: str = "extractive"
    tally: Tally = Tally()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(_Result):
    """How well articles support a text: a verdict a sentence, and `score` in [0, 1] for all."""

    score: float
    claims: tuple[Claim, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    articles: tuple[ArticleDetails, ...] = ()
    notices: tuple[str, ...] = ()


class Use(StrEnum):
    """What a briefing did with an article; each live article is exactly one of these."""

    USED = "used"
    ALTERNATE = "alternate"
    OFF_TOPIC = "off topic"
    OUTSIDE_PERIOD = "outside the period"
    UNDATED = "undated"
    FAILED = "failed"
    OVER_BUDGET = "over budget"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageEntry:
    """What a briefing did with one live article, and why where that is not plain."""

    article: str
    use: Use
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles on one event: a headline, which is one of the articles' own, and cited bullets.

    `articles` are ids, the most central first; `alternates` are ids of near-duplicates of those.
    `outlets` counts the independent outlets among them.
    """

    headline: str
    headline_article: str
    claims: tuple[Claim, ...] = ()
    articles: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()
    outlets: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing(_Result):
    """Stories of a period, ranked, with every live article of the archive accounted for."""

    topic: str | None = None
    period: Period = Period()
    created: datetime
    stories: tuple[Story, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    coverage: tuple[CoverageEntry, ...] = ()
    articles: tuple[ArticleDetails, ...] = ()
    quarantined: tuple[Citation, ...] = ()
    writer: str = "extractive"
    tally: Tally = Tally()
    notices: tuple[str, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of all stories, in order."""
        return tuple(claim for story in self.stories for claim in story.claims)

    def to_dict(self) -> dict[str, Any]:
        """As for the other results, with the stories' claims also in one list, `claims`."""
        values = _Result.to_dict(self)
        values["claims"] = [claim for story in values["stories"] for claim in story["claims"]]
        return values
