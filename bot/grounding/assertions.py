"""Whether a claim and its evidence say yes to the same: opposites, negation, modality.

"Rose" against "fell", "did not reject" against "rejected", "met" against "may meet". Each word of
the claim is held against the word that stands in its place in the nearest two sentences, where
those tell much of the rest of the claim. Which words are opposites in their place is known to
`contrasts`, and what is negated to `denials`.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.grounding.alignment import MOSTLY, TOLD, Alignment, Match, is_same, told
from bot.grounding.contrasts import are_opposed, least_similarity
from bot.grounding.denials import is_in_denial, is_negated
from bot.grounding.findings import Fact, Finding
from bot.grounding.language import MODALS, NEGATIONS, Reading, Word
from bot.grounding.syntax import subjects

NEAR = 0.5  # the least cosine at which the same word is taken to stand in the same place


def compare_opposites(alignment: Alignment) -> Iterator[Finding]:
    """The words in whose place an opposite stands."""
    for match in alignment.matches:
        opposite = _opposite(match, alignment)
        if opposite is not None:
            reason = f"the article says {opposite.text}, not {match.word.text}"
            yield Finding(Fact.OPPOSITE, reason, True, match.word.index)


def _opposite(match: Match, alignment: Alignment) -> Word | None:
    """The opposite of a word, where it rather than the word itself stands in its place."""
    claim = alignment.claim
    for rank, reading in enumerate(alignment.readings[:2]):
        if match.own is not None and match.own.rank <= rank and match.own_similarity > 0.4:
            return None
        for word in reading.words:
            if word.content and are_opposed(claim, match.word, reading, word):
                similarity = float(claim.vectors[match.word.index] @ reading.vectors[word.index])
                if similarity >= least_similarity(claim, match.word, reading, word):
                    same = is_in_denial(claim, match.word) == is_in_denial(reading, word)
                    return word if same and not _is_in(word, claim) else None
    return None


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
        if match.word.lemma in _LIGHT or not here.isdisjoint(there):
            continue
        if not _moved(alignment, match.own.rank) and _is_told_alike(alignment, match):
            reason = "the article does not deny" if True in here else "the article denies"
            yield Finding(Fact.NEGATION, f"{reason} “{match.word.text}”", True, match.word.index)


_LIGHT = frozenset(("have", "be", "do", "get", "make", "go", "say"))


def _polarities(reading: Reading, word: Word) -> set[bool]:
    """Whether the forms of a word in a sentence are negated, all or some."""
    return {is_negated(reading, other) for other in reading.words if is_same(word, other)}


def _moved(alignment: Alignment, rank: int) -> bool:
    """Whether both sides negate something: "do not suggest it is" and "suggest it is not"."""
    near = alignment.readings[rank].words
    return all(
        any(word.lower in NEGATIONS for word in words) for words in (alignment.claim.words, near)
    )


def _is_told_alike(alignment: Alignment, match: Match) -> bool:
    """Whether the sentence tells of the claim's event: nearly all of it, or of the same subject.

    "They do not own the same bag" leaves open who owns one.
    """
    if match.own is None or (share := told(alignment, match.own.rank, match.word)) < TOLD:
        return False
    if share >= MOSTLY:
        return True
    reading = alignment.readings[match.own.rank]
    ours, theirs = (
        [word for word in subjects(*side) if word.part in ("NOUN", "PROPN")]
        for side in ((alignment.claim, match.word), (reading, match.own.word))
    )
    same = any(is_same(one, other) for one in ours for other in theirs)
    return same or not ours or not theirs


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
