"""How fast a library of 5,000 articles lists, whatever is asked of it."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive.catalogue import Order, Wanted
from bot.entities import Article, Period
from bot.newsbot import Newsbot
from bot.settings import Settings
from bot.web.library import show_listing
from tests.evals.datasets import read

ARTICLES = 5_000
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.benchmark
def test_a_library_of_5000_articles_lists_within_half_a_second(tmp_path: Path) -> None:
    with Newsbot(Settings(data=tmp_path, _env_file=None)) as newsbot:  # type: ignore[call-arg]
        archive = newsbot._equipment.library.archive
        for n, text in enumerate(_texts()):
            archive.put(_article(n, text))
        slowest = 0.0
        for name, wanted in _asked().items():
            seconds = min(_list(newsbot, wanted) for _ in range(3))
            slowest = max(slowest, seconds)
            print(f"\n{name}: {seconds * 1000:.0f} ms", end="")
    assert slowest < 0.5


def _list(newsbot: Newsbot, wanted: Wanted) -> float:
    begun = time.perf_counter()
    listing = newsbot.catalogue.page(wanted)
    texts = newsbot.catalogue.texts(listing)
    markup = show_listing(listing, newsbot.catalogue.outlets(), wanted, texts)
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
