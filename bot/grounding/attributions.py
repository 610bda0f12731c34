"""One quotation in the mouths of two people: who said it cannot be both.

Only the very same words count, within quotation marks, each with one person who is named as saying
them: two people may well say alike, and "he" or "the spokesman" may be anybody.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.grounding.language import Language, Reading

LEAST = 6  # words of a quotation that two people would hardly say alike

_QUOTED = re.compile(r"[\"“]([^\"“”]{20,}?)[\"”]")
_SAYING = frozenset(
    "say tell add write warn claim announce tweet ask declare insist state comment".split()
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """A quotation that two sentences, by their numbers, give to two people."""

    first: int
    second: int
    quote: str
    speakers: tuple[str, str]


def find_attributions(sentences: Sequence[str], language: Language) -> Iterator[Attribution]:
    """The quotations of the sentences that have two speakers; only repeated ones are read."""
    places: dict[str, list[int]] = defaultdict(list)
    quotes: dict[str, str] = {}
    for number, sentence in enumerate(sentences):
        for quote in _QUOTED.findall(sentence):
            words = re.findall(r"\w+", quote.lower())
            if len(words) >= LEAST:
                key = " ".join(words)
                quotes.setdefault(key, quote.strip(" ,."))
                places[key].append(number)
    for key, numbers in places.items():
        for first, second in combinations(dict.fromkeys(numbers), 2):
            one, other = (_speaker(language.read(sentences[n])) for n in (first, second))
            if one and other and _are_two(one, other):
                names = (" ".join(one), " ".join(other))
                yield Attribution(first, second, quotes[key], names)


def _speaker(reading: Reading) -> list[str]:
    """The name of the one person who says something in the sentence; [] for none or several."""
    people = [
        (first, past)
        for first, past, kind in reading.names
        if kind == "PERSON" and _says(reading, first, past)
    ]
    if len(people) != 1 or _has_other_speakers(reading, *people[0]):
        return []
    first, past = people[0]
    return [word.text for word in reading.words[first:past] if word.part == "PROPN"]


def _says(reading: Reading, first: int, past: int) -> bool:
    return any(_is_speaking(reading, index) for index in range(first, past))


def _has_other_speakers(reading: Reading, first: int, past: int) -> bool:
    others = (word.index for word in reading.words if not first <= word.index < past)
    return any(_is_speaking(reading, index) for index in others)


def _is_speaking(reading: Reading, index: int) -> bool:
    word = reading.words[index]
    return word.relation == "nsubj" and reading.words[word.head].lemma in _SAYING


def _are_two(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the names share no word: "Kim" may be "Kim Jong Un"."""
    return not {part.lower() for part in one} & {part.lower() for part in other}
