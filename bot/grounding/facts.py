"""What a claim says otherwise than its evidence: numbers, dates, names, negation, modality, roles.

Each `Finding` is one difference with a reason for people. `contradicts` says that the evidence
states something else in the same place, rather than nothing. A finding is a fact about the two
texts; `support` weighs it.

This module knows nothing about scores or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.grounding import dates, quantities
from bot.grounding.alignment import Alignment, Match, is_same
from bot.grounding.language import MODALS, NEGATIONS, Reading, Word
from bot.grounding.opposites import are_opposite


class Fact(StrEnum):
    """What kind of fact differs."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    MODALITY = "modality"
    OPPOSITE = "opposite"
    ROLE = "role"
    QUOTE = "quote"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference; `word` is the claim's word that it is about, where there is one."""

    fact: Fact
    reason: str
    contradicts: bool = False
    word: int | None = None


def compare(
    alignment: Alignment, whole: str, published: datetime | None = None
) -> tuple[Finding, ...]:
    """Every difference found between a claim and its nearest sentences.

    `whole` is all of the evidence's text: a fact that stands elsewhere in it is not missing.
    """
    return (
        *_dates(alignment, whole, published),
        *_numbers(alignment, whole, published),
        *_names(alignment, whole),
        *_quotes(alignment, whole),
        *_opposites(alignment),
        *_negations(alignment),
        *_modality(alignment),
        *_roles(alignment),
    )


def _near_text(alignment: Alignment, sentences: int = 3) -> str:
    return "\n".join(reading.text for reading in alignment.readings[:sentences])


def _dates(alignment: Alignment, whole: str, published: datetime | None) -> Iterator[Finding]:
    stated = dates.find(whole, published)
    near = dates.find(_near_text(alignment, 2), published)
    for mention in dates.find(alignment.claim.text, published):
        if any(dates.agrees(mention, other) for other in stated):
            continue
        if published and mention.first == mention.last == published.date():
            continue  # the day of publication is the day of the news
        instead = [other.text for other in near if _comparable(mention, other)]
        if instead:
            yield Finding(Fact.DATE, f"the article says {instead[0]}, not {mention.text}", True)
        else:
            yield Finding(Fact.DATE, f"the article does not say {mention.text}")


def _comparable(one: dates.DateMention, other: dates.DateMention) -> bool:
    """Whether two dates are equally exact, so that one may stand in the other's place."""
    if not (one.first and one.last and other.first and other.last):
        return one.text[-1].isalpha() == other.text[-1].isalpha()
    return (one.last - one.first).days // 7 == (other.last - other.first).days // 7


def _numbers(alignment: Alignment, whole: str, published: datetime | None) -> Iterator[Finding]:
    claim = alignment.claim.text
    taken = [(mention.start, mention.end) for mention in dates.find(claim, published)]
    stated = quantities.find(whole)
    near = quantities.find(_near_text(alignment, 2))
    own = quantities.find(claim)
    for quantity in own:
        if any(start <= quantity.start < end for start, end in taken) or _is_pronoun(quantity):
            continue
        if any(quantities.agrees(quantity, other) for other in stated):
            continue
        instead = [
            other
            for other in near
            if other.unit == quantity.unit and not any(quantities.agrees(q, other) for q in own)
        ]
        if instead:
            closest = min(instead, key=lambda other: _distance(quantity, other, alignment))
            reason = f"the article says {closest.text}, not {quantity.text}"
            yield Finding(Fact.NUMBER, reason, True)
        else:
            yield Finding(Fact.NUMBER, f"the article does not say {quantity.text}")


def _is_pronoun(quantity: quantities.Quantity) -> bool:
    return quantity.text.lower() in ("one", "first", "half", "second")


def _distance(
    quantity: quantities.Quantity, other: quantities.Quantity, alignment: Alignment
) -> float:
    """How unlike the neighbourhoods of two numbers are: fewer shared following words is further."""
    after = _following(alignment.claim.text, quantity.end)
    return -len(after & _following(_near_text(alignment, 2), other.end))


