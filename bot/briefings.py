"""Briefings: the articles of a period grouped into stories, and every article accounted for.

Each live article ends as exactly one entry of the coverage list, whatever happened to it. This
module does not know where articles are kept, `Shelf` does; nor how a story is written, `Desk` does.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

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
    Report,
    Story,
    Tally,
    Use,
    unheard,
)
from bot.grounding.injection import disarm_details, is_instruction, is_statement, quarantine
from bot.grounding.witnesses import independent_outlets
from bot.rendering.phrases import describe_estimate
from bot.stories import group

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_Kept = TypeVar("_Kept", bound=ArticleDetails)
_Fate = tuple[Use, str]  # what becomes of an article, and why where that is not plain

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
    return _estimate(_plan(request, shelf, unheard), request, desk)


class _Coverage(dict[str, CoverageEntry]):
    """What became of each article, by its id; what is said of one first stands."""

    def add(self, article: str, use: Use, reason: str = "") -> None:
        self.setdefault(article, CoverageEntry(article=article, use=use, reason=reason))

    def sift(self, articles: Sequence[_Kept], why: Callable[[_Kept], _Fate | None]) -> list[_Kept]:
        """The articles to go on with: those for which there is no reason `why` not."""
        kept = []
        for article in articles:
            if fate := why(article):
                self.add(article.id, *fate)
            else:
                kept.append(article)
        return kept


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a briefing will be about: its stories as groups, and what became of other articles."""

    live: Sequence[ArticleDetails]
    read: Sequence[Article]
    groups: Sequence[Members]
    alternates: Mapping[str, str]
    coverage: _Coverage


def _plan(request: Request, shelf: Shelf, progress: Report) -> _Plan:
    coverage = _Coverage()
    progress(Progress("selecting", 0))
    live = shelf.details()
    repeated = shelf.alternates()
    within = coverage.sift(live, lambda details: _why_outside(details, request, repeated))
    read = coverage.sift(shelf.load([details.id for details in within]), _why_unread)
    articles = coverage.sift(read, _why_quarantined)
    if request.topic:
        about = shelf.on_topic(request.topic, articles)
        articles = coverage.sift(articles, lambda one: _why_off_topic(one, about))
    progress(Progress("grouping", 0, len(articles)))
    groups = _group(request, shelf, articles) if articles else []
    for article in (article for members in groups[request.stories :] for article in members):
        coverage.add(article.id, Use.OVER_BUDGET, f"below the {request.stories} top stories")
    alternates = {
        alternate: original
        for alternate, original in repeated.items()
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


def _why_outside(
    details: ArticleDetails, request: Request, repeated: Mapping[str, str]
) -> _Fate | None:
    if details.published is None and request.period and not request.undated:
        return Use.UNDATED, "takes part only without a period"
    if details.published and not is_within(details, request.period):
        return Use.OUTSIDE_PERIOD, ""
    if details.id in repeated:
        return Use.ALTERNATE, f"nearly the same text as {repeated[details.id]}"
    return None


def _why_unread(article: Article) -> _Fate | None:
    return None if article.text.strip() else (Use.FAILED, "it holds a headline alone")


def _why_quarantined(article: Article) -> _Fate | None:
    found = quarantine(article)
    hostile = sum(len(one.quote) for one in found)
    most = (_HOSTILE if len(found) > 1 else _ALONE) * len(article.text)
    if hostile <= most and not is_instruction(article.title):
        return None
    return Use.QUARANTINED, "much of it addresses a model, not a reader"


def _why_off_topic(article: Article, about: Container[str]) -> _Fate | None:
    return None if article.id in about else (Use.OFF_TOPIC, "")


def _write(plan: _Plan, request: Request, desk: Desk) -> list[Written]:
    total = len(plan.groups)
    written: list[Written] = []
    desk.progress(Progress("writing", 0, total))
    for one in write_stories(plan.groups, request.question, request.bullets, desk):
        for article in one.members:
            plan.coverage.add(article.id, *find_use(one))
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
    read = {article.id for article in plan.read}
    writers = dict.fromkeys(reviewed.writer for reviewed, _, _ in stories)
    return Briefing(
        topic=request.topic,
        period=request.period,
        created=request.created,
        stories=tuple(story for _, story, _ in stories),
        conflicts=tuple(conflict for _, _, conflicts in stories for conflict in conflicts),
        coverage=tuple(plan.coverage.values()),
        articles=tuple(disarm_details(one) if one.id in read else one for one in plan.live),
        quarantined=tuple(found for article in plan.read for found in quarantine(article)),
        writer=", ".join(writers) or desk.writer.name,
        tally=sum((reviewed.tally for reviewed, _, _ in stories), Tally()),
        notices=notices,
    )
