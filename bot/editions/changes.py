"""What is new in an edition: each claim beside what earlier editions told.

A claim that says in much the same words, or means, what was told before is repeated, unless a
number, a day or a negation differs: then it is updated. Pure functions: no clock, no database, no
model; vectors are given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.archive.memory import Thread, Told
from bot.chronicle import Change, Novelty
from bot.editions.updates import find_updates
from bot.entities import Citation, Claim
from bot.grounding import dates, quantities, tolls
from bot.grounding.events import names_in
from bot.grounding.language import Reading
from bot.grounding.totals import is_candidate
from bot.grounding.vocabulary import content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

Published = Callable[[Citation], datetime | None]
Read = Callable[[str], Reading]

SAME_WORDS = 0.55  # Jaccard similarity of the words from which two claims are the same in words
SAME_MEANING = 0.85  # cosine from which they are the same in meaning, if they share words
_SHARED = 0.3  # of the content words, at the least
_ON_ONE_EVENT = 0.45  # cosine from which another count of what befell people is an update
_ON_ONE_THING = 0.65  # cosine from which a number that counts the same may have become another
_ONE_STORY = 0.62  # cosine of two stories' vectors from which they are one
_LOOKED_BACK = timedelta(days=45)  # how far before its publication an article tells the news of

_WORD = re.compile(r"\w+")
_BOUND = re.compile(r"\b(?:until|till|by|before|since|from|after|next)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Likeness:
    told: Told
    words: float
    meaning: float

    @property
    def strength(self) -> float:
        return max(self.words, self.meaning)


def find_changes(
    claims: Sequence[Claim],
    vectors: Vectors,
    told: Sequence[Told],
    published: Published,
    read: Read,
) -> list[Change]:
    """What each claim is beside the claims that were told, and those before it in `claims`.

    `vectors` has a unit row a claim; `published` says when a cited article was published; `read`
    parses a sentence.
    """
    changes = []
    for claim, vector in zip(claims, vectors, strict=True):
        alike = _alike(claim.text, vector, told)
        changes.append(_change(claim, alike, published, read))
    return changes


def jaccard(one: str, other: str) -> float:
    """The share of words that two texts have in common."""
    first, second = words_of(one), words_of(other)
    return len(first & second) / max(1, len(first | second))


@lru_cache(maxsize=16_384)
def words_of(text: str) -> frozenset[str]:
    """The words of a text, each once, in small letters."""
    return frozenset(_WORD.findall(text.casefold()))


def day_of(claim: Claim, published: Published) -> date | None:
    """The day that a claim is about: the last one that it names, else that of its article.

    A day that is named for the background ("since 1997") or that is to come is not what it is
    about.
    """
    if not claim.citations:
        return None
    when = published(claim.citations[0])
    if when is None:
        return None
    named = [
        mention.first
        for mention in dates.find(claim.text, when)
        if mention.first is not None
        and mention.first == mention.last
        and not _BOUND.search(claim.text[: mention.start])
    ]
    near = [day for day in named if when.date() - _LOOKED_BACK <= day <= when.date()]
    return max(near) if near else when.date()


def find_threads(
    stories: Sequence[tuple[Vectors, Sequence[Change]]],
    threads: Sequence[Thread],
    story_of: Mapping[tuple[int, str], str],
) -> list[Thread | None]:
    """The earlier story that each story goes on with, each at most once; None: it is a new one.

    A story is given by its vector and its claims' changes; `story_of` finds the story of a told
    claim by its edition's number and text. The stories that come first choose first.
    """
    newest: dict[str, Thread] = {}
    for thread in threads:
        newest.setdefault(thread.id, thread)
    free = dict(newest)
    chosen: list[Thread | None] = []
    for vector, changes in stories:
        found = _by_claims(changes, story_of, free) or _by_meaning(vector, free)
        chosen.append(found)
        if found is not None:
            del free[found.id]
    return chosen


def _by_claims(
    changes: Sequence[Change],
    story_of: Mapping[tuple[int, str], str],
    free: Mapping[str, Thread],
) -> Thread | None:
    told = [
        story_of.get((change.edition, change.before), "")
        for change in changes
        if change.edition is not None
    ]
    votes = Counter(story for story in told if story in free)
    return free[votes.most_common(1)[0][0]] if votes else None


def _by_meaning(vector: Vectors, free: Mapping[str, Thread]) -> Thread | None:
    nearest = max(free.values(), key=lambda one: float(one.vector @ vector), default=None)
    if nearest is None or float(nearest.vector @ vector) < _ONE_STORY:
        return None
    return nearest


def _alike(text: str, vector: Vectors, told: Sequence[Told]) -> list[_Likeness]:
    """What was told of the same thing, the most alike first."""
    import numpy as np

    if not told:
        return []
    meanings = np.stack([one.vector for one in told]) @ vector
    found = [
        _Likeness(one, jaccard(text, one.text), float(meaning))
        for one, meaning in zip(told, meanings, strict=True)
        if meaning >= _ON_ONE_EVENT or len(words_of(text) & words_of(one.text)) >= 4
    ]
    found = [one for one in found if one.words >= SAME_WORDS or one.meaning >= _ON_ONE_EVENT]
    return sorted(found, key=lambda one: -one.strength)


def _change(claim: Claim, alike: Sequence[_Likeness], published: Published, read: Read) -> Change:
    same = [one for one in alike if _is_same(claim.text, one)]
    differing = [(one, _updates(claim, one, one in same, published, read)) for one in alike]
    for one, reasons in differing:
        if one in same and not reasons and not _are_of_others(one.told.text, claim.text):
            return _related(Novelty.REPEATED, one, ())
    for one, reasons in differing:
        if reasons:
            return _related(Novelty.UPDATED, one, reasons)
    return Change()


def _updates(
    claim: Claim, likeness: _Likeness, is_same: bool, published: Published, read: Read
) -> tuple[str, ...]:
    """What the claim says otherwise than what was told of the same thing."""
    told, text = likeness.told, claim.text
    if _are_of_others(told.text, text):
        return ()
    if total := _another_total(told.text, text, read):
        return (total,)
    if likeness.meaning < _ON_ONE_THING and not is_same:
        return ()
    reasons = find_updates(
        told.text,
        text,
        told=published(told.citation) if told.citation else None,
        published=published(claim.citations[0]) if claim.citations else None,
        loosely=is_same,
    )
    if reasons and not is_same and tolls.count_other_things(read(told.text), read(text)):
        return ()
    return reasons


def _another_total(before: str, after: str, read: Read) -> str:
    """Another count of what befell people, in whatever words."""
    if not (is_candidate(before) and is_candidate(after)):
        return ""
    pair = tolls.changed_total(read(before), read(after))
    return f"{pair[0].quantity.text} became {pair[1].quantity.text}" if pair else ""


def _are_of_others(before: str, after: str) -> bool:
    """Whether each names somebody or some place that the other does not, and another number."""
    one, other = names_in(before), names_in(after)
    return bool(one - other and other - one) and bool(quantities.find(after))


def _is_same(text: str, likeness: _Likeness) -> bool:
    if likeness.words >= SAME_WORDS:
        return True
    one, two = set(content_words(text)), set(content_words(likeness.told.text))
    shares = len(one & two) >= _SHARED * min(len(one), len(two))
    return likeness.meaning >= SAME_MEANING and shares


def _related(novelty: Novelty, likeness: _Likeness, reasons: tuple[str, ...]) -> Change:
    told = likeness.told
    return Change(
        novelty=novelty,
        before=told.text,
        edition=told.edition,
        citation=told.citation,
        reasons=reasons,
    )
