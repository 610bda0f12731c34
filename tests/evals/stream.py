"""News played as a stream of days: what comes in on a day, and the edition of that evening.

The clock is the stream's own. Beside the editions, which know what earlier ones told, stand plain
briefings of the same days, which do not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot import Newsbot, read_settings
from bot.editions.changes import day_of
from bot.entities import Article, ArticleDetails, Briefing, Citation, Precision
from bot.sources.reading import opening_words
from tests.evals.datasets import read

STANDING = '[[briefing]]\nname = "daily"\n'
TOPICS = ("H1N1_bbc", "MJ_bbc", "bpoil_bbc", "haiti_bbc")
REPEATED = 0.6  # Jaccard similarity of the tokens from which two claims are one
LOOKED_BACK = 7  # editions


@dataclass(frozen=True, slots=True)
class Told:
    """What was shown on one day: the claims, and the days that they are about."""

    claims: tuple[str, ...]
    days: frozenset[date]


@dataclass(frozen=True, slots=True)
class Played:
    """One topic, day by day: its editions, the plain briefings, and the days of its timeline."""

    editions: Sequence[Told]
    plain: Sequence[Told]
    timeline: frozenset[date]


def articles_of(topic: str) -> dict[date, list[Article]]:
    """The articles of each day, in order; their headlines are not in the set."""
    days: dict[date, list[Article]] = defaultdict(list)
    for row in read("t17_articles5"):
        if row["topic"] == topic and row["text"].strip():
            day = date.fromisoformat(row["time"])
            days[day].append(
                Article(
                    id=f"{topic} {row['id']}",
                    title=opening_words(row["text"]),
                    text=row["text"],
                    outlet="BBC",
                    published=datetime.combine(day, datetime.min.time(), UTC),
                    precision=Precision.DAY,
                    guessed=("title",),
                )
            )
    return dict(sorted(days.items()))


def gold_of(topic: str) -> frozenset[date]:
    """The days of the human timeline."""
    (timeline,) = (row["timeline"] for row in read("t17_timelines") if row["topic"] == topic)
    return frozenset(date.fromisoformat(day) for day, _ in timeline)


def busiest(topic: str, count: int) -> frozenset[date]:
    """The days on which most was published."""
    published = Counter({day: len(some) for day, some in articles_of(topic).items()})
    return frozenset(
        day for day, _ in sorted(published.items(), key=lambda o: (-o[1], o[0]))[:count]
    )


def play(topic: str, directory: Path) -> Played:
    """Plays a topic's days into an empty data directory."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "briefings.toml").write_text(STANDING, encoding="utf-8")
    days = articles_of(topic)
    now = datetime.combine(min(days), datetime.min.time(), UTC)
    settings = read_settings(data=directory, timezone="UTC")
    with Newsbot(settings, clock=lambda: now) as newsbot:
        editions, plain = [], []
        for day, articles in days.items():
            now = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=21)
            newsbot.ingest(*articles)
            edition = newsbot.editions.run("daily")
            claims = [claim for story in edition.stories for claim in story.claims]
            told = frozenset(claim.day for claim in claims if claim.day)
            editions.append(Told(tuple(claim.text for claim in claims), told))
            since = now - timedelta(hours=21)
            plain.append(_told(newsbot.brief(since=since, until=since + timedelta(days=1))))
        timeline = newsbot.editions.timeline("daily", len(gold_of(topic)))
    return Played(editions, plain, frozenset(one.day for one in timeline))


def repetition(told: Sequence[Told]) -> tuple[int, int]:
    """How many claims an earlier of the last few editions had told, of how many."""
    tokens = [[_tokens(claim) for claim in one.claims] for one in told]
    repeated = sum(
        any(_jaccard(claim, earlier) >= REPEATED for earlier in _before(tokens, number))
        for number, claims in enumerate(tokens)
        for claim in claims
    )
    return repeated, sum(map(len, tokens))


def days_of(told: Sequence[Told]) -> frozenset[date]:
    """The days that any of the claims is about."""
    return frozenset().union(*(one.days for one in told))


def f1(found: frozenset[date], gold: frozenset[date]) -> float:
    """The harmonic mean of precision and recall of days."""
    return 2 * len(found & gold) / max(1, len(found) + len(gold))


def _told(briefing: Briefing) -> Told:
    articles = {article.id: article for article in briefing.articles}
    days = (day_of(claim, lambda one: _published(one, articles)) for claim in briefing.claims)
    return Told(tuple(claim.text for claim in briefing.claims), frozenset(filter(None, days)))


def _published(citation: Citation, articles: dict[str, ArticleDetails]) -> datetime | None:
    return articles[citation.article].published if citation.article in articles else None


def _before(tokens: Sequence[list[frozenset[str]]], number: int) -> Iterator[frozenset[str]]:
    for claims in tokens[max(0, number - LOOKED_BACK) : number]:
        yield from claims


def _tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
