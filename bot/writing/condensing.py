"""The most telling sentences of many articles on one event, where all of them are too much to send.

All articles are read here, in code; a model is given of each its share of a budget of tokens: short
articles whole, of longer ones the sentences that tell most of what the others tell too, with a
leaning to the beginning, where news puts its news, and to the words of a topic. A sentence that
repeats one kept already is left out. For whoever checks the passages stay what they are; only what
a prompt shows is shorter.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.entities import Passage
from bot.grounding.sentences import split
from bot.grounding.vocabulary import content_words

_LEAD = 0.6  # how much the first sentence counts beside the most telling words
_FIGURE = 0.15  # how much a figure counts
_TOPIC = 1.5  # how much a sentence counts that has all words of the topic
_REPEATED = 0.8  # share of a sentence's words from which another says it already
_GAP = " … "


@dataclass(slots=True)
class _Sentence:
    start: int
    end: int
    text: str
    tokens: int
    words: frozenset[str]
    score: float = 0.0


def condense(
    passages: Sequence[Passage], count: Callable[[str], int], budget: int, topic: str = ""
) -> tuple[Passage, ...]:
    """The passages with texts of about `budget` tokens together, none of them empty."""
    read = [_sentences(passage.text, count) for passage in passages]
    shares = _shares([sum(one.tokens for one in sentences) for sentences in read], budget)
    _score(read, frozenset(content_words(topic)))
    said: list[frozenset[str]] = []
    return tuple(
        replace(passage, text=_select(passage.text, sentences, share, said))
        for passage, sentences, share in zip(passages, read, shares, strict=True)
    )


def _sentences(text: str, count: Callable[[str], int]) -> list[_Sentence]:
    return [
        _Sentence(
            one.start,
            one.end,
            one.text,
            count(one.text) + 1,
            frozenset(content_words(one.text)),
        )
        for one in split(text)
    ]


def _shares(sizes: Sequence[int], budget: int) -> list[int]:
    """What each may have: all it needs, or as much as the others that need more."""
    shares = [0] * len(sizes)
    left, waiting = budget, sorted(range(len(sizes)), key=lambda index: sizes[index])
    for done, index in enumerate(waiting):
        shares[index] = min(sizes[index], max(0, left // (len(waiting) - done)))
        left -= shares[index]
    return shares


def _score(read: Sequence[Sequence[_Sentence]], wanted: frozenset[str]) -> None:
    """Scores by the words that many articles share, those of the topic, the place, and figures."""
    articles = Counter(
        word for sentences in read for word in frozenset().union(*(one.words for one in sentences))
    )
    for sentences in read:
        for place, one in enumerate(sentences):
            shared = sum(math.log(articles[word]) for word in one.words)
            telling = shared / math.sqrt(len(one.words) + 4) / math.log(len(read) + 1)
            telling += _TOPIC * len(one.words & wanted) / max(len(wanted), 1)
            lead = _LEAD / (1 + place)
            one.score = telling + lead + _FIGURE * any(letter.isdigit() for letter in one.text)


def _select(
    text: str, sentences: Sequence[_Sentence], share: int, said: list[frozenset[str]]
) -> str:
    if sum(one.tokens for one in sentences) <= share:
        said += [one.words for one in sentences]
        return text
    kept: list[_Sentence] = []
    for one in sorted(sentences, key=lambda one: -one.score):
        fits = sum(other.tokens for other in kept) + one.tokens <= share
        if not kept or (fits and not _is_said(one, said)):
            kept.append(one)
            said.append(one.words)
    return _joined(text, sorted(kept, key=lambda one: one.start))


def _is_said(one: _Sentence, said: Sequence[frozenset[str]]) -> bool:
    return any(len(one.words & other) >= _REPEATED * len(one.words) for other in said)


def _joined(text: str, kept: Sequence[_Sentence]) -> str:
    """The sentences as they stand, with a mark where others stood between them."""
    parts: list[str] = []
    for before, one in zip((None, *kept), kept, strict=False):
        between = text[before.end : one.start] if before else ""
        parts.append((between if not between.strip() else _GAP) if before else "")
        parts.append(one.text)
    return "".join(parts)
