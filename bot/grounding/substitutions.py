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
from dataclasses import dataclass

from bot.entities import ConflictKind
from bot.grounding import dates, quantities
from bot.grounding.alignment import is_same
from bot.grounding.exclusives import are_exclusive
from bot.grounding.language import NEGATIONS, Reading, Word
from bot.grounding.opposites import are_opposite
from bot.grounding.slots import NAMES, Filler, Slot, is_filled, slots

Weigh = Callable[[Word], float]

_AGES = frozenset({"old", "young", "new", "first", "last", "more", "less", "most", "least"})
_IMAGINED = frozenset({"if", "whether", "unless", "would", "could", "may", "might", "should"})
_TELLING = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM"})
_SOMEBODY = frozenset({"he", "she", "they", "i", "we", "you"})
_ADDING = frozenset(
    "also another other further additional again too second third following subsequent "
    "previous earlier later separate next".split()
)
_LIKE = 0.6
_SIGNS = frozenset({"%", "percent", "cent", "pc", "points"})
_POINTING = re.compile(
    r"\b(?:this|these|the) (?:image|picture|photo\w*|map|chart|graph|video|table)"
)
_SYNONYM = 0.68  # cosine of two words in their contexts
_VERBS = frozenset({"VERB", "AUX"})
_ALL = frozenset({"all", "every", "both", "each"})
_SOME = frozenset({"some", "few", "no", "none", "most", "several"})


