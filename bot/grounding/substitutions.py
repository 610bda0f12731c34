"""Two sentences that say the same but for one slot: what stands there instead, and what it means.

The shorter sentence's content words are laid on the other's. Where nearly all of them are found,
and one slot is filled with something else of the same kind, in the same place (the same relation to
a word that both have), the two cannot both be true of one event: "convicted Monica" and "acquitted
Monica", "over 40 books" and "over 45 books". The rarer the shared words in the article, the more
they count, so that a common subject alone is no common event.

Each kind of slot has limits of its own, set on one half of a development set by hash; the tests
in `tests/evals` measure the other half. The module knows pairs of sentences only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.entities import ConflictKind
from bot.grounding.comparing import are_comparable
from bot.grounding.exclusives import are_exclusive
from bot.grounding.language import NEGATIONS, Reading, Word
from bot.grounding.measures import same_count, same_time
from bot.grounding.names import is_alias
from bot.grounding.opposites import are_opposite
from bot.grounding.pairing import Pair, adds, in_place, shares_anchor, stand_alike
from bot.grounding.polarity import (
    SPEECH,
    Substitution,
    acts_otherwise,
    exchanged,
    negations,
    quantifiers,
    relations,
)
from bot.grounding.slots import NAMES, Filler, Slot, is_filled, slots
from bot.grounding.syntax import is_imagined, is_negated

_LIKE = 0.6  # cosine of words that differ in nothing that matters
_ORDER = frozenset({"first", "last"})
_RELATIVE = frozenset({"old", "young", "new", "more", "less", "most", "least"})
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PLANS = frozenset("plan expect propose consider intend aim hope want due agree vow".split())
_PASSING = re.compile(r"\b(?:currently|now|so far|as of|at present)\b", re.IGNORECASE)
_TELLING_WHO = frozenset({"nsubj", "nsubjpass", "poss", "compound", "dobj", "ROOT"})
_KIN = frozenset(
    "man woman boy girl husband wife father mother son daughter brother sister male female".split()
)


def find(pair: Pair) -> Substitution | None:
    """The clearest contradiction between the two sentences; None where there is none."""
    if pair.matched < 3 or not are_comparable(pair):
        return None
    found = [
        *negations(pair),
        *quantifiers(pair),
        *relations(pair),
        *exchanged(pair),
        *_replaced(pair),
    ]
    return max(found, key=lambda substitution: substitution.score, default=None)


def _replaced(pair: Pair) -> Iterator[Substitution]:
    ours, theirs = slots(pair.short), slots(pair.long)
    open_here = [slot for slot in ours if not is_filled(slot, pair.long, theirs)]
    open_there = [slot for slot in theirs if not is_filled(slot, pair.short, ours)]
    others = {
        slot.head.index
        for slot in open_here
        if slot.filler in NAMES and slot.head.relation in _TELLING_WHO
    }
    elsewhere = _is_elsewhere(open_here, open_there)
    if all(any(s.filler is Filler.NUMBER for s in side) for side in (open_here, open_there)):
        # another name with another number is another fact
        open_here = [slot for slot in open_here if slot.filler not in NAMES]
    if _are_of_other_days(open_here, open_there):
        # so is what happened to another at another time
        open_here = [slot for slot in open_here if slot.filler not in NAMES | {Filler.NUMBER}]
    dated = [s for s in (*open_here, *open_there) if s.filler is Filler.DATE]
    if any(_YEAR.search(slot.text) for slot in dated):
        open_here = [slot for slot in open_here if slot.filler is not Filler.NUMBER]
    if sum(slot.filler is Filler.NUMBER for slot in open_here) > 1:
        open_here = [slot for slot in open_here if slot.filler is not Filler.NUMBER]
    differs = _differs(pair, open_here, open_there)
    for here in open_here:
        for there in open_there:
            if elsewhere and here.filler is Filler.WORD:
                continue
            if kind := _contradiction(pair, here, there, others, differs):
                missing = pair.missing(here.words)
                yield Substitution(kind, here.text, there.text, 1 - missing)


def _are_of_other_days(ours: Sequence[Slot], theirs: Sequence[Slot]) -> bool:
    """Whether each sentence names a day of its own; March 4 and March 4, 2022 may be one."""
    here, there = (
        [slot.text for slot in side if slot.filler is Filler.DATE] for side in (ours, theirs)
    )
    same = any(one in other or other in one for one in here for other in there)
    return bool(here and there) and not same


def _differs(
    pair: Pair, ours: Sequence[Slot], theirs: Sequence[Slot]
) -> Callable[[Slot, Slot], bool]:
    """Whether the sentences differ elsewhere too ("red bars", "grey bars"): two facts, not one."""
    places = [
        (one, other)
        for one in ours
        for other in theirs
        if stand_alike(one.head, other.head)
        and shares_anchor(pair, one.head, other.head)
        and pair.similarity(one.head, other.head) < _LIKE
    ]

    def differs(here: Slot, there: Slot) -> bool:
        return any(
            not one.words & here.words and not other.words & there.words for one, other in places
        )

    return differs


def _is_elsewhere(ours: Sequence[Slot], theirs: Sequence[Slot]) -> bool:
    """Whether each sentence has a name of its own in the same relation: Spain, Portugal."""
    named = [
        {(slot.filler, slot.head.relation) for slot in side if slot.filler in NAMES}
        for side in (ours, theirs)
    ]
    return bool(named[0] & named[1])


def _contradiction(
    pair: Pair,
    here: Slot,
    there: Slot,
    names: set[int],
    differs: Callable[[Slot, Slot], bool],
) -> ConflictKind | None:
    """The kind of conflict that a slot and its counterpart make, if they make one."""
    if here.filler != there.filler and {here.filler, there.filler} & {Filler.NUMBER, Filler.DATE}:
        return None
    missing = pair.missing(here.words)
    other_name = bool(names - {here.head.index})
    if (here.value or here.filler in NAMES) and (adds(pair) or differs(here, there)):
        return None
    if here.filler is Filler.NUMBER:
        if _PASSING.search(pair.short.text) and _PASSING.search(pair.long.text):
            return None  # two moments, each of which was "now"
        if _negations(pair.short) != _negations(pair.long):
            return None  # those who did, and those who did not
        fits = not other_name and same_count(pair, here, there) and not acts_otherwise(pair)
        return ConflictKind.NUMBER if fits and missing <= 0.45 and pair.matched >= 4 else None
    if here.filler is Filler.DATE:
        fits = not other_name and same_time(pair, here, there)
        return ConflictKind.DATE if fits and missing <= 0.25 and pair.matched >= 4 else None
    if is_imagined(pair.short, here.head) or is_imagined(pair.long, there.head):
        return None
    if _opposed(pair, here.head, there.head):
        loosely = pair.missing(here.words, loosely=True)
        lemmas = {here.head.lemma, there.head.lemma}
        limit = 0.15 if lemmas & _KIN else 0.3 if lemmas & _ORDER else 0.4
        enough = loosely <= limit and pair.matched >= 3 and not other_name
        return ConflictKind.OTHER if enough else None
    if _are_exclusive(here.head, there.head) and in_place(pair, here.head, there.head):
        enough = pair.missing(here.words, loosely=True) <= 0.4 and pair.matched >= 4
        alone = not other_name and not differs(here, there)
        return _kind(here.filler) if enough and alone else None
    if here.filler in NAMES and here.filler == there.filler:
        return _kind(here.filler) if _other_name(pair, here, there, missing) else None
    return None


def _negations(reading: Reading) -> int:
    return sum(word.lower in NEGATIONS for word in reading.words)


def _are_exclusive(here: Word, there: Word) -> bool:
    return are_exclusive(here.lemma, there.lemma) or are_exclusive(here.lower, there.lower)


def _kind(filler: Filler) -> ConflictKind:
    kinds = {
        Filler.PLACE: ConflictKind.PLACE,
        Filler.PERSON: ConflictKind.ROLE,
        Filler.ORGANISATION: ConflictKind.ROLE,
    }
    return kinds.get(filler, ConflictKind.OTHER)


def _opposed(pair: Pair, here: Word, there: Word) -> bool:
    if not are_opposite(here.lemma, there.lemma) or {here.lemma, there.lemma} & _RELATIVE:
        return False
    if here.part not in ("VERB", "NOUN", "ADJ", "ADV") or is_negated(pair.short, here):
        return False
    if is_negated(pair.long, there):
        return False
    if any(_is_planned(*side) for side in ((pair.short, here), (pair.long, there))):
        return False
    return in_place(pair, here, there) or pair.missing(frozenset({here.index})) <= 0.05


def _is_planned(reading: Reading, word: Word) -> bool:
    return word.relation == "xcomp" and reading.words[word.head].lemma in _PLANS


def _other_name(pair: Pair, here: Slot, there: Slot, missing: float) -> bool:
    """Whether two names stand in one role of one event, so that it cannot be both."""
    if here.head.relation != there.head.relation or pair.matched < 4:
        return False
    one, other = here.text.lower(), there.text.lower()
    if one in other or other in one:
        return False  # "theIDR": a space is missing
    if is_alias(here.text, there.text) or is_alias(there.text, here.text):
        return False
    verbs = {r.words[s.head.head].lemma for r, s in ((pair.short, here), (pair.long, there))}
    if verbs & SPEECH:
        return False
    acting = here.head.relation in ("nsubj", "nsubjpass", "dobj")
    if acting and here.filler is Filler.PLACE:
        return shares_anchor(pair, here.head, there.head) and missing <= 0.2  # many may do alike
    if acting and shares_anchor(pair, here.head, there.head):
        return missing <= (0.38 if pair.matched >= 5 else 0.33)
    limit = 0.25 if here.head.relation == "pobj" and pair.matched >= 5 else 0.15
    return shares_anchor(pair, here.head, there.head) and missing <= limit