def _following(text: str, end: int) -> set[str]:
    return set(re.findall(r"\w+", text[end : end + 30].lower())[:3])


_ALIASES = {
    "us": "america",
    "usa": "america",
    "united states": "america",
    "america": "america",
    "american": "america",
    "uk": "britain",
    "united kingdom": "britain",
    "great britain": "britain",
    "britain": "britain",
    "british": "britain",
    "eu": "europe",
    "european union": "europe",
    "un": "united nations",
    "uae": "united arab emirates",
}
_NAMES = {"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW"}


def _names(alignment: Alignment, whole: str) -> Iterator[Finding]:
    flat = _flat(whole)
    for first, past, kind in alignment.claim.names:
        if kind not in _NAMES:
            continue
        words = [word for word in alignment.claim.words[first:past] if word.part == "PROPN"]
        missing = [word for word in words if not _is_named(word.text, flat)]
        name = alignment.claim.text[
            alignment.claim.words[first].start : alignment.claim.words[past - 1].end
        ]
        if not missing or _is_alias(name, whole):
            continue
        instead = _other_name(alignment, kind, missing[0])
        if instead:
            reason = f"the article says {instead}, not {name}"
            yield Finding(Fact.NAME, reason, True, missing[0].index)
        else:
            yield Finding(Fact.NAME, f"the article does not name {name}", False, missing[0].index)


def _flat(text: str) -> str:
    return " " + " ".join(re.findall(r"\w+", re.sub(r"[’']s\b", "", text).lower())) + " "


def _is_named(name: str, flat: str) -> bool:
    words = _flat(name).strip()
    if len(words) < 2 or f" {words} " in flat:
        return True
    # a demonym, a plural or another ending of the same name: Russia, Russian; Sikh, Sikhs
    return len(words) >= 5 and f" {words[: max(4, len(words) - 2)]}" in flat


def _is_alias(name: str, whole: str) -> bool:
    bare = re.sub(r"^the\s|[.]|[’']s?$", "", name.lower()).strip()
    flat = _flat(whole.replace(".", "") + " " + whole)
    if bare in _ALIASES:
        target = _ALIASES[bare]
        return any(value == target and f" {key} " in flat for key, value in _ALIASES.items())
    letters = "".join(word[0] for word in re.findall(r"[A-Z]\w*", name))
    if len(letters) >= 2 and f" {letters.lower()} " in flat:
        return True
    return name.isupper() and len(name) >= 2 and _has_initials(name, whole)


def _has_initials(acronym: str, whole: str) -> bool:
    pattern = r"\W+(?:(?:of|the|and|for|de)\W+)*".join(
        rf"{letter}\w*" for letter in acronym if letter.isalpha()
    )
    return bool(re.search(rf"\b{pattern}", whole))


def _other_name(alignment: Alignment, kind: str, word: Word) -> str:
    """The name of the same kind that stands where the claim's does, in the nearest sentences."""
    match = _match_of(alignment, word)
    if match is None or match.near.rank > 1:
        return ""
    reading = alignment.readings[match.near.rank]
    claimed = alignment.claim.text.lower()
    for first, past, other in reading.names:
        if other == kind and first <= match.near.word.index < past:
            name = reading.text[reading.words[first].start : reading.words[past - 1].end]
            return "" if name.lower() in claimed else name
    return ""


def _match_of(alignment: Alignment, word: Word) -> Match | None:
    return next((match for match in alignment.matches if match.word.index == word.index), None)


_QUOTED = re.compile(r"[\"“]([^\"“”]{8,}?)[\"”]")


def _quotes(alignment: Alignment, whole: str) -> Iterator[Finding]:
    flat = _flat(whole)
    for quoted in _QUOTED.findall(alignment.claim.text):
        if len(quoted.split()) >= 3 and _flat(quoted) not in flat:
            yield Finding(Fact.QUOTE, f"no sentence has the words “{quoted}”")