@dataclass(frozen=True, slots=True)
class Substitution:
    """What one sentence has where the other has something else; `score` in [0, 1]."""

    kind: ConflictKind
    here: str
    there: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A shorter sentence laid on a longer one: `own` maps its content words to the same ones,
    and `near` are those that have at least one of like meaning there.
    """

    short: Reading
    long: Reading
    own: dict[int, Word]
    near: frozenset[int]
    weights: dict[int, float]
    similarity: Callable[[Word, Word], float]

    @property
    def matched(self) -> int:
        """How many content words both have, "after" and "just" not counted."""
        return sum(self.short.words[index].part in _TELLING for index in self.own)

    def missing(self, apart_from: frozenset[int] = frozenset(), *, loosely: bool = False) -> float:
        """The weight of the shorter sentence's words that the other lacks, as a share.

        Loosely, a word of like meaning ("jury" for "jurors") is not lacking.
        """
        total = sum(self.weights.values()) or 1.0
        found = self.near | self.own.keys() if loosely else self.own.keys()
        lacking = (i for i in self.weights if i not in found and i not in apart_from)
        return sum(self.weights[i] for i in lacking) / total


def lay(first: Reading, second: Reading, weigh: Weigh) -> Pair:
    """The sentence with fewer content words on the other."""
    short, long = sorted((first, second), key=lambda reading: len(_content(reading)))
    cosines = short.vectors @ long.vectors.T

    def similarity(word: Word, other: Word) -> float:
        return float(cosines[word.index, other.index])

    theirs = _content(long)
    own: dict[int, Word] = {}
    near: set[int] = set()
    for word in _content(short):
        same = [other for other in theirs if is_same(word, other)]
        if same:
            own[word.index] = max(same, key=lambda other: similarity(word, other))
        elif any(_is_like(word, other, similarity(word, other)) for other in theirs):
            near.add(word.index)
    _complete_names(short, own)
    weights = {word.index: weigh(word) for word in _content(short)}
    return Pair(short, long, own, frozenset(near), weights, similarity)


def _content(reading: Reading) -> list[Word]:
    return [word for word in reading.words if word.content and word.part != "PRON"]


def _is_like(word: Word, other: Word, similarity: float) -> bool:
    """Whether two words mean the same in their contexts: "jury" and "jurors"."""
    if similarity < _SYNONYM or word.part != other.part or word.part not in ("NOUN", "VERB", "ADJ"):
        return False
    return not are_opposite(word.lemma, other.lemma) and not are_exclusive(word.lemma, other.lemma)


def _complete_names(reading: Reading, own: dict[int, Word]) -> None:
    """A surname stands for the whole name."""
    for first, past, _ in reading.names:
        inside = [own[index] for index in range(first, past) if index in own]
        if inside:
            own.update({index: own.get(index, inside[0]) for index in range(first, past)})


def find(pair: Pair) -> Substitution | None:
    """The clearest contradiction between the two sentences; None where there is none."""
    if pair.matched < 3 or not _comparable(pair):
        return None
    found = [*_negations(pair), *_quantifiers(pair), *_replaced(pair)]
    return max(found, key=lambda substitution: substitution.score, default=None)


def _comparable(pair: Pair) -> bool:
    """Both are sentences with a verb, and it is known that they speak of the same."""
    if not all(any(w.part in _VERBS for w in r.words) for r in (pair.short, pair.long)):
        return False
    if _POINTING.search(pair.short.text.lower()) or _POINTING.search(pair.long.text.lower()):
        return False  # a caption speaks of what it stands beside
    subjects = [_subject(pair.short), _subject(pair.long)]
    if all(subject is not None and subject.lower in _SOMEBODY for subject in subjects):
        return any(pair.short.words[index].entity == "PERSON" for index in pair.own)
    return True


def _subject(reading: Reading) -> Word | None:
    root = next((word for word in reading.words if word.relation == "ROOT"), None)
    near = reading.children(root.index) if root else []
    return next((word for word in near if word.relation in ("nsubj", "nsubjpass")), None)


def _replaced(pair: Pair) -> Iterator[Substitution]:
    ours, theirs = slots(pair.short), slots(pair.long)
    open_here = [slot for slot in ours if not is_filled(slot, pair.long, theirs)]
    open_there = [slot for slot in theirs if not is_filled(slot, pair.short, ours)]
    others = {slot.head.index for slot in open_here if slot.filler in NAMES}
    if sum(slot.filler is Filler.NUMBER for slot in open_here) > 1:
        open_here = [slot for slot in open_here if slot.filler is not Filler.NUMBER]
    differs = _differs(pair, open_here, open_there)
    for here in open_here:
        for there in open_there:
            if kind := _contradiction(pair, here, there, others, differs):
                missing = pair.missing(here.words)
                yield Substitution(kind, here.text, there.text, 1 - missing)


def _differs(
    pair: Pair, ours: Sequence[Slot], theirs: Sequence[Slot]
) -> Callable[[Slot, Slot], bool]:
    """Whether the sentences differ elsewhere too ("red bars", "grey bars"): two facts, not one."""
    places = [
        (one, other)
        for one in ours
        for other in theirs
        if one.head.relation == other.head.relation
        and _shares_anchor(pair, one.head, other.head)
        and pair.similarity(one.head, other.head) < _LIKE
    ]

    def differs(here: Slot, there: Slot) -> bool:
        return any(
            not one.words & here.words and not other.words & there.words for one, other in places
        )

    return differs


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
    if (here.value or here.filler in NAMES) and (_adds(pair) or differs(here, there)):
        return None
    if here.filler is Filler.NUMBER:
        fits = not other_name and _same_count(pair, here, there)
        return ConflictKind.NUMBER if fits and missing <= 0.45 and pair.matched >= 4 else None
    if here.filler is Filler.DATE:
        fits = not other_name and _same_time(pair, here, there)
        return ConflictKind.DATE if fits and missing <= 0.25 and pair.matched >= 4 else None
    if _opposed(pair, here.head, there.head):
        loosely = pair.missing(here.words, loosely=True)
        enough = loosely <= 0.5 and pair.matched >= 3 and not other_name
        return ConflictKind.OTHER if enough else None
    if are_exclusive(here.head.lemma, there.head.lemma) and _in_place(pair, here.head, there.head):
        enough = pair.missing(here.words, loosely=True) <= 0.45 and pair.matched >= 4
        return _kind(here.filler) if enough and not other_name else None
    if here.filler in NAMES and here.filler == there.filler:
        return _kind(here.filler) if _other_name(pair, here, there, missing) else None
    return None


def _kind(filler: Filler) -> ConflictKind:
    kinds = {
        Filler.PLACE: ConflictKind.PLACE,
        Filler.PERSON: ConflictKind.ROLE,
        Filler.ORGANISATION: ConflictKind.ROLE,
    }
    return kinds.get(filler, ConflictKind.OTHER)


def _same_count(pair: Pair, here: Slot, there: Slot) -> bool:
    """Whether two numbers count the same things."""
    one, other = here.value, there.value
    if not isinstance(one, quantities.Quantity) or not isinstance(other, quantities.Quantity):
        return False
    if one.unit != other.unit or one.unit == "ordinal":
        return False
    if here.text in there.text or there.text in here.text:
        return False
    counted = [
        (what, also)
        for what in _counted(pair.short, here.head)
        for also in _counted(pair.long, there.head)
        if is_same(what, also)
    ]
    similarity = pair.similarity(here.head, there.head)
    if not counted or similarity < 0.45:
        return False
    what, also = counted[0]
    if is_same(pair.short.words[what.head], pair.long.words[also.head]):
        return True
    limit = 0.25 if one.unit == "percent" or similarity < 0.6 else 0.35
    return pair.missing(here.words) <= limit


def _counted(reading: Reading, number: Word) -> list[Word]:
    """What a number counts: "books" of "33 children's cook books", however it was parsed."""
    chain = []
    if number.lower in _SIGNS or reading.words[number.head].lower in _SIGNS:
        sign = number if number.lower in _SIGNS else reading.words[number.head]
        of = [word for word in reading.children(sign.index) if word.lower == "of"]
        chain = [noun for word in of for noun in reading.children(word.index)]
        return chain or [reading.words[sign.head]]
    word = reading.words[number.head]
    while word.index != number.index and word.part in ("NOUN", "PROPN", "VERB", "ADJ"):
        chain.append(word)
        if word.part == "VERB" or word.head == word.index:
            break
        word = reading.words[word.head]
        if chain[-1].relation not in ("compound", "poss", "nmod", "amod", "nummod", "quantmod"):
            break
    return chain


def _adds(pair: Pair) -> bool:
    """Whether one sentence says that it tells of another of the same kind: "also", "another"."""
    here, there = (
        {word.lower for word in reading.words} & _ADDING for reading in (pair.short, pair.long)
    )
    return here != there or "next" in here


def _same_time(pair: Pair, here: Slot, there: Slot) -> bool:
    """Whether two dates say when the same thing happened, equally exactly."""
    one, other = here.value, there.value
    if not isinstance(one, dates.DateMention) or not isinstance(other, dates.DateMention):
        return False
    if one.text[-1].isdigit() != other.text[-1].isdigit():
        return False
    if len(one.text.split()) != len(other.text.split()):
        return False
    verb, also = _verb_above(pair.short, here.head), _verb_above(pair.long, there.head)
    return verb is not None and also is not None and is_same(verb, also)


def _verb_above(reading: Reading, word: Word) -> Word | None:
    above = reading.words[word.head]
    while above.part not in _VERBS:
        if above.head == above.index:
            return None
        above = reading.words[above.head]
    return above


def _opposed(pair: Pair, here: Word, there: Word) -> bool:
    if not are_opposite(here.lemma, there.lemma) or {here.lemma, there.lemma} & _AGES:
        return False
    if here.part not in ("VERB", "NOUN", "ADJ", "ADV") or _negated(pair.short, here):
        return False
    if _negated(pair.long, there) or _imagined(pair.short, here) or _imagined(pair.long, there):
        return False
    return _in_place(pair, here, there) or pair.missing(frozenset({here.index})) <= 0.05


def _other_name(pair: Pair, here: Slot, there: Slot, missing: float) -> bool:
    """Whether two names stand in one role of one event, so that it cannot be both."""
    if here.head.relation != there.head.relation or pair.matched < 4:
        return False
    if here.head.relation in ("nsubj", "nsubjpass", "dobj") and _shares_anchor(
        pair, here.head, there.head
    ):
        return missing <= 0.35
    return _shares_anchor(pair, here.head, there.head) and missing <= 0.15


def _in_place(pair: Pair, here: Word, there: Word) -> bool:
    """Whether two words stand in the same relation to a word that both sentences have."""
    if _shares_anchor(pair, here, there):
        return True
    alike = here.relation == there.relation
    return alike and pair.missing(frozenset({here.index})) <= 0.1


def _shares_anchor(pair: Pair, here: Word, there: Word) -> bool:
    return any(
        is_same(one, other)
        for one in _anchors(pair.short, here)
        for other in _anchors(pair.long, there)
        if one.content and one.lower not in NEGATIONS and one.part != "PRON"
    )


def _anchors(reading: Reading, word: Word) -> list[Word]:
    """The words that a word is said of: what it modifies, or its subject and its objects."""
    head = reading.words[word.head]
    if word.relation in ("acomp", "attr", "oprd"):
        return [*_arguments(reading, head), head]
    if word.part in ("VERB", "AUX"):
        return _arguments(reading, word)
    if word.relation == "pobj":
        return [reading.words[head.head]]
    if head.part == "AUX":
        return _predicate(reading, head)
    return [head] if head.index != word.index else []


def _predicate(reading: Reading, verb: Word) -> list[Word]:
    """What "was" says of its subject: "a teacher", "on a jog"."""
    near = reading.children(verb.index)
    nested = [
        noun for word in near if word.relation == "prep" for noun in reading.children(word.index)
    ]
    return [word for word in [*near, *nested] if word.relation in ("attr", "acomp", "pobj")]


def _arguments(reading: Reading, verb: Word) -> list[Word]:
    wanted = ("nsubj", "nsubjpass", "dobj", "obj", "attr", "acomp")
    return [word for word in reading.children(verb.index) if word.relation in wanted]


def _negations(pair: Pair) -> Iterator[Substitution]:
    """ "Did not resign" against "resigned", with the same subject and object."""
    missing = pair.missing()
    if missing > 0.3 or pair.matched < 4:
        return
    for index, there in pair.own.items():
        here = pair.short.words[index]
        if here.part != "VERB" or there.part != "VERB" or pair.similarity(here, there) < 0.7:
            continue
        if _negated(pair.short, here) == _negated(pair.long, there):
            continue
        if here.relation == there.relation and _same_arguments(pair, here, there):
            yield Substitution(
                ConflictKind.NEGATION,
                _phrase(pair.short, here),
                _phrase(pair.long, there),
                1 - missing,
            )


def _same_arguments(pair: Pair, here: Word, there: Word) -> bool:
    ours, theirs = _arguments(pair.short, here), _arguments(pair.long, there)
    return bool(ours) and all(any(is_same(one, other) for other in theirs) for one in ours)


def _phrase(reading: Reading, verb: Word) -> str:
    negation = next((w for w in reading.children(verb.index) if w.lower in NEGATIONS), None)
    return f"not {verb.text}" if negation is not None else verb.text


def _negated(reading: Reading, word: Word) -> bool:
    return any(child.lower in NEGATIONS for child in reading.children(word.index))


def _imagined(reading: Reading, word: Word) -> bool:
    """Whether a word stands in a clause of "if", "whether" or "could"."""
    while True:
        near = reading.children(word.index)
        if any(w.relation in ("mark", "aux") and w.lower in _IMAGINED for w in near):
            return True
        if word.head == word.index:
            return False
        word = reading.words[word.head]


def _quantifiers(pair: Pair) -> Iterator[Substitution]:
    """ "All sweet potatoes" against "some sweet potatoes"."""
    missing = pair.missing()
    if missing > 0.3 or pair.matched < 4:
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
