"""Contradictions without another word in a slot: denied, quantified, placed or acted otherwise.

"Did not resign" and "resigned", "all potatoes" and "some potatoes", "inside the house" and
"outside the house", "Lauda expects" and "Hamilton expects". All need nearly the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.entities import ConflictKind
from bot.grounding.alignment import is_same
from bot.grounding.language import NEGATIONS, Reading, Word
from bot.grounding.pairing import Pair, adds
from bot.grounding.syntax import arguments, direct_objects, is_negated

SPEECH = frozenset(
    "say tell claim write add ask want look seek reply announce report confirm warn urge state "
    "argue note believe think".split()
)
_CLAUSES = frozenset({"ROOT", "ccomp", "conj"})
_DENIED = frozenset({"VERB", "ADJ"})
_CONTRARY = (
    ({"before", "ahead"}, {"after", "following"}),
    ({"inside", "within"}, {"outside"}),
    ({"above", "over"}, {"below", "under"}),
    ({"with"}, {"without"}),
    ({"for"}, {"against"}),
    ({"despite"}, {"because"}),
)
_ALL = frozenset({"all", "every", "both", "each"})
_SOME = frozenset({"some", "few", "no", "none", "most", "several"})


@dataclass(frozen=True, slots=True)
class Substitution:
    """What one sentence has where the other has something else; `score` in [0, 1]."""

    kind: ConflictKind
    here: str
    there: str
    score: float


def negations(pair: Pair) -> Iterator[Substitution]:
    """ "Did not resign" against "resigned", with the same subject and object."""
    missing = pair.missing()
    if missing > 0.3 or pair.matched < 4:
        return
    for index, there in pair.own.items():
        here = pair.short.words[index]
        if (
            here.part not in _DENIED
            or there.part != here.part
            or pair.similarity(here, there) < 0.55
        ):
            continue
        if is_negated(pair.short, here) == is_negated(pair.long, there):
            continue
        if here.part == "ADJ" or (_are_clauses(here, there) and _same_arguments(pair, here, there)):
            yield Substitution(
                ConflictKind.NEGATION,
                _phrase(pair.short, here),
                _phrase(pair.long, there),
                1 - missing,
            )


def relations(pair: Pair) -> Iterator[Substitution]:
    """ "Inside the landfill" against "outside the landfill", "after the games" and "before"."""
    missing = pair.missing()
    if missing > 0.3 or pair.matched < 4:
        return
    for index, there in pair.own.items():
        here = pair.short.words[index]
        one, other = pair.short.words[here.head], pair.long.words[there.head]
        if not is_same(pair.short.words[one.head], pair.long.words[other.head]):
            continue
        if here.relation == there.relation == "pobj" and _are_contrary(one.lower, other.lower):
            yield Substitution(
                ConflictKind.OTHER,
                f"{one.text} {here.text}",
                f"{other.text} {there.text}",
                1 - missing,
            )


def _are_contrary(one: str, other: str) -> bool:
    return any(one in left and other in right for left, right in _CONTRARY) or any(
        one in right and other in left for left, right in _CONTRARY
    )


def exchanged(pair: Pair) -> Iterator[Substitution]:
    """Another name as the subject of the same verb, though both names stand in both sentences."""
    missing = pair.missing()
    if missing > 0.2 or pair.matched < 5 or adds(pair):
        return
    for index, there in pair.own.items():
        here = pair.short.words[index]
        if here.part != "VERB" or here.lemma in SPEECH or pair.similarity(here, there) < 0.7:
            continue
        one, other = _named_subject(pair.short, here), _named_subject(pair.long, there)
        if not _share_object(pair, here, there):
            continue
        if one and other and one.lower != other.lower and not _is_one_name(pair.long, one, other):
            yield Substitution(
                ConflictKind.ROLE,
                f"{one.text} {here.text}",
                f"{other.text} {there.text}",
                1 - missing,
            )


def _share_object(pair: Pair, here: Word, there: Word) -> bool:
    """Whether what is done is done to the same, where both say to what."""
    ours, theirs = direct_objects(pair.short, here), direct_objects(pair.long, there)
    if not ours or not theirs:
        return True
    return any(is_same(one, other) for one in ours for other in theirs)


def acts_otherwise(pair: Pair) -> bool:
    """Whether the same verb has another name as its subject."""
    subjects = [
        (_named_subject(pair.short, pair.short.words[index]), _named_subject(pair.long, there))
        for index, there in pair.own.items()
        if there.part in ("VERB", "AUX")
    ]
    return any(
        one and other and not is_same(one, other) and not _is_one_name(pair.long, one, other)
        for one, other in subjects
    )


def _named_subject(reading: Reading, verb: Word) -> Word | None:
    names = [w for w in reading.children(verb.index) if w.relation in ("nsubj", "nsubjpass")]
    return next((w for w in names if w.part == "PROPN" and w.entity in ("PERSON", "ORG")), None)


def _is_one_name(reading: Reading, one: Word, other: Word) -> bool:
    """Whether two words belong to one name, or to one list of names, of a sentence."""
    for first, past, _ in reading.names:
        inside = {word.lower for word in reading.words[first:past]}
        if {one.lower, other.lower} <= inside:
            return True
    heads = [word.head for word in reading.words if word.lower == one.lower]
    return any(reading.words[head].lower == other.lower for head in heads)


def _are_clauses(here: Word, there: Word) -> bool:
    if "relcl" in (here.relation, there.relation):
        return False  # those who did it, and those who did not
    return here.relation == there.relation or {here.relation, there.relation} <= _CLAUSES


def _same_arguments(pair: Pair, here: Word, there: Word) -> bool:
    ours, theirs = arguments(pair.short, here), arguments(pair.long, there)
    acting = any(word.relation.startswith("nsubj") for word in ours)
    return acting and all(any(is_same(one, other) for other in theirs) for one in ours)


def _phrase(reading: Reading, verb: Word) -> str:
    negation = next((w for w in reading.children(verb.index) if w.lower in NEGATIONS), None)
    return f"not {verb.text}" if negation is not None else verb.text


def quantifiers(pair: Pair) -> Iterator[Substitution]:
    """ "All sweet potatoes" against "some sweet potatoes"."""
    missing = pair.missing()
    if missing > 0.36 or pair.matched < 4:
        return
    for index, there in pair.own.items():
        here = pair.short.words[index]
        ours, theirs = _quantifier(pair.short, here), _quantifier(pair.long, there)
        if ours and theirs and (ours in _ALL) != (theirs in _ALL):
            yield Substitution(
                ConflictKind.NUMBER, f"{ours} {here.text}", f"{theirs} {there.text}", 1 - missing
            )


def _quantifier(reading: Reading, noun: Word) -> str:
    if noun.part not in ("NOUN", "PROPN"):
        return ""
    near: Sequence[Word] = reading.children(noun.index)
    return next((word.lower for word in near if word.lower in _ALL | _SOME), "")
