"""From a standing briefing and the archive to a draft: the briefing before it is compared.

A draft holds all that the edition needs later, so that a run that was killed goes on from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Self

from bot.archive.calls import Spent
from bot.briefings import Request, estimate_briefing, write_briefing
from bot.chronicle import Reference
from bot.desk import Desk
from bot.editions.newsroom import Newsroom
from bot.editions.rereading import read_known
from bot.editions.selection import DELAY, FIRST, EditionShelf, Wanted, is_watched, select
from bot.editions.standing import HEADLINES, SINCE_LAST, StandingBriefing
from bot.editions.timelines import count_days
from bot.entities import Article, Briefing, Estimate, Period, Progress, Report, Use
from bot.periods import parse_moment
from bot.writing import EXTRACTIVE
from bot.writing.drafts import Writer

_MORE = 2  # times the bullets that are chosen where choosing costs nothing, as some are repeated
_PROMPTS = ("story", "combine", "quoted", "rewrite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A briefing with what it was made from.

    `read` are the articles that were new, in order; `days` counts those that were published on a
    day, and later ones that name it.
    """

    briefing: Briefing
    read: tuple[Reference, ...] = ()
    repeats: dict[str, str] = field(default_factory=dict)
    outside: int = 0
    writer: str = "extractive"
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    estimated_tokens: int = 0
    tokens: int = 0
    cost: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    days: dict[date, tuple[int, int]] = field(default_factory=dict)

    def to_json(self) -> str:
        """The draft as JSON."""
        text: bytes = _adapter().dump_json(self)
        return text.decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The draft again."""
        draft: Self = _adapter().validate_json(text)
        return draft


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the editions before leave to this one: up to when they went, and what they covered.

    `first` is where the first one began, None while there is none; `slot` when this one is due.
    """

    slot: datetime
    first: datetime | None = None
    until: datetime | None = None
    covered: frozenset[Reference] = frozenset()


def write_draft(
    room: Newsroom, standing: StandingBriefing, before: Before, progress: Report
) -> Draft:
    """The draft of an edition at this moment. Raises what writing a briefing raises."""
    now = room.clock().astimezone(standing.zone)
    since, wanted = _wanted(room, standing, before, now)
    live = room.library.shelf.details()
    chosen = select(live, wanted)
    shelf = EditionShelf(room.library.shelf, chosen, _about(room, standing))
    writer = open_writer(room, standing)
    request = make_request(standing, writer, now)
    read = tuple(Reference(article.id, article.revision) for article in chosen)
    desk = open_desk(room, writer, read_known(room, standing.name, read), progress)
    estimate = estimate_briefing(request, shelf, desk) if writer.name != EXTRACTIVE else Estimate()
    begun = time.monotonic()
    briefing = write_briefing(request, shelf, desk)
    period = Period(since, now, standing.period)
    spent = _spent_by(writer)
    repeats = room.library.shelf.alternates()
    return Draft(
        briefing=replace(briefing, period=period),
        read=read,
        repeats={one.id: repeats[one.id] for one in chosen if one.id in repeats},
        outside=len(live) - len(chosen),
        writer=writer.name,
        parameters=_parameters(room, standing),
        prompts=_prompts(writer, room.settings.judge_model),
        estimated_tokens=estimate.tokens,
        tokens=spent.tokens,
        cost=spent.cost,
        seconds={"write": round(time.monotonic() - begun, 3)},
        days=_days(room, briefing),
    )


def _days(room: Newsroom, briefing: Briefing) -> dict[date, tuple[int, int]]:
    """The days of the articles that were meant for the reader, each text once."""
    uses = (Use.USED, Use.OVER_BUDGET)
    used = [entry.article for entry in briefing.coverage if entry.use in uses]
    counts = count_days(room.library.shelf.load(used))
    return {day: (count.published, count.named) for day, count in counts.items()}


def _spent_by(writer: Writer) -> Spent:
    """What the calls of one run took; those of chats that went on beside it are not among them."""
    account = getattr(writer, "account", None)
    return account.spent if account else Spent()


def open_writer(room: Newsroom, standing: StandingBriefing) -> Writer:
    """The standing briefing's writer, which may take what its budget allows."""
    return room.open_writer(standing.model, standing.budget.tokens, standing.budget.money)


