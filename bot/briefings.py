"""Briefings: the articles of a period grouped into stories, and every article accounted for.

Each live article ends as exactly one entry of the coverage list, whatever happened to it. A story
that cannot be written costs only itself. This module does not know where articles are kept; `Shelf`
does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from bot.claims import Reviewed, SentenceChecker, drain, passage_of, review
from bot.entities import (
    Article,
    ArticleDetails,
    Briefing,
    Conflict,
    CoverageEntry,
    Period,
    Precision,
    Progress,
    Story,
    Tally,
    Use,
)
from bot.errors import ModelOutputError
from bot.grounding.injection import is_instruction, is_statement, quarantine
from bot.stories import find_alternates, group, independent_outlets
from bot.writing.drafts import Purpose, Task, Writer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HOSTILE = 0.1  # share of an article's text that addresses a model, past which none of it is used
_COMPARED = 6  # articles of a story among which conflicts are sought, the most central ones


class Shelf(Protocol):
    """Where a briefing finds its articles."""

    def details(self) -> Sequence[ArticleDetails]:
        """Every live article."""

    def alternates(self) -> Mapping[str, str]:
        """Articles whose text is that of another: alternate id -> id of the one it repeats."""

    def load(self, ids: Sequence[str]) -> Sequence[Article]:
        """The articles with their text, in the order of the ids."""

    def vectors(self, articles: Sequence[Article]) -> NDArray[np.float32]:
        """A unit vector for each article, a row each."""

    def on_topic(self, topic: str, articles: Sequence[Article]) -> frozenset[str]:
        """The ids of the articles that are about the topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a briefing is to be about: topic and period (None and empty: everything), and length."""

    topic: str | None = None
    period: Period
    undated: bool = False  # whether undated articles take part although a period is set
    stories: int = 8
    bullets: int = 3  # at most, in each story
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who writes a briefing's stories, who checks them, and who is told how far it is."""

    writer: Writer
    checker: SentenceChecker
    find_conflicts: Callable[[Sequence[Article]], Sequence[Conflict]]
    progress: Callable[[Progress], None]


def write_briefing(request: Request, shelf: Shelf, desk: Desk) -> Briefing:
    """The briefing that was requested. Raises a ModelError only when no story could be written."""
    coverage: dict[str, CoverageEntry] = {}
    desk.progress(Progress("selecting", 0))
    live = shelf.details()
    read = _read(request, shelf, live, coverage)
    articles = _select(request, shelf, read, coverage)
    alternates = _alternates(articles, coverage)
    distinct = [article for article in articles if article.id not in alternates]
    desk.progress(Progress("grouping", 0, len(distinct)))
    groups = group(distinct, shelf.vectors(distinct)) if distinct else []
    for article in (article for members in groups[request.stories :] for article in members):
        _cover(coverage, article.id, Use.OVER_BUDGET, f"below the {request.stories} top stories")
    written = _write(groups[: request.stories], request, desk, alternates, coverage)
    return _briefing(request, desk, live, read, written, coverage)


@dataclass(frozen=True, slots=True)
class _Written:
    story: Story
    reviewed: Reviewed
    conflicts: tuple[Conflict, ...]


def _cover(coverage: dict[str, CoverageEntry], article: str, use: Use, reason: str = "") -> None:
    coverage.setdefault(article, CoverageEntry(article=article, use=use, reason=reason))


def _read(
    request: Request,
    shelf: Shelf,
    live: Sequence[ArticleDetails],
    coverage: dict[str, CoverageEntry],
) -> Sequence[Article]:
    """The distinct articles of the period; the others are covered with the reason why not."""
    repeated = shelf.alternates()
    within = []
    for details in live:
        if details.published is None and request.period and not request.undated:
            _cover(coverage, details.id, Use.UNDATED, "takes part only without a period")
        elif not _in_period(details, request.period):
            _cover(coverage, details.id, Use.OUTSIDE_PERIOD)
        elif details.id in repeated:
            _cover(coverage, details.id, Use.ALTERNATE, f"the same text as {repeated[details.id]}")
        else:
            within.append(details.id)
    return shelf.load(within)


