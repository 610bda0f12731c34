"""Editions on real news: what comes back from day to day, which days mattered, and how fast."""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import Article, Precision, Use
from bot.chronicle import Edition
from bot.sources.reading import opening_words
from tests.evals.datasets import read
from tests.newsdesk import EVERY_DAY, Clock, open_desk

pytestmark = pytest.mark.timeout(3_600)

LOOKED_BACK = 7  # editions
REPEATED = 0.6  # token Jaccard from which a claim repeats an earlier one


@dataclass(frozen=True)
class Played:
    """What came of a topic's stream of days."""

    dates: float  # F1 of the days of the timeline
    busiest: float  # F1 of the days on which most was published, as many
    told: int
    repeated: int
    plain: int  # claims that a run without any look back would tell
    plainly_repeated: int
    covered: float  # share of the human timeline's days that a told claim is about
    plainly_covered: float


@pytest.mark.benchmark  # half an hour of work: make bench
def test_the_same_news_does_not_come_back_and_the_days_that_matter_are_found(
    tmp_path: Path,
) -> None:
    """On two of the four topics; `make bench` plays all."""
    check_topics(tmp_path, ("H1N1_bbc", "MJ_bbc"))


def check_topics(directory: Path, topics: Sequence[str]) -> None:
    """Plays topics of T17, prints what came of them, and compares it with what is promised."""
    gold = {row["topic"]: {day for day, _ in row["timeline"]} for row in read("t17_timelines")}
    articles: dict[str, list[Article]] = defaultdict(list)
    for row in read("t17_articles5"):
        articles[row["topic"]].append(_article(row))
    played = {topic: play(directory / topic, articles[topic], gold[topic]) for topic in topics}
    for topic, one in played.items():
        print(
            f"{topic}: dates {one.dates:.3f} (busiest {one.busiest:.3f}), repeated "
            f"{one.repeated}/{one.told} (plainly {one.plainly_repeated}/{one.plain}), "
            f"days covered {one.covered:.3f} (plainly {one.plainly_covered:.3f})"
        )
    mean = {
        name: sum(getattr(one, name) for one in played.values()) / len(played)
        for name in ("dates", "busiest", "covered", "plainly_covered")
    }
    repeated = sum(one.repeated for one in played.values())
    share = repeated / sum(one.told for one in played.values())
    shown = ", ".join(f"{name} {value:.3f}" for name, value in mean.items())
    print(f"all: {shown}, repeated {share:.3f}")
    assert mean["dates"] >= mean["busiest"] + 0.05
    assert share < 0.05
    assert mean["covered"] >= mean["plainly_covered"] - 0.02


@pytest.mark.evals
def test_a_briefing_of_46_outlets_is_quick_and_accounts_for_all(tmp_path: Path) -> None:
    rows = read("multisource_recession46")
    now = datetime(2022, 7, 29, tzinfo=UTC)
    articles = [
        Article(
            id=f"recession-{number}",
            title=row["title"],
            text=row["content"],
            outlet=row["domain"],
            published=now - timedelta(hours=12),
        )
        for number, row in enumerate(rows)
    ]
    with open_desk(tmp_path, Clock(now)) as newsbot:
        newsbot.ingest(*articles)
        begun = time.process_time()  # which a busy machine does not stretch
        briefing = newsbot.brief()
        seconds = time.process_time() - begun
    uses = Counter(entry.use for entry in briefing.coverage)
    shown = ", ".join(f"{number} {use}" for use, number in uses.items())
    outlets = briefing.stories[0].outlets
    print(f"{len(rows)} articles in {seconds:.1f} s: {shown}; {outlets} outlets on the first story")
    assert len(briefing.coverage) == len(articles) == len(rows)
    assert uses[Use.USED] > len(rows) / 2
    assert outlets > 10
    assert seconds <= 30


def play(directory: Path, articles: Sequence[Article], gold: set[str]) -> Played:
    """Each day's articles come in, and an edition is made of them."""
    days: dict[date, list[Article]] = defaultdict(list)
    for article in articles:
        assert article.published is not None
        days[article.published.date()].append(article)
    clock = Clock()
    with open_desk(directory, clock, EVERY_DAY.replace("07:00", "21:00")) as newsbot:
        for day in sorted(days):
            clock.now = datetime(day.year, day.month, day.day, 21, 1, tzinfo=UTC)
            newsbot.ingest(*days[day])
            newsbot.editions.run("daily")
        editions = sorted(newsbot.editions.editions("daily"), key=lambda one: one.number)
        timeline = newsbot.editions.timeline("daily", len(gold))
    wanted = {date.fromisoformat(day) for day in gold}
    busiest = sorted(days, key=lambda day: (-len(days[day]), day))[: len(gold)]
    told = [[claim.text for claim in edition.claims] for edition in editions]
    plain = [_plainly(edition) for edition in editions]
    return Played(
        dates=_f1({one.day for one in timeline}, wanted),
        busiest=_f1(set(busiest), wanted),
        told=sum(map(len, told)),
        repeated=_repeated(told),
        plain=sum(map(len, plain)),
        plainly_repeated=_repeated(plain),
        covered=_covered(editions, wanted, folded=False),
        plainly_covered=_covered(editions, wanted, folded=True),
    )


def _article(row: dict[str, str]) -> Article:
    text = row["text"].replace("`` ", "“").replace(" ''", "”")
    text = re.sub(r" (?=[,.;:!?])| (?='s\b)", "", text)
    return Article(
        id=row["id"],
        title=opening_words(text),
        text=text,
        outlet="BBC",
        published=datetime.fromisoformat(row["time"]).replace(tzinfo=UTC),
        precision=Precision.DAY,
        guessed=("title",),
    )


def _plainly(edition: Edition) -> list[str]:
    return [claim.text for story in edition.stories for claim in (*story.claims, *story.folded)]


def _f1(found: set[date], wanted: set[date]) -> float:
    return 2 * len(found & wanted) / (len(found) + len(wanted))


def _covered(editions: Sequence[Edition], wanted: set[date], *, folded: bool) -> float:
    """The share of days that a claim is about, with or without what was told before."""
    about = {
        claim.day
        for edition in editions
        for story in edition.stories
        for claim in (*story.claims, *(story.folded if folded else ()))
    }
    return len(about & wanted) / len(wanted)


def _repeated(told: Sequence[Sequence[str]]) -> int:
    """How many claims share their words with one of the seven editions before."""
    words = [[set(re.findall(r"\w+", text.lower())) for text in texts] for texts in told]
    return sum(
        any(
            len(own & other) >= REPEATED * len(own | other)
            for earlier in words[max(0, number - LOOKED_BACK) : number]
            for other in earlier
        )
        for number, claims in enumerate(words)
        for own in claims
    )
