"""Near-duplicates: the same text from another address, such as a wire report that many print.

Word shingles and a sketch of them, the smallest of their hashes, find what is likely a copy (Broder
1997, "On the resemblance and containment of documents"); the texts themselves confirm it. A copy
that somebody edited shares fewer shingles than a later version with a new passage may, so what
tells them apart is how long a passage of one is that the other does not have. Knows no outlet names
and no database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

from bot.archive.rows import Row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

_SHINGLE = 3  # words
_SKETCH = 32  # hashes of a text by which it is found
_SHARED = 3  # of them, from which two texts are compared: finds 99.9% of pairs at .3
_COMPARED = 512  # texts whose shingles are kept at hand, some 20 kB each
_SAME = 0.7  # Jaccard similarity of the shingles from which two texts are one
_EDITED = 0.3  # and from which they may be, if one was edited word by word
_PASSAGE = 20  # words in a row that an edited copy may have of its own
_LEAST = 50  # shingles below which a text is too short to tell editing from a template
_NOTICE = 250  # words up to which a text may be a site's notice in place of the article
_TAIL = re.compile(r"\s+[|–—-]\s+[^|]*$")  # the outlet's name after a headline
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\\W_]+")  # CJK: a character a word
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is compared of a text: the hashes of its shingles, in order, and each once, sorted."""

    order: Hashes
    shingles: Hashes
    numbers: frozenset[str]

    @property
    def sketch(self) -> list[int]:
        """The smallest hashes: of texts that are alike, many of them are the same."""
        hashes: list[int] = self.shingles[:_SKETCH].tolist()
        return hashes

    @property
    def least_shared(self) -> int:
        """How many hashes of its sketch another text must have to be compared with this one."""
        return max(1, round(_SHARED * min(1.0, len(self.shingles) / _SKETCH)))


@lru_cache(_COMPARED)
def read_wording(text: str) -> Wording:
    """The wording of a text."""
    import numpy as np

    order = _shingles(text)
    return Wording(order, np.unique(order), frozenset(_NUMBER.findall(text)))


def are_copies(first: Row, second: Row) -> bool:
    """Whether two revisions hold the same text, but for little that somebody edited."""
    one, other = read_wording(first["text"]), read_wording(second["text"])
    return (
        _is_same(one, other)
        and _agree(one.numbers, other.numbers)
        and not (may_be_notice(first) and may_be_notice(second) and have_unlike(first, second))
    )


def may_be_notice(row: Row) -> bool:
    """Whether a text is as short as a site's notice, such as one about cookies, and its headline
    that of the article in whose place it may stand."""
    return "title" not in row["guessed"].split() and len(row["text"].split()) <= _NOTICE


def have_unlike(first: Row, second: Row) -> bool:
    """Whether two revisions stand under headlines that share no word."""
    words = [
        {word for word in _WORD.findall(_TAIL.sub("", one["title"]).casefold()) if len(word) > 3}
        for one in (first, second)
    ]
    return all(words) and not words[0] & words[1]


def _shingles(text: str) -> Hashes:
    """The hashes of all runs of three words, in order, below 2^63 as SQLite keeps them."""
    import numpy as np

    words = [_code(word) for word in _WORD.findall(text.casefold())]
    words += [0] * (_SHINGLE - len(words))
    codes = np.array(words, dtype=np.uint64)
    hashes = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
    for offset in range(_SHINGLE):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + codes[offset : offset + len(hashes)]
    return _mixed(hashes) >> np.uint64(1)


def _mixed(hashes: Hashes) -> Hashes:
    """Hashes whose order is as if by chance (the end of Appleby's MurmurHash3)."""
    import numpy as np

    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(factor)
    return hashes ^ (hashes >> np.uint64(33))


@cache
def _code(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"))


def _is_same(first: Wording, second: Wording) -> bool:
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
