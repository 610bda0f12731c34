"""Which days a standing briefing's news turned on, and what its editions told of them.

A day matters by how much was published on it and by how many later articles come back to it: what
is only reported once more the next day is named by few. Pure functions.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.archive.amendments import Amendment, Place
from bot.archive.memory import Told
from bot.chronicle import Milestone
from bot.entities import Article
from bot.grounding import dates

_SHOWN = 30  # entries of a story's timeline, the latest
_BEFORE = timedelta(days=3)  # how long before the first article its news may have begun


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many articles were published on a day, and how many later ones name it."""

    published: int = 0
    named: int = 0

    def __add__(self, other: DayCount) -> DayCount:
        return DayCount(self.published + other.published, self.named + other.named)


def count_days(articles: Iterable[Article]) -> dict[date, DayCount]:
    """The days on which articles were published, and the earlier days that they name."""
    counts: dict[date, DayCount] = defaultdict(DayCount)
    for article in articles:
        if article.published is None:
            continue
        day = article.published.date()
        counts[day] += DayCount(published=1)
        mentions = dates.find(article.text, article.published)
        exact = {one.first for one in mentions if one.first and one.first == one.last}
        for named in exact:
            if named < day:
                counts[named] += DayCount(named=1)
    return dict(counts)


def rank_days(counts: Mapping[date, DayCount]) -> list[date]:
    """The days from when the news began, the ones that matter most first."""
    published = [day for day, count in counts.items() if count.published]
    if not published:
        return []
    begun = min(published) - _BEFORE
    worth = {
        day: math.log1p(count.published) + math.log1p(count.named)
        for day, count in counts.items()
        if day >= begun
    }
    return sorted(worth, key=lambda day: (-worth[day], day))


def make_timeline(
    counts: Mapping[date, DayCount],
    told: Sequence[Told],
    amended: Mapping[Place, Amendment],
    most: int,
) -> tuple[Milestone, ...]:
    """At most `most` days that mattered, in order, each with a sentence that was told of it.

    The sentence is the first that was told of that day, else the first of an edition just after
    it; one that still stands, if there is one. A day of which no edition told anything is passed
    over.
    """
    by_day: dict[date, list[Milestone]] = defaultdict(list)
    for one in sorted(_milestones(told, amended), key=lambda one: one.edition):
        by_day[one.day].append(one)
    found: list[Milestone] = []
    for day in rank_days(counts):
        near = by_day.get(day) or by_day.get(day + timedelta(days=1))
        if near and len(found) < most:
            standing = next((one for one in near if not one.amended), near[0])
            found.append(replace(standing, day=day))
    return tuple(sorted(found, key=lambda one: one.day))


def tell_so_far(
    story: str, told: Sequence[Told], amended: Mapping[Place, Amendment]
) -> tuple[Milestone, ...]:
    """What editions told of a story, by the day it is about, oldest first."""
    mine = _milestones([one for one in told if one.story == story], amended)
    return tuple(sorted(mine, key=lambda one: (one.day, one.edition))[-_SHOWN:])


def _milestones(told: Iterable[Told], amended: Mapping[Place, Amendment]) -> Iterator[Milestone]:
    """What is dated and cited, and not of an article that was removed since."""
    for one in told:
        if one.day is None or one.citation is None or not one.text:
            continue
        word = amended.get((one.edition, one.n))
        yield Milestone(
            day=one.day,
            text=one.text,
            citation=one.citation,
            edition=one.edition,
            amended=word.how if word else "",
            amended_in=word.number if word else None,
        )
