"""Briefings: the articles of a period grouped into stories, and every article accounted for.

Each live article ends as exactly one entry of the coverage list, whatever happened to it. This
module does not know where articles are kept, `Shelf` does; nor how a story is written, `Desk` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.archive.rows import is_within
from bot.claims import Reviewed
from bot.desk import (
    Desk,
    Members,
    Written,
    collect_notices,
    estimate_stories,
    find_use,
    write_stories,
)
from bot.entities import (
    Article,
    ArticleDetails,
    Briefing,
    Conflict,
    CoverageEntry,
    Estimate,
    Period,
    Progress,
    Story,
    Tally,
    Use,
)
from bot.grounding.injection import is_instruction, is_statement, quarantine
from bot.rendering.phrases import describe_estimate
from bot.stories import group, independent_outlets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Desk", "Request", "Shelf", "estimate_briefing", "write_briefing"]

_HOSTILE = 0.1  # share of an article's text that addresses a model, past which none of it is used
_ALONE = 0.3  # that share for one sentence by itself, which may be a mistake, and is never shown
_FAR = 0.05  # least nearness to a topic that counts


class Shelf(Protocol):
    """Where a briefing finds its articles."""

    def details(self) -> Sequence[ArticleDetails]:
        """Every live article."""

    def alternates(self) -> Mapping[str, str]:
        """Articles whose text is nearly another's: alternate id -> id of the one it repeats."""

    def load(self, ids: Sequence[str]) -> Sequence[Article]:
        """The articles with their text, in the order of the ids."""

    def vectors(self, articles: Sequence[Article]) -> NDArray[np.float32]:
        """A unit vector for each article, a row each."""

    def on_topic(self, topic: str, articles: Sequence[Article]) -> frozenset[str]:
        """The ids of the articles that are about the topic."""

    def topic_vector(self, topic: str) -> NDArray[np.float32]:
        """The unit vector of a topic, to be compared with those of articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a briefing is to be about: topic and period (None and empty: everything), and length."""

    topic: str | None = None
    whole: bool = False  # whether articles on the topic are told whole: it names their outlets
    period: Period
    undated: bool = False  # whether undated articles take part although a period is set
    stories: int = 8
    bullets: int = 3  # at most, in each story
    created: datetime

    @property
    def question(self) -> str:
        """What each sentence should speak of; empty for everything."""
        return "" if self.whole else self.topic or ""


def write_briefing(request: Request, shelf: Shelf, desk: Desk) -> Briefing:
    """The briefing that was requested. Raises a ModelError only when no story could be written."""
    plan = _plan(request, shelf, desk.progress)
    estimate = _estimate(plan, request, desk)
    if estimate.calls:
        desk.progress(Progress("estimating", 0, None, describe_estimate(estimate)))
    written = _write(plan, request, desk)
    stories = [
        (one.reviewed, _story(one.members, one.reviewed, plan.alternates), one.conflicts)
        for one in written
        if one.reviewed and one.reviewed.claims
    ]
    notices = collect_notices(written)
    return _briefing(request, desk, plan, stories, notices)


