"""Fetching beside embedding, from a loopback site of many feeds; how fast pages are read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

import pytest

from bot import Newsbot, Outcome
from bot.settings import Settings
from bot.sources.pages import parse_page
from tests.benchmarks.site import serving
from tests.evals.datasets import read

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(2400)]

ARTICLES, FEEDS = 1_000, 50
MOST = 1.15  # of the time that embedding the articles alone takes
SECOND = 5.0  # seconds of a fetch that finds nothing new
LEAST_RATE = 0.8  # of trafilatura's own


def test_fetching_hides_behind_embedding_and_a_second_fetch_is_quick(tmp_path: Path) -> None:
    count = int(os.environ.get("ARTICLES", ARTICLES))
    corpus = [one for one in read("realtimeqa2022_retrieval_corpus") if len(one["text"]) > 400]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(one) + "\n" for one in corpus[:count]))
    settings = Settings(data=tmp_path / "data", allowed_hosts="127.0.0.1", feed_articles=1_000)
    with serving(tmp_path / "a.jsonl", FEEDS) as feeds, Newsbot(settings) as newsbot:
        newsbot.ingest("The river rose by two metres, the water board said.")  # all is loaded now
        begun, work = perf_counter(), process_time()
        report = newsbot.ingest(addresses=feeds)
        took, work = perf_counter() - begun, process_time() - work
        begun = perf_counter()
        again = newsbot.ingest(addresses=feeds)
        second = perf_counter() - begun
        chunks = newsbot._equipment.library.archive.chunks
        texts = [chunk.page_content for chunk in chunks.load(chunks.pending("none"))]
        begun, bare_work = perf_counter(), process_time()
        newsbot._equipment.english.embed(texts)
        bare, bare_work = perf_counter() - begun, process_time() - bare_work
    print(f"\n{len(texts)} chunks of {len(list(report))} articles: {took:.1f} s, ", end="")
    print(f"embedding alone {bare:.1f} s: {took / bare:.3f}; work {work / bare_work:.3f}")
    print(f"a second fetch with nothing new: {second:.1f} s")
    assert report.count(Outcome.FAILED) == 0
    assert report.count(Outcome.ADDED) + report.count(Outcome.ALTERNATE) >= 0.98 * count
    assert {one.outcome for one in again} == {Outcome.UNCHANGED}
    assert second <= SECOND
    assert took / bare <= MOST


def test_pages_are_read_nearly_as_fast_as_by_trafilatura_alone() -> None:
    import trafilatura

    pages = read("article_extraction_html90")
    took: dict[str, float] = dict.fromkeys(("ours", "its text", "its text and metadata"), 0.0)

    def timed(name: str, extract: Callable[[dict[str, str]], object]) -> None:
        begun = process_time()
        for page in pages:
            extract(page)
        took[name] += process_time() - begun

    for _ in range(4):  # in turns, since the machine's speed drifts
        timed("ours", lambda page: parse_page(page["html"], page["url"]))
        timed("its text", lambda page: trafilatura.extract(page["html"], include_comments=False))
        timed(
            "its text and metadata",
            lambda page: trafilatura.bare_extraction(
                page["html"], url=page["url"], include_comments=False, with_metadata=True
            ),
        )
    rates = {name: round(4 * len(pages) / seconds) for name, seconds in took.items()}
    print(f"\npages a second of work: {rates}")
    assert rates["ours"] >= LEAST_RATE * rates["its text"]
