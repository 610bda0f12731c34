"""Which word fills a place: where the claim says almond milk, does the article say soy milk?

A place is a governing word with a relation to it: the subject of "won", what modifies "milk", what
follows "in" after "arrived". Where the claim's governor stands in the evidence too, the words that
fill the same place there are compared with the claim's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.grounding.alignment import Alignment, Match, is_same
from bot.grounding.language import Reading, Word
from bot.grounding.opposites import are_alike
from bot.grounding.synonyms import are_synonyms

SEARCHED = 4  # of the nearest sentences

# A passive subject and an active object are one place.
_RELATIONS = {
    "nsubj": "subject",
    "dobj": "object",
    "nsubjpass": "object",
    "amod": "modifier",
    "compound": "modifier",
    "nummod": "number",
    "poss": "owner",
    "attr": "attribute",
    "appos": "name",
}

Places = Mapping[int, tuple[tuple[str, Word], ...]]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A word of the claim, and the one that fills its place in the evidence.

    `elsewhere` says that the evidence has the claim's word too, in another place.
    """

    word: Word
    instead: Word
    elsewhere: bool


def find_replaced(alignment: Alignment) -> tuple[Replaced, ...]:
    """The words of the claim whose places other words fill in the evidence, and only others."""
    matches = {match.word.index: match for match in alignment.matches}
    found: list[Replaced] = []
    for governor, fillers in _places(alignment.claim).items():
        if not alignment.claim.words[governor].content:
            continue
        for relation, word in fillers:
            match = matches.get(word.index)
            if match is not None and word.part != "PRON":
                there = list(_fillers(alignment, alignment.claim.words[governor], relation))
                found += _replaced(match, there, alignment.claim)
    return tuple(found)


def _replaced(match: Match, there: list[Word], claim: Reading) -> Iterator[Replaced]:
    word = match.word
    if any(_is_alike(word, other) for other in there):
        return
    others = [
        other
        for other in there
        if other.part in (word.part, "PROPN")
        and not any(is_same(other, own) for own in claim.words)
    ]
    if others:
        yield Replaced(word, others[0], match.own is not None)


def _is_alike(word: Word, other: Word) -> bool:
    return (
        is_same(word, other)
        or are_synonyms(word.lemma, other.lemma)
        or are_alike(word.lemma, other.lemma)
    )


def _fillers(alignment: Alignment, governor: Word, relation: str) -> Iterator[Word]:
    """What fills the place in the nearest sentences."""
    for reading in alignment.readings[:SEARCHED]:
        places = _places(reading)
        for word in reading.words:
            if word.index in places and is_same(governor, word):
                for its, filler in places[word.index]:
                    if its == relation and filler.content:
                        yield filler
                        yield from _parts(reading, filler)


def _parts(reading: Reading, filler: Word) -> list[Word]:
    """The other words of a name: Kim Jong Un fills the place, so Kim does."""
    return [word for word in reading.children(filler.index) if word.relation == "compound"]


@lru_cache(1024)
def _places(reading: Reading) -> Places:
    """The filled places of each governing word, by its index."""
    places: dict[int, list[tuple[str, Word]]] = defaultdict(list)
    for word in reading.words:
        head = reading.words[word.head]
        if word.relation == "pobj":
            relation = "subject" if head.relation == "agent" else head.lower
            places[head.head].append((relation, word))
        elif word.relation in _RELATIONS and head.index != word.index:
            places[head.index].append((_RELATIONS[word.relation], word))
    return {index: tuple(fillers) for index, fillers in places.items()}
