"""Who was where at an event: travellers, hosts and meetings, and places that cannot both be right.

A person is in one country at one event. Sentences say so in many ways: "Kim arrived in Russia",
"Kim has met with Putin at a space centre in Russia" (so Putin was there too), "this visit by Putin
makes him one of the few leaders to visit North Korea". Each becomes a `Presence`: a person, a
country, a sentence. A second presence of the same person in another country conflicts with the
first only when it is anchored to the event that the text is about: by "this visit", "the trip",
"Putin's visit", "for the talks". Visits of another time, planned or past, are anchored to nothing.

The module knows English sentences as `language` reads them, in the order of one article. It does
not resolve "he" beyond the subject of the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.grounding.language import Reading, Word
from bot.grounding.people import People
from bot.grounding.presences import HOSTING, TALKING, Presence, presences

_GLANCE = re.compile(
    r"\b(?:visit|trip|journey|tour|stay|arriv|stop|talks?\b|meeting|met\b|meet|summit|land|"
    r"fl[eo]wn?|fly|travel|head|came|come|cross|touch|sail|drove|set foot|return|reach|enter|"
    r"welcom|receiv|host|greet|left|leave|spen[dt]|thank|shook|was in|is in)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:previous(?:ly)?|ago|invit\w+|(?:in|since) (?:19|20)\d\d|"
    r"last (?:year|month|week|[A-Z]\w+))\b"
)
_ITINERARY = re.compile(
    r"\b(?:tour|leg|stops?|then|onward|itinerary|en route|also visit\w*|before (?:travel|fly|head|"
    r"mov)\w+|after (?:visiting|a visit|talks in|meeting)|(?:two|three|four|five|six)-(?:country|"
    r"nation))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sentences that put one person in two countries at one event."""

    first: int
    second: int
    person: str
    country: str
    instead: str


def is_candidate(text: str) -> bool:
    """Whether a sentence may say who was where, at a glance."""
    return bool(_GLANCE.search(text))


def find_clashes(readings: Sequence[Reading | None]) -> tuple[Clash, ...]:
    """Clashes among the sentences of one text, each with the earliest sentence it contradicts."""
    people = People([reading for reading in readings if reading is not None])
    known = [
        presence
        for number, reading in enumerate(readings)
        if reading is not None
        for presence in presences(number, reading, people)
    ]
    pairs = set(_pairs([reading for reading in readings if reading is not None], people))
    known += _implied(known, pairs)
    texts = " ".join(reading.text for reading in readings if reading is not None)
    return tuple(_clashes(known, people, bool(_ITINERARY.search(texts)), readings))


def _clashes(
    known: Sequence[Presence],
    people: People,
    itinerary: bool,
    readings: Sequence[Reading | None],
) -> Iterator[Clash]:
    seen: set[int] = set()
    for later in known:
        if not later.anchored or later.sentence in seen:
            continue
        for plain in sorted(known, key=lambda presence: (presence.travels, presence.sentence)):
            if _clash(plain, later, itinerary, known):
                seen.add(later.sentence)
                name = people.name(later.person)
                yield Clash(plain.sentence, later.sentence, name, plain.country, later.country)
                break


def _clash(plain: Presence, later: Presence, itinerary: bool, known: Sequence[Presence]) -> bool:
    if plain.person != later.person or plain.country == later.country:
        return False
    if plain.sentence == later.sentence:
        return False
    stays = {p.country for p in known if p.person == later.person and p.sentence != later.sentence}
    if later.country in stays:
        return False  # the text puts the person there elsewhere too: a journey of several stops
    travelled = any(
        p.travels and (p.person, p.country) == (plain.person, plain.country) for p in known
    )
    if travelled and later.travels:
        return later.pointed and not itinerary
    return plain.meeting or not (later.meeting and itinerary)


def _implied(known: Sequence[Presence], pairs: set[tuple[int, int]]) -> list[Presence]:
    """Whoever met a traveller was where the traveller went."""
    found = []
    for presence in known:
        if presence.travels and not presence.pointed:
            for pair in pairs:
                if presence.person in pair:
                    (other,) = set(pair) - {presence.person} or {presence.person}
                    found.append(
                        Presence(presence.sentence, other, presence.country, travels=False)
                    )
    travelled = {(p.person, p.country) for p in known if p.travels}
    return [
        p
        for p in found
        # one who travelled there too proves nothing about hosts
        if (p.person, p.country) not in travelled
        and not any(q.person == p.person and q.travels and q.sentence == p.sentence for q in known)
    ]


def _pairs(readings: Sequence[Reading], people: People) -> Iterator[tuple[int, int]]:
    """Who met whom, received whom or talked with whom; "he" is whom the text was about before."""
    topic: int | None = None
    for reading in readings:
        if any(_brings_together(word) for word in reading.words) and not _PAST.search(reading.text):
            everybody = people.present(reading)
            if len(everybody) == 1 and topic is not None and _refers_back(reading):
                everybody.append(topic)
            if len(everybody) == 2 and everybody[0] != everybody[1]:
                yield everybody[0], everybody[1]
        subject = people.subject(reading)
        topic = topic if subject is None else subject


def _brings_together(word: Word) -> bool:
    if word.part == "VERB":
        return word.lemma in HOSTING or word.lemma in (
            "meet",
            "hold",
            "have",
            "thank",
            "spend",
            "shake",
        )
    return word.part == "NOUN" and word.lemma in TALKING


def _refers_back(reading: Reading) -> bool:
    return any(word.lower in ("he", "him", "she", "her", "his") for word in reading.words)