def estimate_briefing(request: Request, shelf: Shelf, desk: Desk) -> Estimate:
    """About what writing it would take of chat models; nothing is sent to them."""
    return _estimate(_plan(request, shelf, lambda progress: None), request, desk)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a briefing will be about: its stories as groups, and what became of other articles."""

    live: Sequence[ArticleDetails]
    read: Sequence[Article]
    groups: Sequence[Members]
    alternates: Mapping[str, str]
    coverage: dict[str, CoverageEntry]


def _plan(request: Request, shelf: Shelf, progress: Callable[[Progress], None]) -> _Plan:
    coverage: dict[str, CoverageEntry] = {}
    progress(Progress("selecting", 0))
    live = shelf.details()
    read = _read(request, shelf, live, coverage)
    articles = _select(request, shelf, read, coverage)
    progress(Progress("grouping", 0, len(articles)))
    groups = _group(request, shelf, articles) if articles else []
    for article in (article for members in groups[request.stories :] for article in members):
        _cover(coverage, article.id, Use.OVER_BUDGET, f"below the {request.stories} top stories")
    alternates = {
        alternate: original
        for alternate, original in shelf.alternates().items()
        if alternate in coverage and coverage[alternate].use is Use.ALTERNATE
    }
    return _Plan(live, read, groups[: request.stories], alternates, coverage)


def _group(request: Request, shelf: Shelf, articles: Sequence[Article]) -> Sequence[Members]:
    vectors = shelf.vectors(articles)
    groups = group(articles, vectors)
    if not request.question:
        return groups
    return _nearest_first(groups, articles, vectors @ shelf.topic_vector(request.question))


def _nearest_first(
    groups: Sequence[Members], articles: Sequence[Article], nearness: NDArray[np.float32]
) -> list[Members]:
    """The stories that matter most to a topic first: those that many outlets tell, and near it."""
    near = {one.id: max(float(row), _FAR) for one, row in zip(articles, nearness, strict=True)}

    def weight(members: Members) -> float:
        return independent_outlets(members) * sum(near[one.id] for one in members) / len(members)

    return sorted(groups, key=weight, reverse=True)


def _estimate(plan: _Plan, request: Request, desk: Desk) -> Estimate:
    return estimate_stories(plan.groups, request.question, request.bullets, desk)


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
        elif details.published and not is_within(details, request.period):
            _cover(coverage, details.id, Use.OUTSIDE_PERIOD)
        elif details.id in repeated:
            original = repeated[details.id]
            _cover(coverage, details.id, Use.ALTERNATE, f"nearly the same text as {original}")
        else:
            within.append(details.id)
    articles = shelf.load(within)
    for article in articles:
        if not article.text.strip():
            _cover(coverage, article.id, Use.FAILED, "it holds a headline alone")
    return [article for article in articles if article.text.strip()]


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


def _is_hostile(article: Article, coverage: dict[str, CoverageEntry]) -> bool:
    found = quarantine(article)
    hostile = sum(len(one.quote) for one in found)
    most = (_HOSTILE if len(found) > 1 else _ALONE) * len(article.text)
    if hostile <= most and not is_instruction(article.title):
        return False
    _cover(coverage, article.id, Use.QUARANTINED, "much of it addresses a model, not a reader")
    return True


def _write(plan: _Plan, request: Request, desk: Desk) -> list[Written]:
    total = len(plan.groups)
    written: list[Written] = []
    desk.progress(Progress("writing", 0, total))
    for one in write_stories(plan.groups, request.question, request.bullets, desk):
        for article in one.members:
            _cover(plan.coverage, article.id, *find_use(one))
        written.append(one)
        desk.progress(Progress("writing", len(written), total, one.members[0].title))
    failures = [one.failure for one in written if one.failure]
    if failures and not any(one.reviewed and one.reviewed.claims for one in written):
        raise failures[0]
    return written


def _story(members: Members, reviewed: Reviewed, alternates: Mapping[str, str]) -> Story:
    ids = [article.id for article in members]
    named = _named_by(members, reviewed)
    return Story(
        headline=named.title if named else reviewed.claims[0].text,
        headline_article=named.id if named else reviewed.claims[0].citations[0].article,
        claims=reviewed.claims,
        articles=tuple(ids),
        alternates=tuple(a for a, survivor in alternates.items() if survivor in ids),
        outlets=independent_outlets(members, alternates),
    )


def _named_by(members: Members, reviewed: Reviewed) -> Article | None:
    """The article whose headline is the story's: one that its claims cite, the first of them
    before the others, with a headline that was not cut short."""
    cited = [citation.article for claim in reviewed.claims for citation in claim.citations]
    places = {identity: place for place, identity in reversed(list(enumerate(cited)))}
    titled = [article for article in members if article.title and is_statement(article.title)]
    return min(
        titled,
        key=lambda one: (one.title.endswith(("...", "…")), places.get(one.id, len(cited))),
        default=None,
    )


def _briefing(
    request: Request,
    desk: Desk,
    plan: _Plan,
    stories: Sequence[tuple[Reviewed, Story, tuple[Conflict, ...]]],
    notices: tuple[str, ...],
) -> Briefing:
    tallies = [reviewed.tally for reviewed, _, _ in stories]
    writers = dict.fromkeys(reviewed.writer for reviewed, _, _ in stories)
    return Briefing(
        topic=request.topic,
        period=request.period,
        created=request.created,
        stories=tuple(story for _, story, _ in stories),
        conflicts=tuple(conflict for _, _, conflicts in stories for conflict in conflicts),
        coverage=tuple(plan.coverage.values()),
        articles=tuple(plan.live),
        quarantined=tuple(found for article in plan.read for found in quarantine(article)),
        writer=", ".join(writers) or desk.writer.name,
        tally=Tally(
            **{
                name: sum(getattr(tally, name) for tally in tallies)
                for name in ("drafted", "repaired", "replaced", "dropped")
            }
        ),
        notices=notices,
    )
