"""The same sentence in several articles: which passages carry what one of them says.

An agency's sentence stands in many papers, with a comma more or another dateline. Two sentences are
echoes when nearly all of their words are the same, and all of their numbers, names and negations.
Two passages are copies when one holds most sentences of the other: those outlets are no two
witnesses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from bot.entities import Citation, Passage
from bot.grounding import quantities
from bot.grounding.language import NEGATIONS
from bot.grounding.sentences import split

_SAME = 0.8  # of all words of the two
_COPIED = 0.5  # of the words of the shorter passage, in runs of three
_FEW = 5  # words; fewer say too little to be recognised
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[$£€¥%]")
_DATELINE = re.compile(r"^[A-Z][A-Z .,'’-]{2,40}(?:\([^)]{2,30}\)\s*)?(?:—|–|-|:)\s+")
_CAPITAL = re.compile(r"(?<=[^.!?\s]\s)[A-Z][\w’'-]+")


def find_echoes(
    quote: str, passages: Sequence[Passage], known: Sequence[Citation]
) -> Iterator[Citation]:
    """The first echo of a sentence in each article that is not `known` to carry it."""
    seen = {(citation.article, citation.revision) for citation in known}
    for passage in passages:
        identity = passage.article.id, passage.article.revision
        if identity in seen:
            continue
        for sentence in split(passage.text):
            if are_echoes(quote, sentence.text):
                start = passage.start + sentence.start
                yield Citation(*identity, start, passage.start + sentence.end, sentence.text)
                seen.add(identity)
                break


@lru_cache(4096)
def are_echoes(one: str, other: str) -> bool:
    """Whether two sentences say the same in nearly the same words."""
    words, others = _words(one), _words(other)
    if min(words.total(), others.total()) < _FEW:
        return False
    if (words & others).total() < _SAME * (words | others).total():
        return False
    return _facts(one) == _facts(other)


@lru_cache(1024)
def are_copies(one: str, other: str) -> bool:
    """Whether two passages are the same text, though they may be cut in different places."""
    few, many = sorted((_runs(one), _runs(other)), key=len)
    return bool(few) and len(few & many) >= _COPIED * len(few)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(_DATELINE.sub("", text).casefold()))


def _facts(text: str) -> tuple[list[tuple[float, float, str]], list[str], int]:
    """Numbers, names and how often it is negated."""
    bare = _DATELINE.sub("", text)
    words = _WORD.findall(bare.casefold())
    numbers = sorted((one.low, one.high, one.unit) for one in quantities.find(bare))
    return numbers, sorted(_CAPITAL.findall(bare)), sum(_negates(word) for word in words)


def _negates(word: str) -> bool:
    return word in NEGATIONS or word.endswith(("n't", "n’t"))


def _runs(text: str) -> frozenset[tuple[str, str, str]]:
    words = _WORD.findall(text.casefold())
    return frozenset((a, b, c) for (a, b), (_, c) in pairwise(pairwise(words)))
