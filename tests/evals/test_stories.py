"""Floors for near-duplicates and for stories, on real news."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import combinations

import pytest

from bot.entities import Article
from bot.sources.reading import opening_words
from bot.stories import group
from tests.evals.datasets import read
from tests.kept_groups import find_alternates
from vectorstore.embeddings import OnnxEmbeddings

pytestmark = pytest.mark.evals

SPRING = datetime(2022, 4, 13, tzinfo=UTC)


def test_every_near_duplicate_is_found_and_no_other() -> None:
    rows = read("neardup_news_1000")
    gold = {frozenset((row["id"], other)) for row in rows for other in row["duplicates"]}
    articles = [Article(id=row["id"], text=row["text"]) for row in rows]
    found = {frozenset(pair) for pair in find_alternates(articles).items()}
    print(f"near-duplicates: {len(found & gold)} of {len(gold)} found, {len(found - gold)} false")
    assert found == gold


def test_outlets_on_one_event_become_one_story_among_other_news() -> None:
    """The half of ClaimDiff's topics that no threshold was fixed on; NANCO's five events and the
    recession's 46 outlets, which were looked at, so that their floors only keep what there is.
    """
    labelled = {
        "ClaimDiff": [a for a in _claimdiff() if _digits(a.author or "") % 2 == 0],
        "NANCO": list(_nanco()),
        "recession": list(_recession()),
    }
    articles = [*(article for some in labelled.values() for article in some), *_others()]
    texts = [f"{article.title}\n\n{article.text[:600]}" for article in articles]
    stories = group(articles, OnnxEmbeddings().embed(texts))
    figures = {name: _pairs(stories, some) for name, some in labelled.items()}
    for name, (recall, precision) in figures.items():
        print(f"{name}: pairs in one story {recall:.3f}, pairs rightly so {precision:.3f}")
    print(f"{len(articles)} articles, {len(stories)} stories")
    assert figures["ClaimDiff"] >= (0.99, 0.99)
    assert figures["NANCO"][0] >= 0.80
    assert figures["NANCO"][1] >= 0.99
    assert figures["recession"][0] >= 0.87


def _pairs(
    stories: Sequence[tuple[Article, ...]], articles: Sequence[Article]
) -> tuple[float, float]:
    """Recall and precision of pairs of articles; `author` holds the event that is true."""
    story = {article.id: number for number, some in enumerate(stories) for article in some}
    same = joined = both = 0
    for first, second in combinations(articles, 2):
        is_same = first.author == second.author
        is_joined = story[first.id] == story[second.id]
        same, joined, both = same + is_same, joined + is_joined, both + (is_same and is_joined)
    return both / same, both / joined


def _claimdiff() -> Iterator[Article]:
    """One article a headline, with its claims for text; the dates fall within half a year."""
    claims: dict[tuple[str, str], dict[str, None]] = {}
    for row in read("claimdiff_test"):
        for side in "ab":
            key = row["topic"], row[f"article_{side}"]
            claims.setdefault(key, {})[row[f"claim_{side}"]] = None
    for (topic, title), texts in claims.items():
        published = SPRING + timedelta(days=_digits(topic) % 180)
        yield Article(
            id=f"claimdiff {title}",
            title=title,
            text=" ".join(texts),
            author=topic,
            published=published,
        )


def _nanco() -> Iterator[Article]:
    for event, row in enumerate(read("nanco_answer_groups")):
        for number, answer in enumerate(row["answers"]):
            text = answer["paragraph"]
            yield Article(
                id=f"nanco {event} {number}",
                title=opening_words(text),
                text=text,
                author=str(event),
                published=SPRING,
            )


def _recession() -> Iterator[Article]:
    for number, row in enumerate(read("multisource_recession46")):
        if len(row["content"].split()) > 60:
            yield Article(
                id=f"recession {number}",
                title=row["title"],
                text=row["content"],
                author="recession",
                published=None,
            )


def _others() -> Iterator[Article]:
    """A third of RealTime QA's articles, for the crowd."""
    for row in read("realtimeqa2022_retrieval_corpus"):
        if _digits(row["url"]) % 3 == 0 and len(row["text"].split()) > 60:
            published = datetime.strptime(row["publish_date"], "%Y/%m/%d").replace(tzinfo=UTC)
            yield Article(id=row["url"], title=row["title"], text=row["text"], published=published)


def _digits(text: str) -> int:
    return int(sha256(text.encode()).hexdigest(), 16)
