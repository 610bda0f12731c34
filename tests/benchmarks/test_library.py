"""How fast a library of 5,000 articles lists, whatever is asked of it, and the page opens on it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.archive.catalogue import Order, Wanted
from bot.entities import Article, Period
from bot.newsbot import Newsbot
from bot.settings import Settings
from bot.web.library import show_listing
from bot.web.page import describe
from bot.web.pane import EvidencePane
from bot.web.welcome import Welcome
from tests.evals.datasets import read

ARTICLES = 5_000
NOW = datetime(2026, 11, 24, tzinfo=UTC)


pytestmark = pytest.mark.benchmark


@pytest.fixture(scope="module")
def newsbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsbot]:
    data = tmp_path_factory.mktemp("library")
    with Newsbot(Settings(data=data, _env_file=None)) as newsbot:  # type: ignore[call-arg]
        for n, text in enumerate(_texts()):
            newsbot._equipment.library.archive.put(_article(n, text))
        yield newsbot


def test_a_library_of_5000_articles_lists_within_half_a_second(newsbot: Newsbot) -> None:
    slowest = 0.0
    for name, wanted in _asked().items():
        seconds = min(_list(newsbot, wanted) for _ in range(3))
        slowest = max(slowest, seconds)
        print(f"\n{name}: {seconds * 1000:.0f} ms", end="")
    assert slowest < 0.5


def test_the_page_opens_on_5000_articles_within_a_tenth_of_a_second(newsbot: Newsbot) -> None:
    head, welcome, pane = describe(newsbot), Welcome(newsbot), EvidencePane(newsbot)
    assert "5,000 articles from 40 outlets" in head
    readings = {
        "head": lambda: describe(newsbot),
        "invitation": welcome.show,
        "newest": lambda: pane.newest_for(""),
    }
    times = {name: min(_time(read) for _ in range(3)) for name, read in readings.items()}
    for name, seconds in times.items():
        print(f"\n{name}: {seconds * 1000:.0f} ms", end="")
    assert sum(times.values()) < 0.1


def _time(read: Callable[[], str]) -> float:
    begun = time.perf_counter()
    assert read()
    return time.perf_counter() - begun


def _list(newsbot: Newsbot, wanted: Wanted) -> float:
    begun = time.perf_counter()
    listing = newsbot.catalogue.page(wanted)
    markup = show_listing(listing, newsbot.catalogue.outlets(), wanted)
    seconds = time.perf_counter() - begun
    assert markup.count('class="nb-entry"') > 10
    return seconds


def _asked() -> dict[str, Wanted]:
    period = Period(since=NOW - timedelta(days=60))
    return {
        "first page": Wanted(),
        "last page": Wanted(page=10_000),
        **{f"by {order}": Wanted(order=order, page=7) for order in Order},
        "a word": Wanted(words="said"),
        "three words": Wanted(words="the said people"),
        "outlet and period": Wanted(outlets=("Outlet 3",), period=period),
    }


def _article(n: int, text: str) -> Article:
    return Article(
        id=f"{n:016x}",
        title=" ".join(text.split()[:12]),
        text=text,
        outlet=f"Outlet {n % 40}",
        published=NOW - timedelta(hours=n),
    )


def _texts() -> list[str]:
    """5,000 texts of the length of news, made of the paragraphs of real ones."""
    articles = read("realtimeqa2022_retrieval_corpus")
    paragraphs = [line for one in articles for line in one["text"].split("\n") if line.strip()]
    chosen = random.Random(0)
    return ["\n\n".join(chosen.choices(paragraphs, k=12)) for _ in range(ARTICLES)]
