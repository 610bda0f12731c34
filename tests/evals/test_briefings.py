"""Floors for briefings: many outlets on one event, each article accounted for, in time."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from time import perf_counter, process_time

import pytest

from bot import Newsbot, read_settings
from bot.entities import Article, Use
from tests.evals.datasets import read

pytestmark = pytest.mark.evals

MOST_SECONDS = 30.0


def test_a_briefing_of_46_outlets(tmp_path: Path) -> None:
    """Nine of the articles have no text, and two are the same in two papers."""
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
    assert work < MOST_SECONDS
    names = {article.id: re.sub(r"^www\.", "", article.outlet or "") for article in articles}
    used = {entry.article for entry in briefing.coverage if entry.use is Use.USED}
    assert used == {one for story in briefing.stories for one in story.articles}
    for story in briefing.stories:
        assert story.outlets == len({names[one] for one in story.articles})
    assert max(story.outlets for story in briefing.stories) >= 25
    assert len(used) > len(articles) / 2
    assert briefing.stories[0].outlets > 10
