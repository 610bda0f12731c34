"""Articles on one event that give different totals: 14 injured by one outlet, 23 by another.

First it is established that two articles tell one event (the names that both have), and that two
totals are of one thing (no name, day or cause that the other article lacks); then the numbers are
compared. What time explains is no conflict: a later count that says that it rose, that mentions the
earlier one, that comes from the same outlet, or a day later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.entities import Article, Precision
from bot.grounding import dates, quantities
from bot.grounding.alignment import is_same
from bot.grounding.events import Told, is_elsewhere, tell_one_event
from bot.grounding.language import Reading, Word
from bot.grounding.synonyms import are_synonyms
from bot.grounding.totals import PEOPLE, Total, fates_named, is_candidate, totals

_LATER = timedelta(hours=20)  # from here a toll that is higher has risen
_DAY = timedelta(days=1)
_ROUNDED = 0.05  # by how much two exact counts may differ as rounded ones do
_VAGUE = 0.2  # the same where one is "about" so many
_SAME = 0.6  # cosine of two words for the people who are counted
_LIKE = 0.3  # cosine of the words for what did it
_EVENTS = frozenset("accident incident disaster tragedy event emergency crisis violence".split())
_PERSON = re.compile(
    r"\w+(?:er|or|ist|ian|ee|ant|ent|man|mate|ster)|pilgrim|refugee|crew|fan|guest|child|woman|man|"
    r"civilian|youth|pupil|staff|hostage|captive|recruit|guard|boy|girl|inmate|neighbour|neighbor"
)
_SOME_OF_THEM = frozenset(
    "child woman man boy girl baby soldier officer policeman civilian tourist foreigner teacher "
    "driver pilot firefighter journalist peacekeeper citizen national doctor guard crew staff "
    "toddler teenager player member militant fighter".split()
)
_CHANGED = re.compile(
    r"\b(?:r[io]se|risen|rises|rising|climb\w*|increas\w*|jump\w*|revis\w*|updat\w*|now|earlier|"
    r"initial\w*|previous\w*|later|so far|up from|down from|lower(?:ed)?|higher|more than first|"
    r"preliminary|correct\w*|new toll|stood at)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Two totals of one event, by the numbers of their articles and sentences."""

    articles: tuple[int, int]
    sentences: tuple[str, str]
    totals: tuple[Total, Total]

    @property
    def reason(self) -> str:
        """What differs, for people."""
        one, other = (total.quantity.text for total in self.totals)
        return f"one article says {one} ({self.totals[0].fate}), the other {other}"


def differences(told: Sequence[Told]) -> Iterator[Difference]:
    """The clearest difference of each pair of articles in each thing that both count."""
    for first, one in enumerate(told):
        for second in range(first + 1, len(told)):
            other = told[second]
            if tell_one_event(one, other):
                for ours, theirs in _differing(one, other):
                    yield Difference(
                        (first, second), (ours.reading.text, theirs.reading.text), (ours, theirs)
                    )


def changed_total(before: Reading, after: Reading) -> tuple[Total, Total] | None:
    """The totals that two sentences on one event give of one thing, where they are not the same.

    Nothing where the later sentence also knows the earlier number.
    """
    if not (is_candidate(before.text) and is_candidate(after.text)):
        return None
    pairs = [
        (there, here)
        for there in totals(before)
        for here in totals(after)
        if there.fate == here.fate and _are_of_one_thing(there, here)
    ]
    if any(not _is_another(there, here) for there, here in pairs):
        return None
    return max(pairs, key=lambda pair: pair[1].quantity.low, default=None)


def count_other_things(before: Reading, after: Reading) -> bool:
    """Whether both give totals, and the later one speaks of no fate that the earlier one counts."""
    ours, theirs = ({one.fate for one in totals(each)} for each in (before, after))
    return bool(ours and theirs) and not ours & (theirs | fates_named(after))


def _is_another(one: Total, other: Total) -> bool:
    """Whether the numbers differ: by any amount, where neither is rounded or bounded."""
    here, there = one.quantity, other.quantity
    if here.bound or there.bound:
        return _differ(one, other)
    return here.unit == there.unit and (here.low, here.high) != (there.low, there.high)


def are_apart(one: tuple[str, Told], other: tuple[str, Told]) -> bool:
    """Whether two sentences with unlike numbers, each of an article, speak of other things.

    They do where one names a place or a time that the other article does not, or where the later
    could know more than the earlier.
    """
    (here, ours), (there, theirs) = one, other
    if not (is_candidate(here) and is_candidate(there)):
        return True
    readings = ours.language.read(here), theirs.language.read(there)
    if is_elsewhere(readings[0], theirs) or is_elsewhere(readings[1], ours):
        return True
    return any(
        is_update(first, second, ours.article, theirs.article)
        for first in totals(readings[0])
        for second in totals(readings[1])
        if first.fate == second.fate
    )


