"""Articles varied from real ones: words deleted, inserted and replaced, and sentences moved.

The generator knows nothing of how near-duplicates are found. Words that come in are drawn from all
the words of all articles, as often as they occur there. A share of 0.1 changes one word in ten and
moves one sentence in ten.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bot.entities import Article
from tests.evals.datasets import read

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_LEAST = 60  # words
_RUN = 8  # words in a row that two independent articles do not share often
_SHARED = 0.05  # share of such runs from which two texts count as copies already
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def real_texts(count: int) -> list[str]:
    """Real articles of which none copies another, in an order that means nothing."""
    texts = [row["text"] for row in read("realtimeqa2022_retrieval_corpus")]
    texts += [row["text"] for row in read("neardup_news_1000")]
    texts += [row["text"] for row in read("t17_articles5")]
    random.Random(1).shuffle(texts)
    seen: set[tuple[str, ...]] = set()
    kept: list[str] = []
    for text in texts:
        words = text.lower().split()
        runs = {tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1)}
        if len(words) >= _LEAST and len(runs & seen) <= _SHARED * len(runs):
            kept.append(text)
        seen |= runs
    return kept[:count]


def vary(texts: Sequence[str], share: float, each: int, seed: int) -> Iterator[Article]:
    """Every text, and variants of it that came later; an id begins with the text's number."""
    chance = random.Random(seed)
    words = [word for text in texts for word in text.split()]
    for number, text in enumerate(texts):
        yield Article(id=f"{number}", text=text, published=FIRST)
        for variant in range(each):
            later = FIRST + timedelta(hours=1 + variant)
            changed = change(text, share, words, chance)
            yield Article(id=f"{number} {variant}", text=changed, published=later)


def change(text: str, share: float, words: Sequence[str], chance: random.Random) -> str:
    """The text with a share of its words changed and of its sentences moved."""
    sentences = [sentence.split() for sentence in _SENTENCE.split(text)]
    places = [(s, w) for s, sentence in enumerate(sentences) for w in range(len(sentence))]
    for s, w in sorted(chance.sample(places, round(share * len(places))), reverse=True):
        match chance.randrange(3):
            case 0:
                del sentences[s][w]
            case 1:
                sentences[s].insert(w, chance.choice(words))
            case _:
                sentences[s][w] = chance.choice(words)
    for _ in range(round(share * len(sentences))):
        moved = sentences.pop(chance.randrange(len(sentences)))
        sentences.insert(chance.randrange(len(sentences) + 1), moved)
    return " ".join(" ".join(sentence) for sentence in sentences)
