"""Whether two numbers count the same things, and two dates say when the same thing happened.

The module knows pairs of sentences; whether the two values agree is known to `quantities` and
`dates`.
"""

from __future__ import annotations

import re

from bot.grounding import dates, quantities
from bot.grounding.alignment import is_same
from bot.grounding.language import Reading, Word
from bot.grounding.pairing import Pair
from bot.grounding.polarity import SPEECH
from bot.grounding.slots import Slot
from bot.grounding.syntax import verb_above

_SIGNS = frozenset({"%", "percent", "cent", "pc", "points"})
_MONTH = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
)


def same_count(pair: Pair, here: Slot, there: Slot) -> bool:
    """Whether two numbers count the same things."""
    one, other = here.value, there.value
    if not isinstance(one, quantities.Quantity) or not isinstance(other, quantities.Quantity):
        return False
    if one.unit != other.unit or one.unit == "ordinal":
        return False
    if here.text in there.text or there.text in here.text:
        return False
    counted = [
        (what, also)
        for what in _counted(pair.short, here.head)
        for also in _counted(pair.long, there.head)
        if is_same(what, also)
    ]
    similarity = pair.similarity(here.head, there.head)
    if not counted or similarity < 0.45:
        return False
    asked = [verb_above(pair.short, here.head), verb_above(pair.long, there.head)]
    if all(verb is not None and verb.lemma in SPEECH for verb in asked):
        # so many said this, and so many that: shares of a survey
        return pair.missing(here.words) <= 0.1
    what, also = counted[0]
    if is_same(pair.short.words[what.head], pair.long.words[also.head]):
        return True
    limit = 0.25 if one.unit == "percent" or similarity < 0.6 else 0.4
    return pair.missing(here.words) <= limit


def _counted(reading: Reading, number: Word) -> list[Word]:
    """What a number counts: "books" of "33 children's cook books", however it was parsed."""
    chain = []
    if number.lower in _SIGNS or reading.words[number.head].lower in _SIGNS:
        sign = number if number.lower in _SIGNS else reading.words[number.head]
        of = [word for word in reading.children(sign.index) if word.lower == "of"]
        chain = [noun for word in of for noun in reading.children(word.index)]
        return chain or [reading.words[sign.head]]
    word = reading.words[number.head]
    if word.index < number.index and word.part in ("NOUN", "PROPN"):
        return []  # a label: "count 2", "page 3"
    while word.index != number.index and word.part in ("NOUN", "PROPN", "VERB", "ADJ"):
        chain.append(word)
        if word.part == "VERB" or word.head == word.index:
            break
        word = reading.words[word.head]
        if chain[-1].relation not in ("compound", "poss", "nmod", "amod", "nummod", "quantmod"):
            break
    return chain


def same_time(pair: Pair, here: Slot, there: Slot) -> bool:
    """Whether two dates say when the same thing happened, equally exactly."""
    one, other = here.value, there.value
    if not isinstance(one, dates.DateMention) or not isinstance(other, dates.DateMention):
        return False
    if here.text in there.text or there.text in here.text:
        return False  # March 4 and March 4, 2022
    if _is_in_range(pair.short.text, one) or _is_in_range(pair.long.text, other):
        return False  # vehicles of 2020-2021
    if not _are_like_dates(one.text, other.text):
        return False
    verb, also = verb_above(pair.short, here.head), verb_above(pair.long, there.head)
    return verb is not None and also is not None and is_same(verb, also)


def _is_in_range(text: str, mention: dates.DateMention) -> bool:
    return bool(
        re.search(r"[-–]$", text[: mention.start]) or text[mention.end :].startswith(("-", "–"))
    )


def _are_like_dates(one: str, other: str) -> bool:
    """Whether two dates are equally exact, or name different months."""
    months = [set(_MONTH.findall(text.lower())) for text in (one, other)]
    if all(months):
        return not months[0] & months[1] or one[-1].isdigit() == other[-1].isdigit()
    same_length = len(one.split()) == len(other.split())
    return same_length and one[-1].isdigit() == other[-1].isdigit()
