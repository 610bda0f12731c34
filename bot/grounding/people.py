"""Who is who in a text: full names, surnames, and titles such as "the Chinese president".

Names that share a word are one person. This module knows the readings of one text only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.grounding.language import Reading, Word
from bot.grounding.places import country

_TITLES = frozenset(
    "president leader minister chancellor premier king queen prince princess pope pontiff emperor "
    "ruler chief secretary counterpart monarch".split()
)
_NOT_NAMES = frozenset("the mr mrs ms dr president prime minister king queen pope".split())


class People:
    """The people of a text, numbered in the order in which they appear."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._names: list[set[str]] = []
        self._shown: list[str] = []
        self._titles: dict[int, set[str]] = {}
        self._homes: dict[int, str] = {}
        self._counts: Counter[int] = Counter()
        mentions = [(r, first, past) for r in readings for first, past in _mentions(r)]
        for reading, first, past in sorted(mentions, key=lambda m: m[1] - m[2]):
            self._add(reading, first, past)
        for reading, first, past in mentions:
            self._describe(reading, first, past)

    def name(self, person: int) -> str:
        """The fullest name of a person."""
        return self._shown[person]

    def leading(self) -> list[int]:
        """The two people whom the text names most often."""
        return [person for person, _ in self._counts.most_common(2)]

    def who(self, reading: Reading, word: Word) -> int | None:
        """The person that a word names, describes by a title, or refers to as "his"."""
        if word.lower in ("his", "her", "he", "she"):
            return self._antecedent(reading, word)
        named = self._find({word.lower})
        if named is not None and word.text[:1].isupper():
            return named
        if word.lemma in _TITLES:
            return self._by_title(reading, word)
        return None

    def all(self, reading: Reading, words: Iterable[Word]) -> list[int]:
        """The people among some words, each once."""
        found = [person for word in words if (person := self.who(reading, word)) is not None]
        return list(dict.fromkeys(found))

    def present(self, reading: Reading) -> list[int]:
        """Everybody whom a sentence names or describes, possessors too."""
        nouns = [w for w in reading.words if w.part in ("PROPN", "NOUN")]
        named = [w for w in nouns if w.relation not in ("compound", "amod", "nmod")]
        return self.all(reading, named)

    def only(self, reading: Reading) -> list[int]:
        """The person of a sentence that has one; else nobody."""
        found = self.present(reading)
        return found if len(found) == 1 else []

    def _find(self, words: set[str]) -> int | None:
        return next((n for n, name in enumerate(self._names) if words & name), None)

    def _add(self, reading: Reading, first: int, past: int) -> None:
        words = {w.lower for w in reading.words[first:past]} - _NOT_NAMES
        words = {word for word in words if (len(word) > 1 and word.isalpha()) or "-" in word}
        if not words:
            return
        known = self._find(words)
        if known is None:
            known = len(self._names)
            self._names.append(words)
            text = reading.text[reading.words[first].start : reading.words[past - 1].end]
            self._shown.append(text.removesuffix("’s").removesuffix("'s"))
        self._counts[known] += 1

    def _describe(self, reading: Reading, first: int, past: int) -> None:
        """Title and country from what stands before a name: "Russian President Vladimir Putin"."""
        words = {word.lower for word in reading.words[first:past]} - _NOT_NAMES
        person = self._find(words)
        before = reading.words[max(0, first - 5) : first]
        around = reading.words[max(0, first - 5) : past]
        titles = {word.lower for word in around if word.lower in _TITLES}
        if person is None or not titles:
            return
        self._titles.setdefault(person, set()).update(titles)
        if home := _nearest_country(reading, before):
            self._homes.setdefault(person, home)

    def _by_title(self, reading: Reading, word: Word) -> int | None:
        home = _home(reading, word)
        wanted = {"pope"} if word.lemma == "pontiff" else {word.lemma}
        found = [
            person
            for person, titles in self._titles.items()
            if (home and self._homes.get(person) == home)
            or (not home and wanted & titles and self._is_unique(wanted))
        ]
        return found[0] if len(found) == 1 else None

    def _is_unique(self, title: set[str]) -> bool:
        return sum(bool(title & titles) for titles in self._titles.values()) == 1

    def _antecedent(self, reading: Reading, pronoun: Word) -> int | None:
        """The first subject of the same sentence that is a name and stands before the pronoun."""
        for word in reading.words[: pronoun.index]:
            if word.relation in ("nsubj", "nsubjpass") and word.part == "PROPN":
                return self.who(reading, word)
        return None

    def subject(self, reading: Reading) -> int | None:
        """Whom the sentence is about: the first person among its subjects."""
        subjects = [w for w in reading.words if w.relation in ("nsubj", "nsubjpass")]
        named = [word for word in subjects if word.part != "PRON"]
        return next(iter(self.all(reading, named)), None)


def _home(reading: Reading, word: Word) -> str | None:
    """The country in "the Chinese president" and "Kenya's leader"."""
    return _nearest_country(reading, reading.words[max(0, word.index - 4) : word.index])


def _nearest_country(reading: Reading, words: Sequence[Word]) -> str | None:
    """The last country that is named among some words that follow each other."""
    for past in range(len(words), 0, -1):
        for first in range(max(0, past - 3), past):
            name = reading.text[words[first].start : words[past - 1].end]
            if name[:1].isupper() and (home := country(name)):
                return home
    return None


def _mentions(reading: Reading) -> list[tuple[int, int]]:
    """Spans of people's names, each with the capitalised words that the tagger left out."""
    found = []
    for first, past, kind in reading.names:
        if kind == "PERSON":
            while past < len(reading.words) and _continues(reading.words[past]):
                past += 1
            found.append((first, past))
    return found


def _continues(word: Word) -> bool:
    return word.part == "PROPN" and not word.entity and country(word.text) is None
