"""What differs between two sentences that tell of the same thing: numbers, days, a negation.

Pure functions on text; no model is asked. A reason is for people: "45 became 61".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from bot.grounding import dates, quantities
from bot.grounding.dates import DateMention
from bot.grounding.quantities import Quantity

_NEGATION = re.compile(r"\b(?:not|no|never|nobody|none|cannot|without)\b|n['’]t\b", re.IGNORECASE)
_COUNTED = re.compile(r"[\s-]*(?:of\s+|new\s+|confirmed\s+|more\s+)*([a-z]+)", re.IGNORECASE)


def find_updates(
    before: str,
    after: str,
    *,
    told: datetime | None = None,
    published: datetime | None = None,
    loosely: bool = False,
) -> tuple[str, ...]:
    """What `after` says otherwise than `before`; nothing when it says the same, or less.

    `told` and `published` are when the sentences were published, for words such as "Tuesday". With
    `loosely` the sentences are known to be alike in words, and any number that differs counts;
    else only one that counts the same thing.
    """
    found = [*_numbers(before, after, told, published, loosely)]
    if loosely:
        found += [*_days(before, after, told, published), *_negations(before, after)]
    return tuple(dict.fromkeys(found))


def _numbers(
    before: str, after: str, told: datetime | None, published: datetime | None, loosely: bool
) -> Iterator[str]:
    old = _counts(before, told)
    new = _counts(after, published)
    kept = {key for key in new for other in old if _is_same(new[key], old[other])}
    lost = [key for key in old if not any(_is_same(old[key], one) for one in new.values())]
    for key, quantity in new.items():
        if key in kept:
            continue
        instead = next((old[one] for one in lost if one == key), None)
        if instead is None and loosely and lost:
            instead = old[lost[0]]
        if instead is not None:
            yield f"{instead.text} became {quantity.text}"
        elif loosely:
            yield f"{quantity.text} is new"


def _counts(text: str, published: datetime | None) -> dict[tuple[str, str], Quantity]:
    """The numbers of a sentence by their unit and what they count; dates are none."""
    spans = [(mention.start, mention.end) for mention in dates.find(text, published)]
    found: dict[tuple[str, str], Quantity] = {}
    for quantity in quantities.find(text):
        if any(quantity.start < end and start < quantity.end for start, end in spans):
            continue
        counted = _COUNTED.match(text[quantity.end :])
        word = counted[1].lower().removesuffix("s") if counted else ""
        found.setdefault((quantity.unit, word), quantity)
    return found


def _is_same(one: Quantity, other: Quantity) -> bool:
    return (one.low, one.high) == (other.low, other.high)


def _days(
    before: str, after: str, told: datetime | None, published: datetime | None
) -> Iterator[str]:
    old, new = _resolved(before, told), _resolved(after, published)
    for mention in new:
        if old and not any(dates.agrees(mention, other) for other in old):
            yield f"{_named(old[0])} became {_named(mention)}"
            return


def _resolved(text: str, published: datetime | None) -> list[DateMention]:
    return [mention for mention in dates.find(text, published) if mention.first]


def _named(mention: DateMention) -> str:
    if mention.first is not None and mention.first == mention.last:
        return f"{mention.first.day} {mention.first:%B %Y}"
    return mention.text


def _negations(before: str, after: str) -> Iterator[str]:
    if bool(_NEGATION.search(before)) != bool(_NEGATION.search(after)):
        yield "one of them says not"
