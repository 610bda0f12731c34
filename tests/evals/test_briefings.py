"""Floors for briefings: many outlets on one event, each article accounted for, in time."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import perf_counter, process_time

import pytest

from bot import Newsbot, read_settings
from bot.claims import passage_of
from bot.entities import Article, Use
from bot.grounding.sentences import split
from bot.writing.drafts import Draft, Purpose, Task
from bot.writing.extractive import ExtractiveWriter
from tests.evals.datasets import read
from vectorstore.embeddings import OnnxEmbeddings

pytestmark = pytest.mark.evals

MOST_SECONDS = 30.0
ITEMS = 5  # of a round-up
ON_TOPIC = 0.87  # least share of a topic's bullets that come from its item


def test_a_briefing_of_46_outlets(tmp_path: Path) -> None:
    """Nine of the articles are a headline alone, and two are the same in two papers."""
    articles = [
        Article(
            id=f"recession {number}",
            title=row["title"],
            text=row["content"],
            outlet=row["domain"],
            url=row["url"],
        )
        for number, row in enumerate(read("multisource_recession46"))
    ]
    with Newsbot(read_settings(data=tmp_path)) as newsbot:
        newsbot.ingest(*articles)
        began, worked = perf_counter(), process_time()
        briefing = newsbot.brief()
        seconds, work = perf_counter() - began, process_time() - worked
    uses = Counter(str(entry.use) for entry in briefing.coverage)
    print(f"\n46 articles briefed in {seconds:.1f} s ({work:.1f} s of work): {dict(uses)}")
    for story in briefing.stories:
        print(f"  {len(story.articles)} articles, {story.outlets} outlets: {story.headline}")
    assert sorted(entry.article for entry in briefing.coverage) == sorted(a.id for a in articles)
    assert uses[str(Use.FAILED)] == sum(not article.text.strip() for article in articles)
    assert uses[str(Use.QUARANTINED)] == 0  # all of it is news for readers
    assert work < MOST_SECONDS
    names = {article.id: re.sub(r"^www\.", "", article.outlet or "") for article in articles}
    used = {entry.article for entry in briefing.coverage if entry.use is Use.USED}
    assert used == {one for story in briefing.stories for one in story.articles}
    for story in briefing.stories:
        assert story.outlets == len({names[one] for one in story.articles})
    assert max(story.outlets for story in briefing.stories) >= 25
    assert len(used) > len(articles) / 2
    assert briefing.stories[0].outlets > 10


def round_ups() -> Iterator[tuple[str, Article, int, int]]:
    """The openings of five articles in one, the headline of one of them, and where that stands."""
    rows = [one for one in read("realtimeqa2022_retrieval_corpus") if len(one["text"]) > 1500]
    unseen = [one for one in rows if zlib.crc32(one["title"].encode()) % 2]  # not fitted on
    chance = Random(9)
    chance.shuffle(unseen)
    for start in range(0, 200, ITEMS):
        items = unseen[start : start + ITEMS]
        openings = [_opening(one["text"], chance.randint(3, 6)) for one in items]
        asked = chance.randrange(ITEMS)
        begin = sum(len(one) + 2 for one in openings[:asked])
        text = "\n\n".join(openings)
        article = Article(id=f"round-up {start}", title="Things to know", text=text)
        yield items[asked]["title"], article, begin, begin + len(openings[asked])


def _opening(text: str, sentences: int) -> str:
    return text[: split(text)[:sentences][-1].end]


def test_a_topic_takes_its_own_item_of_a_round_up() -> None:
    writer = ExtractiveWriter(OnnxEmbeddings().embed)
    shares = {}
    for name in ("with the topic", "without"):
        inside = told = answered = 0
        for topic, article, start, end in round_ups():
            task = Task(
                purpose=Purpose.STORY,
                passages=(passage_of(article, 1),),
                bullets=3,
                question=topic if name == "with the topic" else "",
            )
            drafts = [one for one in writer.write(task) if isinstance(one, Draft)]
            own = sum(start <= one.citations[0].start < end for one in drafts)
            inside, told, answered = inside + own, told + len(drafts), answered + (own > 0)
        shares[name] = inside / told
        print(f"\n{name}: {inside} of {told} bullets from its item, {answered} of 40 items told")
    assert shares["with the topic"] >= ON_TOPIC
    assert shares["with the topic"] > 2 * shares["without"]
