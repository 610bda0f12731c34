"""How many an article says were killed, hurt, arrested, recalled: its totals of one event.

Outlets tell a toll in sentences that share little else: "the collision injured 14 people, three of
them seriously" and "the collision of the ferry with the breakwater injured 23 on Monday". So a
total is what happened to whom, and how many; parts of it ("three of them", "another nine"), what
might be, and what other times saw are left out.

The module reads single sentences. Whether two articles tell one event is for `tolls`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.grounding import dates, quantities
from bot.grounding.language import Reading, Word
from bot.grounding.polarity import SPEECH
from bot.grounding.syntax import agents, is_imagined, is_negated, objects_of, subjects

_FATES = {
    "killed": "die kill dead death fatality perish slay drown murder shoot-dead",
    "injured": "injure injured injury wound wounded hurt",
    "arrested": "arrest detain",
    "missing": "missing unaccounted",
    "rescued": "rescue rescued save",
    "evacuated": "evacuate evacuated",
    "displaced": "displace displaced",
    "homeless": "homeless",
    "infected": "infect infected",
    "hospitalised": "hospitalise hospitalize hospitalised hospitalized",
}
_FATE = {lemma: fate for fate, lemmas in _FATES.items() for lemma in lemmas.split()}
_LIGHT = frozenset(
    "be have do make take get give see say tell include need want go come find use put keep show "
    "spend reach face hold lead leave add receive score win play lose call know think expect ask "
    "follow offer raise rise fall pay run hit meet join become remain".split()
)
_DONE_TO = frozenset({"arrested", "rescued", "evacuated", "hospitalised", "missing"})
PEOPLE = frozenset("person people victim individual".split())
_MEASURES = frozenset(
    "year month week day hour minute second time metre meter kilometre kilometer mile foot inch "
    "point per cent percent degree age step way side game season".split()
)
_PARTS = frozenset(
    "another other others more further additional extra including include of them whom whose both "
    "seriously critically severely slightly badly lightly gravely daily average separate".split()
)
_OTHER_TIMES = re.compile(
    r"^of (?:the|those|them)\b|\b(?:since|per|each|every|annual\w*|average|so far this|this year|"
    r"last (?:year|month|week)|previous(?:ly)?|in the past|over the (?:past|last)|history|record|"
    r"decade|century|years? ago|expected|planned|estimated|capacity|up to|feared|believed|presumed|"
    r"alleged\w*|worldwide|globally|overall|among|suspect\w*|averag\w*|times|typical\w*|usual\w*|"
    r"(?:a|per) (?:day|week|month|year)|out of \d[\d,]*|in \d[\d,]*|milestone|rumou?rs?|denied|"
    r"denies|falsely|surpass\w*)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\s*(?::\d|[ap]\.?m\b|-year|-month|-day)", re.IGNORECASE)
_NO_TOTAL = re.compile(r"(?:one|half|zero|0|dozens?|a|an|one .*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """How many of whom had a fate: "killed", or a verb with its object ("recall pump").

    `whom` is a lemma, "" when the sentence only gives a number, and `holder` the word that has the
    fate; `causes` are what did it, by the words of the sentence.
    """

    reading: Reading
    fate: str
    whom: str
    quantity: quantities.Quantity
    holder: Word
    causes: tuple[Word, ...]

    @property
    def is_toll(self) -> bool:
        """Whether it is a count of people whose number is known better with every hour."""
        return self.fate in _FATES


def is_candidate(text: str) -> bool:
    """Whether a sentence may hold a total at all; it costs no parsing."""
    return bool(quantities.find(text)) and not _OTHER_TIMES.search(text)


def fates_named(reading: Reading) -> frozenset[str]:
    """What the sentence says befell anybody, counted or not."""
    return frozenset(fate for word in reading.words if (fate := _fate_of(word)))


def totals(reading: Reading) -> Iterator[Total]:
    """The totals that a sentence states as they are."""
    taken = [(mention.start, mention.end) for mention in dates.find(reading.text)]
    for quantity in quantities.find(reading.text):
        inside = any(start <= quantity.start < end for start, end in taken)
        if inside or quantity.unit in ("ordinal", "percent", "percentage point"):
            continue
        if _NO_TOTAL.fullmatch(quantity.text) or _CLOCK.match(reading.text, quantity.end):
            continue
        yield from _total(reading, quantity)


def _total(reading: Reading, quantity: quantities.Quantity) -> Iterator[Total]:
    words = [w for w in reading.words if w.start < quantity.end and w.end > quantity.start]
    number = next((word for word in reversed(words) if word.part == "NUM"), None)
    if number is None:
        return
    counted = _counted(reading, number)
    holder = counted if counted and number.relation == "nummod" else number
    found = _fate(reading, holder, quantity)
    if found is None or _is_part(reading, number, holder):
        return
    fate, governor = found
    if _is_supposed(reading, governor) or is_negated(reading, governor):
        return
    causes = () if fate in _DONE_TO else _causes(reading, governor)
    if fate in _FATES:  # in "30,000 people marched" those who are counted are who did it
        causes = tuple(word for word in causes if word not in (holder, counted))
    yield Total(reading, fate, _whom(counted, fate), quantity, holder, causes)


def _whom(counted: Word | None, fate: str) -> str:
    """The lemma of those counted; "" where the fate alone says it: 14 deaths, 17 lives."""
    if counted is None or counted.lemma in ("life", "other") or _FATE.get(counted.lemma) == fate:
        return ""
    return counted.lemma


def _is_supposed(reading: Reading, governor: Word) -> bool:
    """Whether it may be or might have been; what somebody said would be done is told as fact."""
    head = reading.words[governor.head]
    told = governor.relation == "ccomp" and head.lemma in SPEECH
    modal = next((w.lower for w in reading.children(governor.index) if w.relation == "aux"), "")
    return is_imagined(reading, governor) and not (told and modal == "would")


def _counted(reading: Reading, number: Word) -> Word | None:
    """The noun that a number counts; None for "injured 14" and sums of money."""
    head = reading.words[number.head]
    if number.relation == "nummod" and head.part in ("NOUN", "PROPN") and head.index > number.index:
        return head
    return next((noun for noun in objects_of(reading, number, "of") if noun.part == "NOUN"), None)


def _fate(reading: Reading, holder: Word, quantity: quantities.Quantity) -> tuple[str, Word] | None:
    """What befell what is counted, and the word that says so."""
    if holder.lemma in _FATE and holder.part == "NOUN":
        return _FATE[holder.lemma], holder
    if holder.lemma in _MEASURES:
        return None
    if (said := _said_after(reading, holder)) is not None:
        return _fate_of(said), said
    verb = reading.words[holder.head]
    if holder.lemma == "life" and verb.lemma in ("claim", "lose", "take", "cost"):
        return "killed", verb
    if holder.relation in ("dobj", "nsubjpass") and verb.part == "VERB":
        return _done(holder, verb, quantity)
    if holder.relation == "nsubj" and verb.part == "VERB" and not _acts_on(reading, verb):
        return _done(holder, verb, quantity)
    return _toll(reading, holder)


def _acts_on(reading: Reading, verb: Word) -> bool:
    return any(child.relation in ("dobj", "ccomp") for child in reading.children(verb.index))


def _done(holder: Word, verb: Word, quantity: quantities.Quantity) -> tuple[str, Word] | None:
    if verb.lemma in _FATE:
        return _FATE[verb.lemma], verb
    if verb.lemma in _LIGHT:
        return None
    what = quantity.unit if holder.part == "NUM" else holder.lemma
    return (f"{verb.lemma} {what}", verb) if what else None


def _fate_of(word: Word) -> str:
    return _FATE.get(word.lemma) or _FATE.get(word.lower) or ""


def _said_after(reading: Reading, holder: Word) -> Word | None:
    """The word of "14 dead", "14 people injured" and "14 were hurt"."""
    for word in reading.words[holder.index + 1 : holder.index + 4]:
        if _fate_of(word) and word.part in ("ADJ", "VERB"):
            return None if _acts_on(reading, word) else word
        if word.part not in ("AUX", "ADV"):
            return None
    return None


def _toll(reading: Reading, number: Word) -> tuple[str, Word] | None:
    """ "The death toll stands at 412"."""
    preposition = reading.words[number.head]
    verb = reading.words[preposition.head]
    if number.relation != "pobj" or preposition.lower not in ("at", "to"):
        return None
    about = [word for word in subjects(reading, verb) if word.lemma == "toll"]
    if not any(child.lemma == "death" for word in about for child in reading.children(word.index)):
        return None
    return "killed", verb


def _is_part(reading: Reading, number: Word, holder: Word) -> bool:
    """Whether it is a part of a total, or comes on top of it: "three of them", "another nine"."""
    first = max(0, min(number.index, holder.index) - 3)
    before = reading.words[first : number.index]
    near = [*before[-2:], *reading.children(holder.index), *reading.children(number.index)]
    after = reading.words[holder.index + 1 : holder.index + 4]
    others = holder.lemma == "other" and any(
        word.lemma in _FATE for word in reading.words[: max(0, number.index - 3)]
    )  # "killed four people and wounded nine others": the nine are all of the wounded
    words = {word.lower for word in near if word.lower != "of"} | {
        word.lower for word in after if word.lower in _PARTS and word.lower not in ("more", "of")
    }
    if {"more", "than"} <= {word.lower for word in before}:
        words.discard("more")
    if any(
        word.lower in ("them", "whom") for word in reading.words[holder.index : holder.index + 4]
    ):
        return True
    if holder.lemma == "other" and not others:
        return True
    return bool(words & _PARTS)


def _causes(reading: Reading, governor: Word) -> tuple[Word, ...]:
    """What did it: the subject of an active verb, the agent of a passive, what it happened in."""
    acting = [w for w in reading.children(governor.index) if w.relation == "nsubj"]
    if any(word.lemma == "toll" for word in acting):
        return tuple(objects_of(reading, acting[0], "from of in after"))
    if governor.relation in ("conj", "advcl", "xcomp") and not acting:
        acting = subjects(reading, governor)
    within = objects_of(reading, governor, "in from after during when")
    causes = [*acting, *agents(reading, governor), *within]
    return tuple(word for word in causes if word.part in ("NOUN", "PROPN") and not word.entity)
