"""What flows through Newsbot: frozen dataclasses that hold facts and do nothing.

    address -> Article -> Sentence -> Passage -> Claim(Citation...) -> Answer | Summary | Briefing

A `Citation` is the same object in the page, in Python, in a scheduled edition and in every export.
Every time here is timezone-aware. Offsets count characters (code points) of `Article.text`.

This module knows nothing about databases, models, prompts or the web. The four results (`Answer`,
`Summary`, `Briefing`, `Check`) print as Markdown and go to JSON and back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Self


class Precision(StrEnum):
    """How exactly a publication date is known."""

    TIME = "time"
    DAY = "day"


class Verdict(StrEnum):
    """What checking a claim against its sentences found.

    `NOT_CHECKED` (language, time-out or budget) is shown as such and never counts as supported.
    """

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    NOT_CHECKED = "not checked"


class Origin(StrEnum):
    """Where the wording of a claim comes from."""

    VERBATIM = "verbatim"  # the article's own sentence, chosen by the extractive writer
    WRITTEN = "written"  # a chat model's sentence
    REPAIRED = "repaired"  # a chat model's second attempt, after the first was unsupported
    REPLACED = "replaced"  # the article's own sentence, in place of an unsupported one
    GIVEN = "given"  # somebody else's text, given to `check`


class ConflictKind(StrEnum):
    """Which part of two sentences cannot both be true."""

    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    ROLE = "role"
    NEGATION = "negation"
    ATTRIBUTION = "attribution"
    OTHER = "other"


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


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of a stored revision: `text[start:end] == quote`."""

    article: str
    revision: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence that Newsbot shows, with the sentences that carry it.

    `score` in [0, 1] is the support found, None when not checked. `reasons` are for people ("the
    article says 12, not 21"). `outlets` counts the independent outlets among the citations.
    `days` are when it happened, by the claim's own words ("yesterday", "on Monday", "in May"),
    resolved from the publication of the first cited article: ISO 8601 days, or intervals of them.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    verdict: Verdict = Verdict.NOT_CHECKED
    score: float | None = None
    reasons: tuple[str, ...] = ()
    origin: Origin = Origin.WRITTEN
    outlets: int = 1
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two sentences that cannot both be true, within one article or between two.

    `first` comes earlier (in the article, or by publication); `reason` says what differs.
    """

    kind: ConflictKind
    first: Citation
    second: Citation
    reason: str
    score: float = 1.0


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
class Tally:
    """What became of the claims that a writer drafted."""

    drafted: int = 0
    repaired: int = 0
    replaced: int = 0
    dropped: int = 0


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
class CoverageEntry:
    """What a briefing did with one live article, and why where that is not plain."""

    article: str
    use: Use
    reason: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(_Result):
    """How well articles support a text: a verdict a sentence, and `score` in [0, 1] for all."""

    score: float
    claims: tuple[Claim, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    articles: tuple[ArticleDetails, ...] = ()
    notices: tuple[str, ...] = ()


# What `ask_stream` yields, in this order; the Answer comes last.


@dataclass(frozen=True, slots=True)
class Searching:
    """The search has begun; says what for."""

    search: SearchRecord


@dataclass(frozen=True, slots=True)
class DraftText:
    """More text from the writer, not checked yet."""

    text: str


@dataclass(frozen=True, slots=True)
class ClaimChecked:
    """A drafted sentence has its verdict; `draft` is what the writer had written.

    `claim` is None when the sentence was dropped.
    """

    draft: str
    claim: Claim | None
    reasons: tuple[str, ...] = ()


AnswerEvent = Searching | DraftText | ClaimChecked | Answer


class Outcome(StrEnum):
    """What became of one article that was to be ingested."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    ALTERNATE = "alternate"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Ingested:
    """The outcome for one address; `message` says why it was skipped or failed."""

    address: str
    outcome: Outcome
    article: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Every outcome of an ingest, in order."""

    outcomes: tuple[Ingested, ...] = ()

    def __iter__(self) -> Iterator[Ingested]:
        return iter(self.outcomes)

    def count(self, outcome: Outcome) -> int:
        """How many addresses had this outcome."""
        return sum(ingested.outcome is outcome for ingested in self.outcomes)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work has come: `done` of `total` in a stage; `total` None when unknown."""

    stage: str
    done: int
    total: int | None = None
    note: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the calls of one chat model for one purpose took in a day of the user's timezone.

    `cached_tokens`, read from the server's own cache, are among `input_tokens`. `from_cache` counts
    the calls that Newsbot's cache answered without the model. `cost` is in the money that
    NEWSBOT_PRICES is set in, None where a price is not known.
    """

    day: date
    model: str
    purpose: str
    calls: int
    failed: int = 0
    from_cache: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """About what some work will take of a chat model; nothing at all for the extractive writer.

    Sentences that have to be rewritten are not foreseen. `cost` is None where no price is set.
    """

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Estimate) -> Estimate:
        if not self.calls or not other.calls:
            return self if self.calls else other
        known = self.cost is not None and other.cost is not None
        return Estimate(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost=(self.cost or 0) + (other.cost or 0) if known else None,
        )