def _opposites(alignment: Alignment) -> Iterator[Finding]:
    for match in alignment.matches:
        if match.own is not None and match.own.rank <= 1:
            continue
        opposite = next(
            (
                word
                for reading in alignment.readings[:2]
                for word in reading.words
                if word.content and are_opposite(match.word.lemma, word.lemma)
            ),
            None,
        )
        if opposite is not None and not _negated(alignment.claim, match.word):
            reason = f"the article says {opposite.text}, not {match.word.text}"
            yield Finding(Fact.OPPOSITE, reason, True, match.word.index)


def _negations(alignment: Alignment) -> Iterator[Finding]:
    for match in alignment.matches:
        if match.word.part not in ("VERB", "ADJ", "AUX") or match.own is None:
            continue
        if match.own.rank > 1 or match.own_similarity < 0.5:
            continue
        reading = alignment.readings[match.own.rank]
        here, there = _negated(alignment.claim, match.word), _negated(reading, match.own.word)
        if here != there:
            reason = "the article does not negate it" if here else "the article negates it"
            yield Finding(Fact.NEGATION, f"{reason}: {match.word.text}", True, match.word.index)


def _negated(reading: Reading, word: Word) -> bool:
    """Whether a negation stands on the word, its auxiliary, its subject or its object."""
    around = reading.children(word.index)
    around += [
        child
        for near in around
        if near.part in ("NOUN", "PRON", "AUX")
        for child in reading.children(near.index)
    ]
    head = reading.words[word.head]
    if word.relation in ("xcomp", "acomp", "attr"):
        around += reading.children(head.index)
    return any(near.lower in NEGATIONS for near in around)


_UNSURE = frozenset(MODALS - {"will", "would", "shall", "can", "must"})
_PLANS = {
    "plan",
    "expect",
    "propose",
    "consider",
    "intend",
    "aim",
    "hope",
    "want",
    "likely",
    "possible",
}


def _modality(alignment: Alignment) -> Iterator[Finding]:
    for match in alignment.matches:
        if match.word.part != "VERB" or match.own is None or match.own.rank > 1:
            continue
        if match.own_similarity < 0.5:
            continue
        here = _unsure(alignment.claim, match.word)
        there = _unsure(alignment.readings[match.own.rank], match.own.word)
        if there and not here:
            reason = f"the article says {there} {match.word.lemma}, not that it happened"
            yield Finding(Fact.MODALITY, reason, False, match.word.index)


def _unsure(reading: Reading, word: Word) -> str:
    """The word that makes a verb less than certain, or ""."""
    for child in reading.children(word.index):
        if child.relation == "aux" and child.lower in _UNSURE:
            return child.lower
    head = reading.words[word.head]
    if word.relation in ("xcomp", "ccomp") and head.lemma in _PLANS:
        return f"{head.text} to"
    return ""


def _roles(alignment: Alignment) -> Iterator[Finding]:
    for match in alignment.matches:
        if match.word.part != "VERB" or match.own is None or match.own.rank > 1:
            continue
        reading = alignment.readings[match.own.rank]
        who, whom = _participants(alignment.claim, match.word)
        by, to = _participants(reading, match.own.word)
        if _meet(who, to) and _meet(whom, by) and not _meet(who, by):
            verb = match.word.text
            reason = f"in the article {by[0].text} {verb} {to[0].text}, not the other way round"
            yield Finding(Fact.ROLE, reason, True, match.word.index)


def _participants(reading: Reading, verb: Word) -> tuple[list[Word], list[Word]]:
    """Who does it and to whom, by heads, whether active or passive."""
    who: list[Word] = []
    whom: list[Word] = []
    for child in reading.children(verb.index):
        if child.relation == "nsubj":
            who.append(child)
        elif child.relation in ("dobj", "obj", "dative", "nsubjpass"):
            whom.append(child)
        elif child.relation == "agent":
            who += [noun for noun in reading.children(child.index) if noun.relation == "pobj"]
        elif child.relation == "prep" and child.lower in ("to", "against", "from"):
            whom += [noun for noun in reading.children(child.index) if noun.relation == "pobj"]
    return who, whom


def _meet(some: list[Word], others: list[Word]) -> bool:
    return any(is_same(one, other) for one in some for other in others if one.part != "PRON")
