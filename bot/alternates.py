"""Near-duplicates: the same text from another address, such as a wire report that many print.

Word shingles, MinHash and banding find candidates (Broder 1997; Leskovec, Rajaraman and Ullman,
Mining of Massive Datasets, chapter 3); the texts themselves confirm them. Knows no outlet names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING
from zlib import crc32

from bot.entities import Article, Precision

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_SHINGLE = 3  # words
_BANDS, _ROWS = 32, 4  # finds 99.9% of pairs at .7 and 1 in 20 at .2
_BLOCK = 4096  # shingles at a time, for the memory's sake
_SAME = 0.7  # Jaccard similarity of the shingles from which two texts are one
_SAME_NUMBERS = 0.5  # and of their numbers: reports from a template differ in little else
_NOTICE = 250  # words up to which a text may be a site's notice in place of the article
_TAIL = re.compile(r"\s+[|–—-]\s+[^|]*$")  # the outlet's name after a headline
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\\W_]+")  # CJK: a character a word
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def find_alternates(articles: Sequence[Article]) -> dict[str, str]:
    """The id of each near-duplicate -> the id of the article that stands for it.

    The one that stays was published first, and is the longest of those published at that time.
    No article that stays is itself an alternate.
    """
    ordered = sorted(articles, key=_precedence)
    shingles = [_shingles(article.text) for article in ordered]
    numbers = [frozenset(_NUMBER.findall(article.text)) for article in ordered]
    alternates: dict[str, str] = {}
    for second, firsts in _candidates(shingles):
        for first in firsts:
            if ordered[first].id in alternates or ordered[first].id == ordered[second].id:
                continue
            if (
                _is_same(shingles[first], shingles[second])
                and _agree(numbers[first], numbers[second])
                and not _is_boilerplate(ordered[first], ordered[second])
            ):
                alternates[ordered[second].id] = ordered[first].id
                break
    return alternates


def _precedence(article: Article) -> tuple[bool, str, bool, float, int, str]:
    """Earliest first; a date without a time comes after the times of its day, not at midnight."""
    published = article.published
    return (
        published is None,
        published.date().isoformat() if published else "",
        article.precision is Precision.DAY,
        published.timestamp() if published else 0.0,
        -len(article.text),
        article.id,
    )


def _shingles(text: str) -> Hashes:
    """The hashes of all runs of three words, each once, sorted."""
    import numpy as np

    words = [_code(word) for word in _WORD.findall(text.casefold())]
    words += [0] * (_SHINGLE - len(words))
    codes = np.array(words, dtype=np.uint64)
    hashes = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
    for offset in range(_SHINGLE):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + codes[offset : offset + len(hashes)]
    return np.unique(hashes)


@cache
def _code(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"))


def _candidates(shingles: Sequence[Hashes]) -> Iterator[tuple[int, list[int]]]:
    """Each position, with the earlier positions that share a band of the MinHash signature."""
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for position, hashes in enumerate(shingles):
        signature = _signature(hashes)
        found: set[int] = set()
        for band in range(_BANDS):
            bucket = buckets[band, signature[band * _ROWS : (band + 1) * _ROWS].tobytes()]
            found.update(bucket)
            bucket.append(position)
        yield position, sorted(found)


def _signature(hashes: Hashes) -> Hashes:
    """The smallest hash under each of the permutations (multiply and shift)."""
    import numpy as np

    factors, terms = _permutations()
    smallest = [
        ((hashes[start : start + _BLOCK, None] * factors + terms) >> np.uint64(32)).min(axis=0)
        for start in range(0, len(hashes), _BLOCK)
    ]
    least: Hashes = np.min(smallest, axis=0)
    return least


@cache
def _permutations() -> tuple[Hashes, Hashes]:
    import numpy as np

    generator = np.random.default_rng(0)
    factors, terms = generator.integers(0, 2**63, (2, _BANDS * _ROWS), dtype=np.uint64)
    return factors * np.uint64(2) + np.uint64(1), terms


def _is_same(first: Hashes, second: Hashes) -> bool:
    import numpy as np

    shared = len(np.intersect1d(first, second, assume_unique=True))
    return shared >= _SAME * (len(first) + len(second) - shared)


def _agree(first: frozenset[str], second: frozenset[str]) -> bool:
    return len(first & second) >= _SAME_NUMBERS * len(first | second)


def _is_boilerplate(first: Article, second: Article) -> bool:
    """Whether a short text stands under two unlike headlines, as a notice about cookies does."""
    if len(first.text.split()) > _NOTICE or "title" in first.guessed + second.guessed:
        return False
    headlines = [
        {word for word in _WORD.findall(_TAIL.sub("", one.title).casefold()) if len(word) > 3}
        for one in (first, second)
    ]
    return all(headlines) and not headlines[0] & headlines[1]
