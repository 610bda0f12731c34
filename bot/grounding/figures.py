"""Numbers that a claim states otherwise than its evidence.

A number is supported where any sentence of the evidence states it, unless it counts something else
in the nearest one; the evidence contradicts it only by a number that stands in its place, of the
same unit or before the same word, in a sentence that tells much of the rest of the claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.grounding import dates, quantities
from bot.grounding.alignment import TOLD, Alignment, told
from bot.grounding.findings import Fact, Finding
from bot.grounding.language import FUNCTION_WORDS, Reading, stem
from bot.grounding.syntax import objects_of


def compare_numbers(
    alignment: Alignment, whole: str, published: datetime | None
) -> Iterator[Finding]:
    """The numbers that no sentence states, or that count something else in the nearest one."""
    claim = alignment.claim.text
    stated = _counts(whole, published)
    near = _counts(alignment.readings[0].text, published)
    own = _counts(claim, published)
    for quantity in own:
        if quantity.text.lower() in _PRONOUNS:
            continue
        if any(quantities.agrees(quantity, other) for other in stated):
            yield from _exchanged(quantity, alignment)
            continue
        if _is_anniversary(quantity, claim) and any(quantity.low == n.low for n in stated):
            continue  # the 20th anniversary of what was 20 years ago
        instead = [
            other
            for other in near
            if _in_place(quantity, other, alignment)
            and not any(quantities.agrees(number, other) for number in own)
        ]
        if instead:
            reason = f"the article says {_said(instead[0])}, not {_said(quantity)}"
            yield Finding(Fact.NUMBER, reason, not _is_rounded(quantity, instead[0]))
        else:
            yield Finding(Fact.NUMBER, f"the article does not say {quantity.text}")


def _said(quantity: quantities.Quantity) -> str:
    bounds = {"more": "more than ", "less": "less than ", "about": "about "}
    return bounds.get(quantity.bound, "") + quantity.text


def _is_rounded(quantity: quantities.Quantity, other: quantities.Quantity) -> bool:
    """Whether the two may be one count, loosely told: over 2,000 and 2,000, almost 10, some 8."""
    near = abs(quantity.low - other.low) <= 0.25 * max(quantity.low, other.low)
    return quantity.low == other.low or (quantity.bound == other.bound == "about" and near)


def carried_figures(
    claim: Reading, whole: str, published: datetime | None
) -> Iterator[tuple[int, int]]:
    """The spans of the claim's dates and numbers that the evidence states, however written."""
    stated, counted = dates.find(whole, published), _counts(whole, published)
    for date in dates.find(claim.text, published):
        if any(dates.agrees(date, other) for other in stated):
            yield date.start, date.end
    for number in _counts(claim.text, published):
        if any(quantities.agrees(number, other) for other in counted):
            yield number.start, number.end


_PRONOUNS = frozenset(("one", "first", "half", "second", "a half"))


def _counts(text: str, published: datetime | None) -> list[quantities.Quantity]:
    """The quantities that are parts of no date and no odds (4/6); "3, 700", badly split, is one."""
    joined = re.sub(r"(?<=\b\d)(\d?\d?)([,.]) (?=\d{3}\b|\d\b)", r"\1\2", text)
    taken = [(mention.start, mention.end) for mention in dates.find(joined, published)]
    taken += [match.span() for match in _ODDS.finditer(joined)]
    return [
        quantity
        for quantity in quantities.find(joined)
        if not any(start <= quantity.start < end for start, end in taken)
    ]


_ODDS = re.compile(r"\d+/\d+")


def _in_place(
    quantity: quantities.Quantity, other: quantities.Quantity, alignment: Alignment
) -> bool:
    """Whether the other number stands where the claim's does: of its unit, or counts the same."""
    claim, near = alignment.claim, alignment.readings[0]
    if not _is_told(quantity, alignment) and not _count_alike(quantity, other, alignment):
        return False
    if _is_difference(quantity, claim.text) != _is_difference(other, near.text):
        return False
    if quantity.unit or other.unit:
        return quantity.unit == other.unit
    here = _following(claim.text, quantity.end)
    return bool(here & _following(near.text, other.end))


def _is_told(quantity: quantities.Quantity, alignment: Alignment) -> bool:
    """Whether the nearest sentence tells much of what the claim says beside the number."""
    words = alignment.claim.words
    own = [word for word in words if quantity.start <= word.start < quantity.end]
    return told(alignment, 0, *own) >= TOLD