def open_desk(room: Newsroom, writer: Writer, known: Mapping[str, str], progress: Report) -> Desk:
    """The desk of one edition, which has read what is `known` of revised articles."""
    return Desk(
        writer=writer,
        checker=room.checker(writer),
        find_conflicts=room.find_conflicts,
        progress=_watched(room, progress),
        parallel=1 if writer.name == EXTRACTIVE else room.settings.parallel,
        known=known,
    )


def make_request(standing: StandingBriefing, writer: Writer, created: datetime) -> Request:
    """What an edition of a shelf's articles is to be about, and how long."""
    bullets = 1 if standing.style == HEADLINES else standing.bullets
    return Request(
        topic=standing.subject or (", ".join(standing.watch.outlets) or None),
        whole=standing.subject is None,
        period=Period(),
        undated=True,
        stories=standing.stories,
        bullets=bullets * _MORE if writer.name == EXTRACTIVE else bullets,
        created=created,
    )


def _watched(room: Newsroom, progress: Report) -> Report:
    def report(done: Progress) -> None:
        room.reached(f"{done.stage} {done.done}")
        progress(done)

    return report


def _wanted(
    room: Newsroom, standing: StandingBriefing, before: Before, now: datetime
) -> tuple[datetime | None, Wanted]:
    """Since when the edition says it goes, and which articles it takes."""
    arrived = {name: datetime.fromisoformat(when) for name, when in room.memory.added_at().items()}
    if standing.period != SINCE_LAST:
        since = parse_moment(standing.period, now)
        return since, Wanted(since=since, until=now, arrived=arrived)
    if before.first is None or before.until is None:
        since = _begin(standing, before.slot)
        wanted = Wanted(since=since, until=now, arrived=arrived, covered=before.covered)
        return since, wanted
    since = min(before.until, now)
    earliest = max(before.first, since - DELAY) if before.first <= since else since - DELAY
    return since, Wanted(since=earliest, until=now, arrived=arrived, covered=before.covered)


def _begin(standing: StandingBriefing, slot: datetime) -> datetime:
    """Where a first edition begins: a week before it is due, or at the slot before if longer."""
    schedule = standing.schedule
    earlier = schedule.latest(slot - (slot.resolution)) if schedule else None
    return min(filter(None, (slot - FIRST, earlier)))


def _about(
    room: Newsroom, standing: StandingBriefing
) -> Callable[[str, Sequence[Article]], frozenset[str]]:
    def about(subject: str, articles: Sequence[Article]) -> frozenset[str]:
        found = frozenset[str]()
        if standing.topic:
            found |= room.library.shelf.on_topic(standing.topic, articles)
        return found | {one.id for one in articles if is_watched(one, standing.watch)}

    return about


def recorded_about(
    briefing: Briefing,
) -> Callable[[str, Sequence[Article]], frozenset[str]]:
    """Which articles were on topic when a briefing was written, by its coverage."""
    off = {entry.article for entry in briefing.coverage if entry.use is Use.OFF_TOPIC}

    def about(subject: str, articles: Sequence[Article]) -> frozenset[str]:
        return frozenset(one.id for one in articles) - off

    return about


def _parameters(
    room: Newsroom, standing: StandingBriefing
) -> dict[str, str | int | float | bool | None]:
    watch = standing.watch
    return {
        "topic": standing.topic,
        "terms": ", ".join(watch.terms),
        "outlets": ", ".join(watch.outlets),
        "people": ", ".join(watch.people),
        "period": standing.period,
        "stories": standing.stories,
        "bullets": standing.bullets,
        "style": standing.style,
        "repeated": standing.repeated,
        "model": standing.model or room.settings.writer,
        "judge": room.settings.judge_model,
        "temperature": room.settings.temperature,
        "budget tokens": standing.budget.tokens,
        "budget money": standing.budget.money,
    }


def _prompts(writer: Writer, judge: str | None) -> dict[str, str]:
    if writer.name == EXTRACTIVE:
        return {}
    from prompts import digest

    return {name: digest(name) for name in (*_PROMPTS, *(["judge"] if judge else []))}
