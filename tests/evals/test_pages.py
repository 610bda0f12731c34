"""Articles on real pages: token F1 as the article extraction benchmark defines it, and the parts.

Source of the definition: Zyte's article-extraction-benchmark, evaluate.py (shingles of 4 tokens).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from bot.sources.pages import parse_page
from tests.evals.datasets import read
from tests.evals.page_labels import LABELS, digest

FLOOR = 0.964  # measured .974, trafilatura .963 in the same run
SHINGLE = 4


def shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text)
    places = range(max(1, len(tokens) - SHINGLE + 1))
    return Counter(tuple(tokens[place : place + SHINGLE]) for place in places)


def shares(true: str, found: str) -> tuple[float, float, float]:
    """True positives, false positives and false negatives, as shares of the three together."""
    wanted, got = shingles(true), shingles(found)
    both = sum((wanted & got).values())
    counts = (both, sum((got - wanted).values()), sum((wanted - got).values()))
    total = sum(counts)
    return (counts[0] / total, counts[1] / total, counts[2] / total) if total else (0.0, 0.0, 0.0)


def f1(texts: Sequence[tuple[str, str]]) -> tuple[float, float, float]:
    """F1, precision and recall over pages of (true text, found text)."""
    counts = [shares(true, found) for true, found in texts]
    precisions = [right / (right + wrong) for right, wrong, _ in counts if right + wrong > 0]
    recalls = [right / (right + missed) for right, _, missed in counts if right + missed > 0]
    precision = sum(precisions) / len(precisions)
    recall = sum(recalls) / len(recalls)
    return 2 * precision * recall / (precision + recall), precision, recall


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


@pytest.mark.evals
def test_articles_are_found_better_than_by_trafilatura_alone() -> None:
    import trafilatura

    pages = read("article_extraction_html90")

    def ours() -> list[str]:
        return [parse_page(page["html"], page["url"]).reading.text for page in pages]

    def peer() -> list[str]:
        return [trafilatura.extract(page["html"], include_comments=False) or "" for page in pages]

    figures = {}
    for name, extract in (("newsbot", ours), ("trafilatura", peer)):
        true = [page["article_body"] for page in pages]
        figures[name] = f1(list(zip(true, extract(), strict=True)))
        rounded = [round(figure, 4) for figure in figures[name]]
        print(f"\n{name}: F1, precision, recall {rounded}, {seconds(extract):.2f} s")
    assert figures["newsbot"][0] >= FLOOR
    assert figures["newsbot"][0] >= figures["trafilatura"][0]


@pytest.mark.evals
def test_titles_and_dates_are_found() -> None:
    readings = [
        parse_page(page["html"], page["url"]).reading for page in read("article_extraction_html90")
    ]
    titles = sum(bool(reading.title) for reading in readings) / len(readings)
    dates = sum(reading.published is not None for reading in readings) / len(readings)
    print(f"\nwith a title {titles:.3f}, with a date {dates:.3f}")
    assert titles >= 0.99
    assert dates >= 0.92


@pytest.mark.evals
def test_titles_and_dates_are_those_that_people_read_off_the_pages() -> None:
    headlines = days = 0
    for page in read("article_extraction_html90"):
        headline, day = LABELS[page["id"][:16]]
        reading = parse_page(page["html"], page["url"]).reading
        found = reading.published.time.date().isoformat() if reading.published else None
        headlines += digest(reading.title) == headline
        days += found == day
    print(f"\nof {len(LABELS)} pages: headline right {headlines}, day right {days}")
    assert headlines >= 42
    assert days >= 43
