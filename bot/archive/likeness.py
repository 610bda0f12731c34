"""Near-duplicates: the same text from another address, such as a wire report that many print.

Word shingles, MinHash and banding find candidates (Broder 1997; Leskovec, Rajaraman and Ullman,
Mining of Massive Datasets, chapter 3); the texts themselves confirm them. A copy that somebody
edited shares fewer shingles than a later version with a new passage may, so what tells them apart
is how long a passage of one is that the other does not have. Knows no outlet names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from zlib import crc32

from bot.entities import Article, Precision

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_SHINGLE = 3  # words
_BANDS, _ROWS = 64, 2  # finds 99.8% of pairs at .3, and 1 in 40 at .02
_BLOCK = 4096  # shingles at a time, for the memory's sake
_LIKELY = 0.2  # Jaccard similarity by the signatures from which the texts are compared
_SAME = 0.7  # Jaccard similarity of the shingles from which two texts are one
_EDITED = 0.3  # and from which they may be, if one was edited word by word
_PASSAGE = 20  # words in a row that an edited copy may have of its own
_LEAST = 50  # shingles below which a text is too short to tell editing from a template
_NOTICE = 250  # words up to which a text may be a site's notice in place of the article
_TAIL = re.compile(r"\s+[|–—-]\s+[^|]*$")  # the outlet's name after a headline
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\\W_]+")  # CJK: a character a word
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class _Text:
    """What is compared of an article: the hashes of its shingles, in order, and each once."""

    article: Article
    order: Hashes
    shingles: Hashes
    numbers: frozenset[str]


def find_alternates(articles: Sequence[Article]) -> dict[str, str]:
    """The id of each near-duplicate -> the id of the article that stands for it.

    The one that stays was published first, and is the longest of those published at that time.
    No article that stays is itself an alternate.
    """
    texts = [_read(article) for article in sorted(articles, key=_precedence)]
    alternates: dict[str, str] = {}
    for position, earlier in _candidates([text.shingles for text in texts]):
        second = texts[position]
        for first in (texts[one] for one in earlier):
            if first.article.id in alternates or first.article.id == second.article.id:
                continue
            if _is_copy(first, second):
                alternates[second.article.id] = first.article.id
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


def _read(article: Article) -> _Text:
    import numpy as np

    order = _shingles(article.text)
    numbers = frozenset(_NUMBER.findall(article.text))
    return _Text(article, order, np.unique(order), numbers)


def _shingles(text: str) -> Hashes:
    """The hashes of all runs of three words, in order."""
    import numpy as np

    words = [_code(word) for word in _WORD.findall(text.casefold())]
    words += [0] * (_SHINGLE - len(words))
    codes = np.array(words, dtype=np.uint64)
    hashes = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
    for offset in range(_SHINGLE):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + codes[offset : offset + len(hashes)]
    return hashes


@cache
def _code(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"))


def _candidates(shingles: Sequence[Hashes]) -> Iterator[tuple[int, list[int]]]:
    """Each position, with the earlier positions whose MinHash signatures are likely ones."""
    import numpy as np

    signatures = np.empty((len(shingles), _BANDS * _ROWS), dtype=np.uint32)
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for position, hashes in enumerate(shingles):
        signature = signatures[position] = _signature(hashes)
        found: set[int] = set()
        for band in range(_BANDS):
            bucket = buckets[band, signature[band * _ROWS : (band + 1) * _ROWS].tobytes()]
            found.update(bucket)
            bucket.append(position)
        earlier = np.array(sorted(found), dtype=np.intp)
        likeness = (signatures[earlier] == signature).mean(axis=1)
        yield position, earlier[likeness >= _LIKELY].tolist()


def _signature(hashes: Hashes) -> NDArray[np.uint32]:
    """The smallest hash under each of the permutations (multiply and shift)."""
    import numpy as np

    factors, terms = _permutations()
    smallest = [
        ((hashes[start : start + _BLOCK, None] * factors + terms) >> np.uint64(32)).min(axis=0)
        for start in range(0, len(hashes), _BLOCK)
    ]
    least: NDArray[np.uint32] = np.min(smallest, axis=0).astype(np.uint32)
    return least


@cache
def _permutations() -> tuple[Hashes, Hashes]:
    import numpy as np

    generator = np.random.default_rng(0)
    factors, terms = generator.integers(0, 2**63, (2, _BANDS * _ROWS), dtype=np.uint64)
    return factors * np.uint64(2) + np.uint64(1), terms


def _is_copy(first: _Text, second: _Text) -> bool:
    return (
        _is_same(first, second)
        and _agree(first.numbers, second.numbers)
        and not _is_boilerplate(first.article, second.article)
    )


def _is_same(first: _Text, second: _Text) -> bool:
    """Whether two texts are one but for little, or but for words changed here and there."""
    import numpy as np

    shared = np.intersect1d(first.shingles, second.shingles, assume_unique=True)
    sizes = len(first.shingles), len(second.shingles)
    likeness = len(shared) / (sum(sizes) - len(shared))
    if likeness >= _SAME:
        return True
    if likeness < _EDITED or min(sizes) < _LEAST:
        return False
    return all(_longest_own(text.order, shared) <= _PASSAGE for text in (first, second))


def _longest_own(order: Hashes, shared: Hashes) -> int:
    """The number of words in the longest passage of a text that no shared shingle covers."""
    import numpy as np

    found = np.isin(order, shared)
    covered = np.zeros(len(order) + _SHINGLE + 1, dtype=bool)
    covered[[0, -1]] = True
    for offset in range(_SHINGLE):
        covered[1 + offset : 1 + offset + len(order)] |= found
    return int(np.diff(np.flatnonzero(covered)).max()) - 1


def _agree(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether at most one number in three stands in the place of another.

    Reports from a template differ in little but their numbers; one that was merely left out says
    nothing.
    """
    exchanged = min(len(first - second), len(second - first))
    return len(first & second) >= 2 * exchanged


def _is_boilerplate(first: Article, second: Article) -> bool:
    """Whether a short text stands under two unlike headlines, as a notice about cookies does."""
    if len(first.text.split()) > _NOTICE or "title" in first.guessed + second.guessed:
        return False
    headlines = [
        {word for word in _WORD.findall(_TAIL.sub("", one.title).casefold()) if len(word) > 3}
        for one in (first, second)
    ]
    return all(headlines) and not headlines[0] & headlines[1]
