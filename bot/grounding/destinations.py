"""The country to which a verb or a noun leads: "flew to Beijing", "at a space centre in Russia".

The module knows single sentences and the verbs of going, visiting and leaving.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.grounding.language import Reading, Word
from bot.grounding.places import country, is_adjective
from bot.grounding.syntax import complements, direct_objects, objects_of

REACHING = frozenset("visit tour reach enter leave".split())  # with the place as their object
_GOING = {  # verb: the prepositions before where one goes
    "arrive": "in at", "land": "in at", "fly": "to into", "travel": "to", "go": "to",
    "head": "to for", "come": "to", "journey": "to", "cross": "into", "touch": "in", "sail": "to",
    "drive": "to into", "spend": "in at", "set": "in on", "stop": "in", "stay": "in",
    "return": "from", "be": "in",
}  # fmt: skip


def destination(reading: Reading, verb: Word) -> str | None:
    """The country where the subject of a verb goes, stays or leaves."""
    if verb.lemma in _GOING:
        if verb.lemma == "set" and not _has(reading, verb, "foot"):
            return None
        return place_after(reading, verb, _GOING[verb.lemma])
    if verb.lemma in REACHING:
        return place_of(reading, direct_objects(reading, verb))
    return None


def _has(reading: Reading, verb: Word, noun: str) -> bool:
    return any(word.lower == noun for word in reading.children(verb.index))


def place_after(reading: Reading, word: Word, prepositions: str) -> str | None:
    """The country that follows a word after one of these prepositions."""
    return place_of(reading, objects_of(reading, word, prepositions))


def place_of(reading: Reading, nouns: Iterable[Word]) -> str | None:
    """The one country that a phrase names, by its head or by what is nested in it."""
    for noun in nouns:
        found = {c for c in _countries(reading, noun) if c}
        if len(found) == 1:
            return found.pop()
    return None


def _countries(reading: Reading, noun: Word) -> Iterator[str | None]:
    yield _named(reading, noun)
    for child in reading.children(noun.index):
        if child.relation == "appos":
            yield _named(reading, child)
        elif child.relation == "prep" and child.lower in ("in", "at", "of", "near"):
            for nested in complements(reading, child):
                yield from _countries(reading, nested)


def _named(reading: Reading, noun: Word) -> str | None:
    """The country of a name that ends with this word, the longest reading of it first."""
    if not noun.text[:1].isupper():
        return None
    for first in range(max(0, noun.index - 2), noun.index + 1):
        name = reading.text[reading.words[first].start : noun.end]
        if not name[:1].isupper() or is_adjective(name) or name == "Us":
            continue
        if found := country(name):
            return found
    return None
