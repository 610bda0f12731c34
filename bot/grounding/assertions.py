"""Whether a claim and its evidence say yes to the same: opposites, negation, modality.

"Rose" against "fell", "did not reject" against "rejected", "met" against "may meet". Each word of
the claim is held against the word that stands in its place in the nearest two sentences.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.grounding.alignment import Alignment, Match, is_same
from bot.grounding.findings import Fact, Finding
from bot.grounding.language import MODALS, NEGATIONS, Reading, Word
from bot.grounding.opposites import are_opposite

NEAR = 0.5  # the least cosine at which the same word is taken to stand in the same place


def compare_opposites(alignment: Alignment) -> Iterator[Finding]:
    """The words in whose place an opposite stands."""
    for match in alignment.matches:
        opposite = _opposite(match, alignment)
        if opposite is not None and not _is_negated(alignment.claim, match.word):
            reason = f"the article says {opposite.text}, not {match.word.text}"
            yield Finding(Fact.OPPOSITE, reason, True, match.word.index)


def _opposite(match: Match, alignment: Alignment) -> Word | None:
    """The opposite of a word, where it rather than the word itself stands in its place."""
    for rank, reading in enumerate(alignment.readings[:2]):
        if match.own is not None and match.own.rank <= rank and match.own_similarity > 0.4:
            return None
        for word in reading.words:
            if word.content and _are_opposed(alignment.claim, match.word, reading, word):
                similarity = float(
                    alignment.claim.vectors[match.word.index] @ reading.vectors[word.index]
                )
                if similarity >= _least(alignment.claim, match.word, reading, word):
                    return None if _is_in(word, alignment.claim) else word
    return None


def _are_opposed(claim: Reading, word: Word, reading: Reading, other: Word) -> bool:
    """Whether two words are opposites here: an age ("24 years old") is no opposite of young."""
    if not are_opposite(word.lemma, other.lemma):
        return False
    if word.lemma in _TIMES or other.lemma in _TIMES:
        return _share_complement(claim, word, reading, other)
    return not any(_is_age(*side) for side in ((claim, word), (reading, other)))


def _is_age(reading: Reading, word: Word) -> bool:
    before = reading.words[max(0, word.index - 2) : word.index]
    return word.lower == "old" and any(near.lemma in ("year", "month", "week") for near in before)


def _share_complement(claim: Reading, word: Word, reading: Reading, other: Word) -> bool:
    """Whether "before" and "after" stand before the same: "before the vote", "after the vote"."""
    return any(
        is_same(near, far)
        for near in claim.children(word.index)
        for far in reading.children(other.index)
        if near.content
    )


_TIMES = frozenset(("before", "after", "during", "until", "since"))
_DEGREES = frozenset(("more", "most", "less", "least", "few", "high", "low"))
_CONVERSES = frozenset(("win", "lose", "beat", "defeat", "victory", "loss", "buy", "sell", "give",
    "take", "send", "receive", "lend", "borrow"))  # fmt: skip
_SUBJECTS = frozenset(("nsubj", "poss"))


def _least(claim: Reading, word: Word, reading: Reading, opposite: Word) -> float:
    """The cosine from which an opposite is taken to stand in the word's place.

    Chelsea's win is their opponents' loss, so converses need one subject; "more" and "less" may
    belong to anything, so they need a neighbour in common.
    """
    if word.lemma in _CONVERSES and not _share_neighbours(
        claim, word, reading, opposite, _SUBJECTS
    ):
        return 2.0
    if _share_neighbours(claim, word, reading, opposite):
        return 0.25
    if word.lemma in _DEGREES:
        return 2.0
    # where nothing else says so, "deaths" is no opposite of "alive"
    return 0.5 if word.part == opposite.part else 0.7


def _share_neighbours(
    one: Reading, word: Word, other: Reading, its: Word, relations: frozenset[str] = frozenset()
) -> bool:
    """Whether a content word depends on both words, or governs both; or depends in `relations`."""
    here, there = (
        [near for near in _neighbours(*side) if not relations or near.relation in relations]
        for side in ((one, word), (other, its))
    )
    return any(is_same(near, far) for near in here if near.content for far in there)


def _neighbours(reading: Reading, word: Word) -> list[Word]:
    near = reading.children(word.index)
    return [*near, reading.words[word.head]] if word.head != word.index else near


def _is_in(word: Word, reading: Reading) -> bool:
    return any(is_same(word, other) for other in reading.words)


def compare_negations(alignment: Alignment) -> Iterator[Finding]:
    """The verbs and adjectives that one side negates and the other does not."""
    for match in alignment.matches:
        if match.word.part not in ("VERB", "ADJ", "AUX") or match.own is None:
            continue
        if match.own.rank > 1 or match.own_similarity < NEAR or match.word.lower == "non":
            continue
        here = _polarities(alignment.claim, match.word)
        there = _polarities(alignment.readings[match.own.rank], match.word)
        moved = _moved(alignment, match.own.rank)
        if here.isdisjoint(there) and match.word.lemma not in _LIGHT and not moved:
            reason = "the article does not negate" if True in here else "the article negates"
            yield Finding(Fact.NEGATION, f"{reason} “{match.word.text}”", True, match.word.index)


_LIGHT = frozenset(("have", "be", "do", "get", "make", "go", "say"))


def _polarities(reading: Reading, word: Word) -> set[bool]:
    """Whether the forms of a word in a sentence are negated, all or some."""
    return {_is_negated(reading, other) for other in reading.words if is_same(word, other)}


def _moved(alignment: Alignment, rank: int) -> bool:
    """Whether both sides negate something: "do not suggest it is" and "suggest it is not"."""
    near = alignment.readings[rank].words
    return all(
        any(word.lower in NEGATIONS for word in words) for words in (alignment.claim.words, near)
    )


_FAILURES = frozenset(("fail", "refuse", "decline", "deny", "avoid", "prevent", "stop", "yet"))
_CARRIERS = frozenset(("be", "expect", "plan", "seem", "appear", "able", "likely", "allow", "have"))


def _is_negated(reading: Reading, word: Word, depth: int = 0) -> bool:
    """Whether a negation stands on the word, its auxiliary, its subject or its object."""
    around = reading.children(word.index)
    around += [
        child
        for near in around
        if near.part in ("NOUN", "PRON", "AUX")
        for child in reading.children(near.index)
    ]
    if any(near.lower in NEGATIONS and abs(near.index - word.index) <= 5 for near in around):
        return True
    head = reading.words[word.head]
    if depth or head.index == word.index:
        return False
    if any(near.lower in _FAILURES for near in reading.words[max(0, word.index - 3) : word.index]):
        return True
    if word.relation in ("xcomp", "acomp", "attr"):
        if head.lemma in _FAILURES:
            return True
        return head.lemma in _CARRIERS and _is_negated(reading, head, depth + 1)
    return False


_UNSURE = frozenset(MODALS - {"will", "would", "shall", "can", "must"})
_PLANS = frozenset(("plan", "expect", "propose", "consider", "intend", "aim", "hope", "want",
    "likely", "possible"))  # fmt: skip


def compare_modality(alignment: Alignment) -> Iterator[Finding]:
    """The verbs that the claim takes for done and the evidence for possible or planned."""
    for match in alignment.matches:
        if match.word.part != "VERB" or match.own is None or match.own.rank > 1:
            continue
        if match.own_similarity < NEAR:
            continue
        here = _unsure(alignment.claim, match.word, frozenset((*_UNSURE, "can", "would")))
        there = _unsure(alignment.readings[match.own.rank], match.own.word)
        if there and not here:
            reason = f"the article says {there} {match.word.lemma}, not that it happened"
            yield Finding(Fact.MODALITY, reason, False, match.word.index)


def _unsure(reading: Reading, word: Word, modals: frozenset[str] = _UNSURE) -> str:
    """The word that makes a verb less than certain, or ""."""
    for child in reading.children(word.index):
        if child.relation == "aux" and child.lower in modals:
            return child.lower
    head = reading.words[word.head]
    if word.relation in ("xcomp", "ccomp") and head.lemma in _PLANS:
        return f"{head.text} to"
    return ""
