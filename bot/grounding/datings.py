"""Dates that a claim states otherwise than its evidence, or takes from something else in it.

A date is contradicted only by one that stands in a sentence which tells much of the rest of the
claim. A date that the article has, but of another event, is contradicted where such a sentence
dates the very same thing otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.grounding import dates
from bot.grounding.alignment import MOSTLY, TOLD, Alignment, is_same, told
from bot.grounding.dates import DateMention
from bot.grounding.findings import Fact, Finding
from bot.grounding.language import Reading, Word
from bot.grounding.syntax import verb_above

PARTLY = 0.3  # of the claim, beside the same verb
SEARCHED = 2  # of the nearest sentences, for what they say instead


def compare_dates(
    alignment: Alignment, whole: str, published: datetime | None
) -> Iterator[Finding]:
    """The dates that no sentence states, or states of something else, with what is said instead."""
    stated = dates.find(whole, published)
    own = dates.find(alignment.claim.text, published)
    for mention in own:
        if _is_now(mention, published):
            continue
        if any(dates.agrees(mention, other) for other in stated):
            instead = _of_the_same(mention, own, alignment, published)
        elif (instead := _instead(mention, own, alignment, published)) is None:
            yield Finding(Fact.DATE, f"the article does not say {mention.text}")
        if instead is not None:
            yield Finding(Fact.DATE, f"the article says {instead.text}, not {mention.text}", True)


def _is_now(mention: DateMention, published: datetime | None) -> bool:
    """Whether it names the time of the news itself, or cannot be resolved."""
    if published is None:
        return mention.kind == "relative"
    return bool(
        mention.first and mention.last and mention.first <= published.date() <= mention.last
    )


def _instead(
    mention: DateMention,
    own: Sequence[DateMention],
    alignment: Alignment,
    published: datetime | None,
) -> DateMention | None:
    """Another date of its kind, where a near sentence tells much of the claim or the same deed."""
    verb = _verb(alignment.claim, mention)
    apart = [word for one in own for word in _words(alignment.claim, one)]
    for rank, reading in enumerate(alignment.readings[:SEARCHED]):
        share = told(alignment, rank, *apart)
        for other in dates.find(reading.text, published):
            if other.kind != mention.kind or any(dates.agrees(one, other) for one in own):
                continue
            if share >= TOLD or (share >= PARTLY and _is_same_deed(verb, _verb(reading, other))):
                return other
    return None


def _is_same_deed(verb: Word | None, other: Word | None) -> bool:
    if verb is None or other is None or verb.lemma == "be":
        return False
    return is_same(verb, other)


def _of_the_same(
    mention: DateMention,
    own: Sequence[DateMention],
    alignment: Alignment,
    published: datetime | None,
) -> DateMention | None:
    """The other date of the same deed, where no near sentence gives it the claim's date."""
    verb = _verb(alignment.claim, mention)
    if verb is None or verb.lemma == "be":
        return None
    apart = [verb, *(word for one in own for word in _words(alignment.claim, one))]
    found: DateMention | None = None
    for rank, reading in enumerate(alignment.readings):
        share = told(alignment, rank, *apart)
        for other in dates.find(reading.text, published):
            same = _is_same_deed(verb, _verb(reading, other))
            if dates.agrees(mention, other):
                if same or share >= TOLD:
                    return None
                continue
            alike = same and share >= MOSTLY and other.kind == mention.kind
            if alike and rank < SEARCHED and not any(dates.agrees(one, other) for one in own):
                found = found or other
    return found


def _verb(reading: Reading, mention: DateMention) -> Word | None:
    """The verb whose time a date gives."""
    words = _words(reading, mention)
    return verb_above(reading, words[0]) if words else None


def _words(reading: Reading, mention: DateMention) -> list[Word]:
    return [word for word in reading.words if mention.start <= word.start < mention.end]
