"""Feeds of the wild and of feedparser's own tests: no crash, no hang, an outcome each."""

from __future__ import annotations

import base64
import io
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SourceError
from bot.sources import read as read_source
from bot.sources.cleaning import decode
from bot.sources.entries import Feed
from bot.sources.feeds import parse_feed, text_of
from bot.sources.formats import declared_encoding
from tests.evals.datasets import read

ADDRESS = "http://example.org/feed.xml"
LONGEST = 2.0  # seconds for one feed


@dataclass
class Outcomes:
    """What became of a set's feeds: how many were read, the errors of the others, the slowest."""

    read: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    fewer: list[str] = field(default_factory=list)


def body_of(one: dict[str, Any]) -> bytes:
    if one["encoding"] == "base64":
        return base64.b64decode(one["content"])
    return str(one["content"]).encode("utf-8", "surrogatepass")


def parse(body: bytes) -> Feed | SourceError:
    try:
        text, _ = decode(body, name=ADDRESS, declared=declared_encoding(body))
        feed = parse_feed(text, address=ADDRESS)
    except SourceError as error:
        return error
    for entry in feed.entries:
        text_of(entry)
    return feed


def outcomes_of(name: str) -> Outcomes:
    feedparser = pytest.importorskip("feedparser")
    outcomes = Outcomes()
    for one in read(name):
        body = body_of(one)
        begun = time.perf_counter()
        feed = parse(body)
        outcomes.slowest = max(outcomes.slowest, time.perf_counter() - begun)
        peer = feedparser.parse(io.BytesIO(body)).entries
        distinct = {(entry.get("link"), entry.get("title"), entry.get("id")) for entry in peer}
        if isinstance(feed, Feed):
            outcomes.read += 1
            found = len(feed.entries)
        else:
            assert "\n" not in str(feed)
            outcomes.errors[type(feed).__name__] += 1
            found = 0
        if found < len(distinct):
            outcomes.fewer.append(f"{one['path']}: {found} of {len(distinct)}")
    print(f"\n{name}: {outcomes}")
    return outcomes


@pytest.mark.evals
@pytest.mark.parametrize("name", ["feedparser_suite", "real_feeds"])
def test_every_feed_has_an_outcome_in_time_with_the_entries_that_feedparser_finds(
    name: str,
) -> None:
    outcomes = outcomes_of(name)
    assert outcomes.read + sum(outcomes.errors.values()) == len(read(name))
    assert outcomes.slowest < LONGEST
    assert len(outcomes.fewer) <= 0.005 * len(read(name))  # entries without title, link or own id


@pytest.mark.evals
def test_titles_links_and_dates_are_those_that_feedparser_finds() -> None:
    feedparser = pytest.importorskip("feedparser")
    agree, total = Counter[str](), 0
    for one in read("real_feeds"):
        body = body_of(one)
        feed = parse(body)
        peer = feedparser.parse(
            io.BytesIO(body), response_headers={"content-location": ADDRESS}
        ).entries
        if not isinstance(feed, Feed) or len(feed.entries) != len(peer):
            continue
        for entry, other in zip(feed.entries, peer, strict=True):
            total += 1
            stamp = other.get("published_parsed") or other.get("updated_parsed")
            ours = entry.published.time.utctimetuple()[:5] if entry.published else None
            agree["title"] += entry.title.split() == other.get("title", "").split()
            original = other.get("feedburner_origlink") or other.get("link")
            agree["link"] += (entry.link or "") in (original or "", other.get("link", ""))
            agree["date"] += (tuple(stamp[:5]) if stamp else None) == ours
    shares = {name: round(count / total, 4) for name, count in agree.items()}
    print(f"\nof {total} entries as feedparser reads them: {shares}")
    assert min(shares.values()) >= 0.95


@pytest.mark.evals
@pytest.mark.parametrize("name", ["feedparser_suite", "real_feeds"])
def test_every_feed_that_is_saved_as_a_file_has_an_outcome(name: str, tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()
    path = tmp_path / "feed.xml"
    for one in read(name):
        path.write_bytes(body_of(one))
        begun = time.perf_counter()
        try:
            found = [type(part).__name__ for part in read_source(path)]
        except SourceError as error:
            found = [type(error).__name__]
        assert time.perf_counter() - begun < LONGEST
        assert found
        outcomes.update(found)
    print(f"\n{name}: {dict(outcomes)}")
