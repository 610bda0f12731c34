"""Whether two articles tell one event, and whether a sentence of one speaks of another event.

Articles on one event have names in common, and their first sentences are near in meaning; a
sentence that names a place which the other article lacks may be about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.entities import Article
from bot.grounding.language import Language, Reading, Word
from bot.grounding.polarity import SPEECH
from bot.grounding.totals import Total, is_candidate, totals

SHARED = 0.4  # of the names of the article that has fewer, at the least, for one event
_ABOUT = 0.4  # cosine of titles with first sentences
_NAMELESS = 0.6  # the same where an article has no names
_NAME = re.compile(r"(?<=\S\s)[“\"'‘(]?([A-Z][\w’'-]+)")
_NO_NAMES = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|"
    r"august|september|october|november|december|the|a|in|on|we|he|she|it|they|but|and|i|mr|mrs|ms|"
    r"dr|president|minister|police|reuters|ap|afp)",
    re.IGNORECASE,
)


@dataclass(eq=False)
class Told:
    """What one article tells: its names and its totals, each with its sentence's text."""

    article: Article
    sentences: Sequence[str]
    language: Language

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in its title and its sentences."""
        return frozenset().union(*map(names_in, (self.article.title, *self.sentences)))

    @cached_property
    def words(self) -> str:
        """All of its text in lower case, to look names up in."""
        return f"{self.article.title}\n{self.article.text}".lower()

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """Every total, in the article's order."""
        texts = [text for text in self.sentences if is_candidate(text)]
        return tuple(total for text in texts for total in totals(self.language.read(text)))

    @cached_property
    def lead(self) -> str:
        """What it is about, in the words of its title and its first sentence."""
        return f"{self.article.title}. {self.sentences[0] if self.sentences else ''}".strip(". ")


def names_in(text: str) -> frozenset[str]:
    """Capitalised words, in small letters, that are not merely first in their sentence."""
    found = (name.removesuffix("’s").removesuffix("'s") for name in _NAME.findall(text))
    return frozenset(name.lower() for name in found if not _NO_NAMES.fullmatch(name))


def tell_one_event(one: Told, other: Told) -> bool:
    """Whether two articles share enough names, and their leads are near in meaning."""
    fewer = min(len(one.names), len(other.names))
    if len(one.names & other.names) < SHARED * fewer:
        return False
    vectors = [one.language.vector(each.lead) for each in (one, other)]
    return float(vectors[0] @ vectors[1]) >= (_ABOUT if fewer else _NAMELESS)


def is_elsewhere(reading: Reading, other: Told) -> bool:
    """Whether the sentence names a place, or people, that the other article does not."""
    return any(
        not any(word.lower in other.words for word in name) and not _is_speaker(reading, name[-1])
        for name in _places(reading)
    )


def _places(reading: Reading) -> Iterator[list[Word]]:
    """The names of places and peoples, and whatever name stands after "in" or "near"."""
    for first, past, kind in reading.names:
        name = [w for w in reading.words[first:past] if w.part in ("PROPN", "ADJ")]
        if name and kind in ("GPE", "LOC", "FAC", "NORP", "EVENT"):
            yield name
    for word in reading.words:
        where = reading.words[word.head].lower in ("in", "near", "at", "outside", "off")
        if word.part == "PROPN" and word.relation == "pobj" and where:
            yield [word]


def _is_speaker(reading: Reading, word: Word) -> bool:
    """Whether a word belongs to whoever says it: "the Split coast guard said", "according to"."""
    for _ in range(8):
        head = reading.words[word.head]
        says = word.relation == "nsubj" and head.lemma in SPEECH
        if says or head.lower == "according":
            return True
        if head.index == word.index:
            return False
        word = head
    return False
