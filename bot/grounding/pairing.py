"""Lays one sentence on another: which words both have, and whether two words stand in one place.

The rarer a word in its article, the more it counts, so that a common subject alone is no common
event. Similarities are cosines of the words' vectors in their contexts. The module compares; what a
difference means is for `substitutions`, `measures` and `polarity`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.grounding.alignment import is_same
from bot.grounding.exclusives import are_exclusive
from bot.grounding.language import NEGATIONS, Reading, Word
from bot.grounding.opposites import are_opposite
from bot.grounding.syntax import anchors

Weigh = Callable[[Word], float]

_SYNONYM = 0.68  # cosine of two words in their contexts
_TELLING = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM"})
_MODIFIERS = frozenset({"amod", "compound", "nmod", "poss", "nummod"})
_ADDING = frozenset(
    "also another other further additional again too second third following subsequent "
    "previous earlier later separate next".split()
)


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A shorter sentence laid on a longer one: `own` maps its content words to the same ones,
    and `near` are those that have at least one of like meaning there.
    """

    short: Reading
    long: Reading
    own: dict[int, Word]
    near: frozenset[int]
    weights: dict[int, float]
    similarity: Callable[[Word, Word], float]

    @property
    def matched(self) -> int:
        """How many content words both have, "after" and "just" not counted."""
        return sum(self.short.words[index].part in _TELLING for index in self.own)

    def missing(self, apart_from: frozenset[int] = frozenset(), *, loosely: bool = False) -> float:
        """The weight of the shorter sentence's words that the other lacks, as a share.

        Loosely, a word of like meaning ("jury" for "jurors") is not lacking.
        """
        total = sum(self.weights.values()) or 1.0
        found = self.near | self.own.keys() if loosely else self.own.keys()
        lacking = (i for i in self.weights if i not in found and i not in apart_from)
        return sum(self.weights[i] for i in lacking) / total


def lay(first: Reading, second: Reading, weigh: Weigh) -> Pair:
    """The sentence with fewer content words on the other."""
    short, long = sorted((first, second), key=lambda reading: len(content(reading)))
    cosines = short.vectors @ long.vectors.T

    def similarity(word: Word, other: Word) -> float:
        return float(cosines[word.index, other.index])

    theirs = content(long)
    own: dict[int, Word] = {}
    near: set[int] = set()
    for word in content(short):
        same = [other for other in theirs if is_same(word, other)]
        if same:
            own[word.index] = max(same, key=lambda other: similarity(word, other))
        elif any(_is_like(word, other, similarity(word, other)) for other in theirs):
            near.add(word.index)
    _complete_names(short, own)
    weights = {word.index: weigh(word) for word in content(short)}
    return Pair(short, long, own, frozenset(near), weights, similarity)


def content(reading: Reading) -> list[Word]:
    """The words of a sentence that say something, without pronouns."""
    return [word for word in reading.words if word.content and word.part != "PRON"]


def _is_like(word: Word, other: Word, similarity: float) -> bool:
    """Whether two words mean the same in their contexts: "jury" and "jurors"."""
    if similarity < _SYNONYM or word.part != other.part or word.part not in ("NOUN", "VERB", "ADJ"):
        return False
    return not are_opposite(word.lemma, other.lemma) and not are_exclusive(word.lemma, other.lemma)


def _complete_names(reading: Reading, own: dict[int, Word]) -> None:
    """A surname stands for the whole name."""
    for first, past, _ in reading.names:
        inside = [own[index] for index in range(first, past) if index in own]
        if inside:
            own.update({index: own.get(index, inside[0]) for index in range(first, past)})


def in_place(pair: Pair, here: Word, there: Word) -> bool:
    """Whether two words stand in the same relation to a word that both sentences have."""
    if shares_anchor(pair, here, there):
        return True
    alike = here.relation == there.relation
    return alike and pair.missing(frozenset({here.index})) <= 0.1


def shares_anchor(pair: Pair, here: Word, there: Word) -> bool:
    """Whether two words are said of one word that both sentences have."""
    return any(
        is_same(one, other)
        for one in anchors(pair.short, here)
        for other in anchors(pair.long, there)
        if one.content and one.lower not in NEGATIONS and one.part != "PRON"
    )


def stand_alike(here: Word, there: Word) -> bool:
    """Whether two words stand in the same relation, or both modify a noun."""
    return here.relation == there.relation or {here.relation, there.relation} <= _MODIFIERS


def adds(pair: Pair) -> bool:
    """Whether one sentence says that it tells of another of the same kind: "also", "another"."""
    here = _adding(pair.short, set(pair.own))
    there = _adding(pair.long, {word.index for word in pair.own.values()})
    return here != there or "next" in here


def _adding(reading: Reading, matched: set[int]) -> set[str]:
    """Words that add, on a word that both sentences have, or on its number: "another 40"."""
    return {
        word.lower
        for word in reading.words
        if word.lower in _ADDING
        and (
            word.head in matched or (_is_number(reading, word) and _above(reading, word) in matched)
        )
    }


def _is_number(reading: Reading, word: Word) -> bool:
    return reading.words[word.head].part == "NUM"


def _above(reading: Reading, word: Word) -> int:
    return reading.words[word.head].head
