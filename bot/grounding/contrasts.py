"""Whether two opposites oppose each other where they stand, in two sentences.

"Before the vote" and "after the vote" do, "after the vote" and "before the strike" do not; Chelsea
win what others lose, and whose wife she is has her for a wife. `opposites` knows the words alone.
"""

from __future__ import annotations

from bot.grounding.alignment import is_same
from bot.grounding.language import Reading, Word
from bot.grounding.opposites import are_opposite

_NEVER = 2.0  # no cosine reaches it
_RELATIONS = frozenset(("before", "after", "during", "until", "since", "over", "above", "under",
    "below", "ahead", "behind", "inside", "outside", "with", "without", "despite",
    "because"))  # fmt: skip
_DEGREES = frozenset(("more", "most", "less", "least", "few", "high", "low"))
_CONVERSES = frozenset(("win", "lose", "beat", "defeat", "victory", "loss", "buy", "sell", "give",
    "take", "send", "receive", "lend", "borrow"))  # fmt: skip
_KIN = frozenset(("husband", "wife", "father", "mother", "son", "daughter", "brother", "sister"))
_ANSWERS = frozenset(("accept", "agree", "decline", "refuse", "reject"))
_FURTHER = frozenset(("another", "other", "second", "third", "fourth", "fifth"))
_SUBJECTS = frozenset(("nsubj", "poss"))


def are_opposed(claim: Reading, word: Word, reading: Reading, other: Word) -> bool:
    """Whether two words are opposites here: an age ("24 years old") is no opposite of young."""
    if not are_opposite(word.lemma, other.lemma):
        return False
    if word.lemma in _RELATIONS or other.lemma in _RELATIONS:
        return _relate_alike(claim, word, reading, other)
    if _ANSWERS & {word.lemma, other.lemma} and _clause(claim, word) != _clause(reading, other):
        return False  # "accepted the dismissal", "declined to try his luck"
    sides = ((claim, word), (reading, other))
    return not any(_is_age(*side) or _is_further(*side) for side in sides)


def least_similarity(claim: Reading, word: Word, reading: Reading, opposite: Word) -> float:
    """The cosine from which an opposite is taken to stand in the word's place.

    Chelsea's win is their opponents' loss, so converses need one subject; "more" and "less" may
    belong to anything, so they need a neighbour in common, and kin need more than whose they are.
    """
    if word.lemma in _CONVERSES and not _share_neighbours(
        claim, word, reading, opposite, _SUBJECTS
    ):
        return _NEVER
    if word.lemma in _KIN and not _are_told_of_alike(claim, word, reading, opposite):
        return _NEVER
    if _share_neighbours(claim, word, reading, opposite):
        return 0.25
    if word.lemma in _DEGREES:
        return _NEVER
    # where nothing else says so, "deaths" is no opposite of "alive"
    return 0.5 if word.part == opposite.part else 0.7


def _is_age(reading: Reading, word: Word) -> bool:
    before = reading.words[max(0, word.index - 2) : word.index]
    return word.lower == "old" and any(near.lemma in ("year", "month", "week") for near in before)


def _is_further(reading: Reading, word: Word) -> bool:
    """Whether it is somebody or something else of the kind: "a third woman"."""
    return any(near.lower in _FURTHER for near in reading.children(word.index))


def _clause(reading: Reading, word: Word) -> bool:
    """Whether a word governs a verb: "declined to try"."""
    return any(near.relation in ("xcomp", "ccomp") for near in reading.children(word.index))


def _relate_alike(claim: Reading, word: Word, reading: Reading, other: Word) -> bool:
    """Whether two prepositions or conjunctions stand between the same words."""
    (above, below), (its, lower) = _related(claim, word), _related(reading, other)
    return is_same(above, its) and any(is_same(near, far) for near in below for far in lower)


def _related(reading: Reading, word: Word) -> tuple[Word, list[Word]]:
    """What a preposition or conjunction ties to what: "arrested", ["vote"]."""
    head = reading.words[word.head]
    if word.relation == "mark":
        return reading.words[head.head], [head]
    return head, [near for near in reading.children(word.index) if near.content]


def _are_told_of_alike(claim: Reading, word: Word, reading: Reading, other: Word) -> bool:
    """Whether the same is said of both: they govern alike, or depend on one word."""
    if is_same(claim.words[word.head], reading.words[other.head]):
        return True
    ours, theirs = (
        [near for near in side.children(its.index) if near.content and near.relation != "poss"]
        for side, its in ((claim, word), (reading, other))
    )
    return any(is_same(one, its) for one in ours for its in theirs)


def _share_neighbours(
    one: Reading, word: Word, other: Reading, its: Word, relations: frozenset[str] = frozenset()
) -> bool:
    """Whether a content word depends on both words, or governs both; or depends in `relations`."""
    here, there = (
        [near for near in _neighbours(*side) if not relations or near.relation in relations]
        for side in ((one, word), (other, its))
    )
    return any(is_same(near, far) for near in here if near.content for far in there)


def _neighbours(reading: Reading, word: Word) -> list[Word]:
    near = reading.children(word.index)
    return [*near, reading.words[word.head]] if word.head != word.index else near