def _differing(one: Told, other: Told) -> Iterator[tuple[Total, Total]]:
    for fate in dict.fromkeys(total.fate for total in one.totals):
        ours = [total for total in one.totals if total.fate == fate]
        theirs = [total for total in other.totals if total.fate == fate]
        if any(not _differ(here, there) for here in ours for there in theirs):
            continue  # each knows the other's number: 23, after 14 were spoken of first
        pairs = [
            (here, there)
            for here in ours
            for there in theirs
            if _is_conflict(here, there, one, other)
        ]
        if pairs:
            yield max(pairs, key=lambda pair: pair[0].quantity.low + pair[1].quantity.low)


def _is_conflict(here: Total, there: Total, one: Told, other: Told) -> bool:
    return (
        _are_of_one_thing(here, there)
        and not is_elsewhere(here.reading, other)
        and not is_elsewhere(there.reading, one)
        and not _are_of_other_days(here, there, one, other)
        and not is_update(here, there, one.article, other.article)
    )


def _differ(one: Total, other: Total) -> bool:
    """Whether two numbers cannot both be right, their bounds and their roundness allowed for."""
    here, there = one.quantity, other.quantity
    if here.unit != there.unit:
        return False
    bounds = {here.bound, there.bound}
    if bounds & {"more", "less"}:
        return _excludes(here, there) or _excludes(there, here)
    limit = _VAGUE if "about" in bounds else _ROUNDED
    least, most = sorted((here, there), key=lambda quantity: quantity.low)
    return most.low - least.high > limit * most.low


def _excludes(bounded: quantities.Quantity, other: quantities.Quantity) -> bool:
    """ "At least 23" excludes 14, "fewer than ten" excludes 14."""
    if bounded.bound == "more":
        return other.high < bounded.low and other.bound != "more"
    return bounded.bound == "less" and other.low > bounded.high and other.bound != "less"


def _are_of_one_thing(here: Total, there: Total) -> bool:
    """Whether the same were counted (passengers are people, but not all of them), of one cause."""
    less, more = sorted((here, there), key=lambda total: total.quantity.low)
    alike = float(less.reading.vectors[less.holder.index] @ more.reading.vectors[more.holder.index])
    if not _may_be_same(less.whom, more.whom, alike):
        return False
    if not (here.causes and there.causes):
        return here.is_toll
    return any(
        _are_one_cause(cause, here, its, there) for cause in here.causes for its in there.causes
    )


def _may_be_same(less: str, more: str, alike: float) -> bool:
    """Whether fewer of the one can be all of the other: not three children and nine people.

    `alike` is the cosine of the two words in their sentences.
    """
    if less == more or (less in PEOPLE and more in PEOPLE) or are_synonyms(less, more):
        return True
    known = [whom for whom in (less, more) if whom and whom not in PEOPLE]
    if not all(_PERSON.fullmatch(whom) for whom in known):
        return False
    if len(known) == 2:
        return alike >= _SAME and not {less, more} & _SOME_OF_THEM
    return less not in _SOME_OF_THEM


def _are_one_cause(one: Word, here: Total, other: Word, there: Total) -> bool:
    if is_same(one, other) or are_synonyms(one.lemma, other.lemma):
        return True
    if not here.is_toll:
        return False
    if {one.lemma, other.lemma} & _EVENTS:
        return True
    return float(here.reading.vectors[one.index] @ there.reading.vectors[other.index]) >= _LIKE


def _are_of_other_days(here: Total, there: Total, one: Told, other: Told) -> bool:
    """Whether each sentence names days, and none of them is one of the other's."""
    mentions = [
        [
            mention
            for mention in dates.find(total.reading.text, told.article.published)
            if mention.kind != "year"
        ]
        for total, told in ((here, one), (there, other))
    ]
    if not all(mentions):
        return False
    return not any(dates.agrees(ours, theirs) for ours in mentions[0] for theirs in mentions[1])


def is_update(here: Total, there: Total, one: Article, other: Article) -> bool:
    """Whether time explains that the counts differ: they say so, or the later one could know."""
    if _CHANGED.search(here.reading.text) or _CHANGED.search(there.reading.text):
        return True
    if not (one.published and other.published):
        return False
    if one.published > other.published:
        here, there = there, here
    apart = abs(one.published - other.published)
    if Precision.DAY in (one.precision, other.precision):
        apart = max(timedelta(0), apart - _DAY)
    if one.outlet and one.outlet == other.outlet and apart:
        return True
    grows = here.is_toll and there.quantity.low > here.quantity.low
    return grows and apart >= _LATER
