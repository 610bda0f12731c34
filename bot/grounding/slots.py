"""The places of a sentence that a fact can fill: numbers, dates, names, and its content words.

Two sentences on one fact have the same slots; where one slot is filled differently they may
contradict each other. The module fills slots; it does not judge them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.grounding import dates, quantities
from bot.grounding.alignment import is_same
from bot.grounding.language import FUNCTION_WORDS, Reading, Word
from bot.grounding.places import country


class Filler(StrEnum):
    """What fills a slot."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    GROUP = "group"
    WORD = "word"


_KINDS = {
    "PERSON": Filler.PERSON,
    "GPE": Filler.PLACE,
    "LOC": Filler.PLACE,
    "FAC": Filler.PLACE,
    "ORG": Filler.ORGANISATION,
    "NORP": Filler.GROUP,
}
NAMES = frozenset(_KINDS.values())
_PARTS = frozenset({"VERB", "NOUN", "ADJ", "ADV", "PROPN"})
_NO_AMOUNT = re.compile(r"(?:one|first|second|half|one .*)", re.IGNORECASE)
_DECADE = re.compile(r"(?:1[5-9]|20)?\d0s")
_CLOCK = re.compile(r"\s*(?::\d|[ap]\.?m\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot: its head word, all of its words, and the number or date when it is one."""

    filler: Filler
    head: Word
    words: frozenset[int]
    text: str
    value: quantities.Quantity | dates.DateMention | None = None


def slots(reading: Reading) -> tuple[Slot, ...]:
    """The slots of a sentence, no word in two of them."""
    found: list[Slot] = []
    taken: set[int] = set()
    for slot in _all(reading):
        if not slot.words & taken:
            found.append(slot)
            taken |= slot.words
    return tuple(found)


def _all(reading: Reading) -> Iterator[Slot]:
    """Dates before numbers, since a year is no amount; names before words."""
    for mention in dates.find(reading.text):
        if words := _within(reading, mention.start, mention.end):
            yield _slot(Filler.DATE, words[0], words, mention.text, mention)
    for quantity in quantities.find(reading.text):
        words = _within(reading, quantity.start, quantity.end)
        if words and not _NO_AMOUNT.fullmatch(quantity.text) and not _is_clock(reading, quantity):
            yield _slot(Filler.NUMBER, _counting(words), words, quantity.text, quantity)
    for first, past, kind in reading.names:
        if kind in _KINDS:
            words = list(reading.words[first:past])
            yield _slot(_KINDS[kind], _top(words), words, " ".join(w.text for w in words))
    for word in reading.words:
        if word.content and (word.part in _PARTS or _DECADE.fullmatch(word.text)):
            yield _slot(Filler.WORD, word, [word], word.text)


def _is_clock(reading: Reading, quantity: quantities.Quantity) -> bool:
    """Whether the number is a part of a time of day or a label, "9:15", "#2"."""
    before = reading.text[: quantity.start]
    return bool(_CLOCK.match(reading.text, quantity.end)) or before.endswith((":", "#"))


def _slot(
    filler: Filler,
    head: Word,
    words: list[Word],
    text: str,
    value: quantities.Quantity | dates.DateMention | None = None,
) -> Slot:
    return Slot(filler, head, frozenset(word.index for word in words), text, value)


def _within(reading: Reading, start: int, end: int) -> list[Word]:
    return [word for word in reading.words if word.start < end and word.end > start]


def _counting(words: list[Word]) -> Word:
    """The word of a number that hangs on what it counts."""
    return next((word for word in reversed(words) if word.part == "NUM"), words[-1])


def _top(words: list[Word]) -> Word:
    inside = {word.index for word in words}
    return next((w for w in words if w.head not in inside or w.head == w.index), words[-1])


def is_filled(slot: Slot, other: Reading, others: tuple[Slot, ...]) -> bool:
    """Whether the other sentence has the same number, date, name or word anywhere."""
    if isinstance(slot.value, quantities.Quantity):
        values = [s.value for s in others if isinstance(s.value, quantities.Quantity)]
        return any(_agree(slot.value, value) for value in values)
    if isinstance(slot.value, dates.DateMention):
        mentions = [s.value for s in others if isinstance(s.value, dates.DateMention)]
        return any(
            dates.agrees(slot.value, mention) or dates.agrees(mention, slot.value)
            for mention in mentions
        )
    if slot.filler in NAMES:
        return _is_named(slot, other, others)
    return any(is_same(slot.head, word) for word in other.words)


def _agree(one: quantities.Quantity, other: quantities.Quantity) -> bool:
    if one.bound == other.bound == "more":
        return one.low == other.low  # "over 45" says another count than "over 40"
    if one.unit == other.unit and one.low <= other.high and other.low <= one.high:
        return True
    return quantities.agrees(one, other) or quantities.agrees(other, one)


def _is_named(slot: Slot, other: Reading, others: tuple[Slot, ...]) -> bool:
    """Whether the other sentence has the name, in part or in another form."""
    if _has_namesake(slot, others):
        return False
    home = country(slot.text)
    if home and any(country(o.text) == home for o in others if o.filler in NAMES):
        return True
    known = {word.text for word in other.words if word.text[:1].isupper() or slot.text.islower()}
    parts = [p for p in slot.text.split() if p[:1].isalnum() and p.lower() not in FUNCTION_WORDS]
    return any(part in known or (len(part) >= 4 and part[:-1] in other.text) for part in parts)


def _has_namesake(slot: Slot, others: tuple[Slot, ...]) -> bool:
    """Whether the other sentence has another name of the same ending: two Edwardses, two beaches.

    Not so when it has the very name as well.
    """
    name = _bare(slot.text)
    names = [_bare(other.text) for other in others if other.filler is slot.filler]
    if name in names:
        return False
    return any(
        len(name) > 1 < len(other) and name[-1] == other[-1] and name[0][0] != other[0][0]
        for other in names
    )


def _bare(name: str) -> list[str]:
    return [word for word in name.split() if word.lower() not in FUNCTION_WORDS]