def _select(
    request: Request,
    shelf: Shelf,
    read: Sequence[Article],
    coverage: dict[str, CoverageEntry],
) -> list[Article]:
    """Those that are on topic and meant for readers; the others are covered."""
    articles = [article for article in read if not _is_hostile(article, coverage)]
    if not request.topic:
        return articles
    about = shelf.on_topic(request.topic, articles)
    for article in articles:
        if article.id not in about:
            _cover(coverage, article.id, Use.OFF_TOPIC)
    return [article for article in articles if article.id in about]


def _in_period(details: ArticleDetails, period: Period) -> bool:
    """Whether the time of publication (where only the day is known, all of it) meets the period."""
    start = details.published
    if start is None:
        return True
    end = start + (timedelta(days=1) if details.precision is Precision.DAY else timedelta(0))
    before = period.since is not None and (end <= period.since and start != period.since)
    return not before and (period.until is None or start < period.until)


def _is_hostile(article: Article, coverage: dict[str, CoverageEntry]) -> bool:
    hostile = sum(len(found.quote) for found in quarantine(article))
    if hostile <= _HOSTILE * len(article.text) and not is_instruction(article.title):
        return False
    _cover(coverage, article.id, Use.QUARANTINED, "much of it addresses a model, not a reader")
    return True


def _alternates(
    articles: Sequence[Article], coverage: dict[str, CoverageEntry]
) -> Mapping[str, str]:
    alternates: Mapping[str, str] = find_alternates(articles)
    for alternate, survivor in alternates.items():
        _cover(coverage, alternate, Use.ALTERNATE, f"nearly the same text as {survivor}")
    return alternates


def _write(
    groups: Sequence[Sequence[Article]],
    request: Request,
    desk: Desk,
    alternates: Mapping[str, str],
    coverage: dict[str, CoverageEntry],
) -> list[_Written]:
    written: list[_Written] = []
    failure: ModelOutputError | None = None
    for done, members in enumerate(groups):
        desk.progress(Progress("writing", done, len(groups), members[0].title))
        try:
            one = _write_story(members, request, desk, alternates)
        except ModelOutputError as error:
            failure, one = error, None
        for article in members:
            if one:
                _cover(coverage, article.id, Use.USED)
            else:
                _cover(coverage, article.id, Use.FAILED, "its story could not be written")
        written += [one] if one else []
    if failure and not written:
        raise failure
    desk.progress(Progress("writing", len(groups), len(groups)))
    return written


def _write_story(
    members: Sequence[Article], request: Request, desk: Desk, alternates: Mapping[str, str]
) -> _Written | None:
    """One story; None when nothing that was drafted for it survived."""
    passages = tuple(passage_of(article, n) for n, article in enumerate(members, start=1))
    task = Task(
        purpose=Purpose.STORY,
        passages=passages,
        bullets=request.bullets,
        question=request.topic or "",
    )
    reviewed = drain(review(task, desk.writer, desk.checker))
    if not reviewed.claims:
        return None
    ids = [article.id for article in members]
    named = next((a for a in members if a.title and is_statement(a.title)), None)
    story = Story(
        headline=named.title if named else reviewed.claims[0].text,
        headline_article=named.id if named else reviewed.claims[0].citations[0].article,
        claims=reviewed.claims,
        articles=tuple(ids),
        alternates=tuple(a for a, survivor in alternates.items() if survivor in ids),
        outlets=independent_outlets(members, alternates),
    )
    return _Written(story, reviewed, tuple(desk.find_conflicts(members[:_COMPARED])))


def _briefing(
    request: Request,
    desk: Desk,
    live: Sequence[ArticleDetails],
    read: Sequence[Article],
    written: Sequence[_Written],
    coverage: Mapping[str, CoverageEntry],
) -> Briefing:
    tallies = [one.reviewed.tally for one in written]
    notices = dict.fromkeys(notice for one in written for notice in one.reviewed.notices)
    return Briefing(
        topic=request.topic,
        period=request.period,
        created=request.created,
        stories=tuple(one.story for one in written),
        conflicts=tuple(conflict for one in written for conflict in one.conflicts),
        coverage=tuple(coverage.values()),
        articles=tuple(live),
        quarantined=tuple(found for article in read for found in quarantine(article)),
        writer=desk.writer.name,
        tally=Tally(
            **{
                name: sum(getattr(tally, name) for tally in tallies)
                for name in ("drafted", "repaired", "replaced", "dropped")
            }
        ),
        notices=tuple(notices),
    )
