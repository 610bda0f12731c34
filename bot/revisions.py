"""What a revision of an article changed: sentence by sentence, and whether it corrects.

A correction says so ("An earlier version of this article misstated ..."), or silently puts another
number, date or name into a sentence that else stays as it was. All else is an update.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from bot.entities import Article, ArticleDetails
from bot.grounding.sentences import split

_ALIKE = 0.6  # share of words from which two sentences are one that was reworded
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CORRECTS = re.compile(
    r"^(?:corrections?|clarifications?|editor[’']s note)\b"
    r"|\bearlier versions? of (?:this|the) (?:article|story|report|headline|post|item)\b"
    r"|\b(?:this|the) (?:article|story|report|headline|post|item) (?:has been|was)"
    r" (?:corrected|amended|clarified)\b|^berichtigung\b|^korrektur\b|^rectificati(?:f|on)\b"
    r"|^fe de errores\b|^rettifica\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A sentence before and after a revision; "" where it was put in or taken out.

    `corrects`: it is the same sentence with another number, date or name in it.
    """

    before: str
    after: str
    corrects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionChange:
    """What one revision changed in the one before it. `note` is the sentence that owns up to it."""

    article: ArticleDetails
    differences: tuple[Difference, ...] = ()
    note: str = ""

    @property
    def is_correction(self) -> bool:
        """Whether something that was said before is said otherwise now."""
        return bool(self.note) or any(one.corrects for one in self.differences)


def changes_of(revisions: Sequence[Article]) -> tuple[RevisionChange, ...]:
    """What each revision of one article changed, oldest first; nothing for the first."""
    return tuple(change_between(before, after) for before, after in pairwise(revisions))


def change_between(before: Article, after: Article) -> RevisionChange:
    """What changed from one revision of an article to another, the headline included."""
    headline = [Difference(before.title, after.title)] if before.title != after.title else []
    differences = (*headline, *_differences(_sentences(before), _sentences(after)))
    added = (one.after for one in differences if one.after)
    note = next((sentence for sentence in added if _CORRECTS.search(sentence)), "")
    return RevisionChange(article=after.details, differences=differences, note=note)


def _sentences(article: Article) -> list[str]:
    return [" ".join(one.text.split()) for one in split(article.text)]


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind != "equal":
            yield from _paired(old[i1:i2], new[j1:j2])


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    """The sentences of one changed place, those that were reworded as pairs, in reading order."""
    left = list(old)
    for sentence in new:
        nearest = max(left, key=lambda one: _likeness(one, sentence), default="")
        if not nearest or _likeness(nearest, sentence) < _ALIKE:
            yield Difference("", sentence)
            continue
        passed = left.index(nearest)
        yield from (Difference(one, "") for one in left[:passed])
        del left[: passed + 1]
        yield Difference(nearest, sentence, corrects=_corrects(nearest, sentence))
    yield from (Difference(one, "") for one in left)


def _likeness(one: str, other: str) -> float:
    words: list[str] = _WORD.findall(one.casefold())
    others: list[str] = _WORD.findall(other.casefold())
    return SequenceMatcher(None, words, others, autojunk=False).ratio()


def _corrects(before: str, after: str) -> bool:
    """Whether a number or a name in the sentence gave way to another."""
    old: list[str] = _WORD.findall(before)
    new: list[str] = _WORD.findall(after)
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "replace":
            continue
        gone, come = _facts(old[i1:i2], i1), _facts(new[j1:j2], j1)
        if gone and come and gone != come:
            return True
    return False


def _facts(words: Sequence[str], first: int) -> list[str]:
    """The numbers and names among words; the first word of a sentence tells nothing by its case."""
    return [
        word.casefold()
        for place, word in enumerate(words, first)
        if word[0].isdigit() or word.casefold() in _NUMBERS or (place > 0 and word[0].isupper())
    ]


_NUMBERS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred thousand million billion half third quarter dozen no none
    january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """.split()
)
