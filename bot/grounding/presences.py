"""Who was in which country, by one sentence: travellers, hosts, and those who met.

Each statement becomes a `Presence`. It is anchored when the sentence speaks of the event at hand
("this visit", "the trip", "Putin's visit", "for the talks"); a sentence about another time, planned
or past, gives none. The module knows single sentences and the people of their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.grounding.destinations import REACHING, destination, place_after, place_of
from bot.grounding.language import Reading, Word
from bot.grounding.people import People
from bot.grounding.syntax import agents, complements, direct_objects, objects_of, subjects

HOSTING = frozenset("welcome receive host greet".split())
TALKING = frozenset("talk talks meeting summit conversation".split())
_TRAVELS = frozenset("visit trip journey tour stay arrival stopover pilgrimage stop".split())
_EVENTS = _TRAVELS | TALKING | {"encounter", "negotiation"}
_DOING = frozenset("make pay begin start conclude end undertake continue".split())
_HOPED = frozenset("expect plan invite hope want wish agree refuse urge ask due set".split())
_TOGETHER = re.compile(r"\b(?:their|two|both|between|leaders|ministers)\b", re.IGNORECASE)
_MONTHS = "January|February|March|April|June|July|August|September|October|November|December"
_OTHER_TIME = re.compile(
    r"\b(?:previous(?:ly)?|earlier|ago|next|later this|planned|plans? to|upcoming|future|invit\w+|"
    r"would|could|may|might|should|former|reciprocal|return visit|proposed|possible|"
    r"(?:in|of|from) (?:19|20)\d\d|"
    r"last (?:year|month|week|summer|autumn|winter|spring|visit|trip|met|visited|[A-Z]\w+)|"
    rf"(?:in|last) (?:{_MONTHS})|in May)\b"
)


@dataclass(frozen=True, slots=True)
class Presence:
    """A person in a country, by a sentence; `travels` unless a host or one who meets there.

    `anchored` says that the sentence speaks of the event at hand, `pointed` that it does so with
    "this"; `meeting` that the place is the meeting's own.
    """

    sentence: int
    person: int
    country: str
    travels: bool = True
    anchored: bool = False
    pointed: bool = False
    meeting: bool = False


def presences(number: int, reading: Reading, people: People) -> Iterator[Presence]:
    """The presences that one sentence, the one of this number, speaks of."""
    if _OTHER_TIME.search(reading.text):
        return
    anchors = [word for word in reading.words if _is_anchor(reading, word)]
    pointed = any(
        child.lower == "this" for word in anchors for child in reading.children(word.index)
    )
    for person, place, travels, meeting in _stays(reading, people, anchors):
        yield Presence(number, person, place, travels, bool(anchors), pointed and travels, meeting)


def _stays(
    reading: Reading, people: People, anchors: Sequence[Word]
) -> Iterator[tuple[int, str, bool, bool]]:
    for word in reading.words:
        if word.part in ("NOUN", "PROPN") and word.lemma in _TRAVELS:
            yield from _noun_stays(reading, people, word, word in anchors)
        elif word.part == "VERB" or word.lemma == "be":
            yield from _verb_stays(reading, people, word, bool(anchors))
    yield from _meeting_stays(reading, people, anchors)
    if anchors:
        yield from _attached(reading, people)


def _noun_stays(
    reading: Reading, people: People, noun: Word, anchored: bool
) -> Iterator[tuple[int, str, bool, bool]]:
    verb = reading.words[noun.head]
    place = place_after(reading, noun, "to in of")
    if not place and verb.lemma in _DOING:
        place = place_after(reading, verb, "to in")
    if not place and anchored:
        place = _borrowed_place(reading, noun)
    if not place:
        return
    owners = [w for w in reading.children(noun.index) if w.relation == "poss"]
    owners += objects_of(reading, noun, "by of")
    if verb.lemma in _DOING or (verb.relation in ("prep", "agent") and not owners):
        owners += subjects(reading, reading.words[verb.head] if verb.part == "ADP" else verb)
    found = [person for owner in owners if (person := people.who(reading, owner)) is not None]
    if not found and anchored:
        found = people.only(reading)
    yield from ((person, place, True, False) for person in found[:1])


def _borrowed_place(reading: Reading, noun: Word) -> str | None:
    """Where "this visit by Putin makes him one of the few leaders to visit North Korea" leads."""
    for verb in reading.words:
        if verb.part != "VERB" or verb.index < noun.index or _named_subject(reading, verb):
            continue
        if place := destination(reading, verb):
            return place
    return None


def _named_subject(reading: Reading, verb: Word) -> bool:
    return any(w.part == "PROPN" for w in subjects(reading, verb))


def _verb_stays(
    reading: Reading, people: People, verb: Word, anchored: bool
) -> Iterator[tuple[int, str, bool, bool]]:
    if _is_hoped(reading, verb):
        return
    passive = any(w.relation == "nsubjpass" for w in reading.children(verb.index))
    doing, done_to = subjects(reading, verb), direct_objects(reading, verb)
    if verb.lemma in HOSTING:
        guests, hosts = (doing, agents(reading, verb)) if passive else (done_to, doing)
        if place := place_after(reading, verb, "in at to") or place_of(reading, hosts):
            yield from ((p, place, True, False) for p in people.all(reading, guests))
            yield from ((p, place, False, False) for p in people.all(reading, hosts))
    elif verb.lemma == "take" and (place := place_after(reading, verb, "to")):
        yield from ((p, place, True, False) for p in people.all(reading, done_to))
    elif passive and verb.lemma in REACHING:
        if place := place_of(reading, doing):
            by = people.all(reading, agents(reading, verb))
            yield from ((p, place, True, False) for p in by)
    elif place := destination(reading, verb):
        yield from ((p, place, True, False) for p in people.all(reading, doing)[:1])


def _meeting_stays(
    reading: Reading, people: People, anchors: Sequence[Word]
) -> Iterator[tuple[int, str, bool, bool]]:
    """Everybody who meets is where the meeting is."""
    for word in reading.words:
        if word.part == "VERB" and word.lemma in ("meet", "hold", "take", "have"):
            noun = next((w for w in _around(reading, word) if w.lemma in TALKING), None)
            if word.lemma != "meet" and noun is None:
                continue
            meeters = _meeters(reading, word, noun)
            near = [word, *meeters] if noun is None else [word, noun, *meeters]
            places = [p for w in near if (p := place_after(reading, w, "in at"))]
            for person in people.all(reading, meeters) if places else []:
                yield person, places[0], False, True
        elif word in anchors and word.lemma in TALKING:
            place = place_after(reading, word, "in at")
            if place and _TOGETHER.search(reading.text):
                yield from ((p, place, False, True) for p in people.leading())


def _around(reading: Reading, verb: Word) -> list[Word]:
    return [w for w in reading.children(verb.index) if w.relation in ("dobj", "nsubj", "nsubjpass")]


def _meeters(reading: Reading, verb: Word, noun: Word | None) -> list[Word]:
    found = (
        subjects(reading, verb) + direct_objects(reading, verb) + objects_of(reading, verb, "with")
    )
    if noun is not None:
        found += objects_of(reading, noun, "with between")
    return found


def _attached(reading: Reading, people: People) -> Iterator[tuple[int, str, bool, bool]]:
    """ "Kishida told reporters in Manila, at the end of the visit": the subject was there."""
    for word in reading.words:
        if word.lower not in ("in", "at") or word.relation != "prep":
            continue
        place = place_of(reading, complements(reading, word))
        verb = _verb_above(reading, word)
        if place and verb is not None and not _is_hoped(reading, verb) and _is_main(verb):
            found = people.all(reading, subjects(reading, verb))
            yield from ((p, place, True, False) for p in found[:1])


def _is_main(verb: Word) -> bool:
    return verb.relation in ("ROOT", "conj", "relcl")


def _verb_above(reading: Reading, word: Word) -> Word | None:
    above = reading.words[word.head]
    while above.part not in ("VERB", "AUX"):
        if above.head == above.index or above.lemma in _EVENTS:
            return None
        above = reading.words[above.head]
    return above


def _is_anchor(reading: Reading, word: Word) -> bool:
    """ "This visit", "the talks", "Putin's trip to ...": the event that the text is about."""
    if word.part not in ("NOUN", "PROPN") or word.lemma not in _EVENTS:
        return False
    if word.lemma in _TRAVELS and word.lower != word.lemma:
        return False  # visits in the plural are several
    children = reading.children(word.index)
    return any(
        (child.relation == "det" and child.lower in ("this", "the", "these"))
        or child.relation == "poss"
        for child in children
    )


def _is_hoped(reading: Reading, verb: Word) -> bool:
    """ "Was invited to visit", "will travel": not done yet."""
    head = reading.words[verb.head]
    if any(w.lower in ("will", "’ll", "'ll", "shall") for w in reading.children(verb.index)):
        return True
    return verb.relation in ("xcomp", "ccomp", "advcl") and head.lemma in _HOPED