def _count_alike(
    quantity: quantities.Quantity, other: quantities.Quantity, alignment: Alignment
) -> bool:
    """Whether both count the same that is said to do or suffer the same: jailed for nine months."""
    here = _governors(alignment.claim, quantity)
    return len(here) > 1 and set(here) == set(_governors(alignment.readings[0], other))


_MORE = re.compile(r"\s+(?:more|fewer|less|extra|additional|further|others?)\b", re.IGNORECASE)
_ANOTHER = re.compile(r"\b(?:another|further|extra|additional) \Z", re.IGNORECASE)


def _is_difference(quantity: quantities.Quantity, text: str) -> bool:
    """Whether it comes on top of another number: "two more points", "another 12"."""
    added = _ANOTHER.search(text, max(0, quantity.start - 12), quantity.start)
    return bool(added or _MORE.match(text, quantity.end))


def _following(text: str, end: int) -> set[str]:
    words = re.findall(r"[^\W\d_]+", text[end : end + 30].lower())[:2]
    return {stem(word) for word in words if word not in FUNCTION_WORDS}


_ANNIVERSARY = re.compile(r"\s+(?:anniversary|birthday|year|century|decade)", re.IGNORECASE)


def _is_anniversary(quantity: quantities.Quantity, claim: str) -> bool:
    return quantity.unit == "ordinal" and bool(_ANNIVERSARY.match(claim, quantity.end))


def _exchanged(quantity: quantities.Quantity, alignment: Alignment) -> Iterator[Finding]:
    """The number is in the sentence, but counts something else there: 12 dead, not 12 injured."""
    reading = alignment.readings[0]
    here = _governors(alignment.claim, quantity)
    counted = [(number, _governors(reading, number)) for number in quantities.find(reading.text)]
    same = [words for number, words in counted if quantities.agrees(quantity, number)]
    if here and not any(quantity.low == near.low for near in _counts(reading.text, None)):
        yield from _taken(quantity, here, counted, alignment)
    if not here or not same or any(_are_akin(here[0], words) for words in same):
        return
    if _is_ratio(quantity, alignment) or not _is_told(quantity, alignment):
        return
    for number, words in counted:
        in_place = _are_akin(here[0], words) and not quantity.unit
        if in_place and not quantities.agrees(quantity, number):
            reason = f"the article says {number.text}, not {quantity.text}"
            yield Finding(Fact.NUMBER, reason, True)
            return


def _taken(
    quantity: quantities.Quantity,
    here: Sequence[str],
    counted: Sequence[tuple[quantities.Quantity, list[str]]],
    alignment: Alignment,
) -> Iterator[Finding]:
    """Another number counts the very same in the nearest sentence: sentenced to 18 years, not 20.

    The claim's own number stands elsewhere, and counts that in no near sentence.
    """
    if (
        len(here) < 2
        or _is_ratio(quantity, alignment)
        or any(
            quantities.agrees(quantity, number) and set(here) <= set(_governors(reading, number))
            for reading in alignment.readings[1:]
            for number in quantities.find(reading.text)
        )
    ):
        return
    for number, words in counted:
        if set(here) == set(words) and quantity.unit == number.unit:
            yield Finding(Fact.NUMBER, f"the article says {number.text}, not {quantity.text}", True)
            return


_RATIO = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|nine|ten) (?:in|out of) \Z", re.IGNORECASE
)


def _is_ratio(quantity: quantities.Quantity, alignment: Alignment) -> bool:
    """One in twelve drivers are no twelve drivers."""
    return bool(_RATIO.search(alignment.claim.text, 0, quantity.start))


def _are_akin(word: str, others: Sequence[str]) -> bool:
    """Whether a word is one of the others, or of one family with one: infected, infections."""
    return any(
        word == other or (word[:_ROOT] == other[:_ROOT] and len(word) >= _ROOT) for other in others
    )


_ROOT = 5  # letters that words of one family have in common


def _governors(reading: Reading, quantity: quantities.Quantity) -> list[str]:
    """The lemmas of what the number counts, and of what that is said to do or suffer.

    None for an age that stands beside a name: "Brady, 6, and Kevin, 12".
    """
    for word in reading.words:
        if word.start <= quantity.start < word.end:
            head = reading.words[word.head]
            above = head if head.part == "VERB" else reading.words[head.head]
            if above.part == "ADP":  # sentenced to 18 years
                above = reading.words[above.head]
            if word.relation == "appos" and head.part == "PROPN":
                return []
            parted = objects_of(reading, word, "of")  # two of its six programmes
            near = [*parted, head, above]
            return list(dict.fromkeys(n.lemma for n in near if n.content and n.lemma != "be"))
    return []
