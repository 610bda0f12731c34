"""The liberties that a weak model takes when it condenses sentences, beyond what facts can show.

It brings in a word that they lack, leaves out that something is only said to be so, or tells as a
fact what somebody says in quotation marks. People do the first well, and often; of sentences that
other models had condensed (QAGS CNN/DM) a new word was in 46% of those that people found wrong, and
in 9% of the others.

This module decides nothing: whoever holds a writer to its sentences does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.grounding.alignment import Alignment, Match
from bot.grounding.language import MODALS, Reading, Word, stem
from bot.grounding.opposites import are_alike
from bot.grounding.synonyms import are_synonyms

LIKE = 0.6  # cosine of two words that mean much the same in their sentences
QUOTED = 0.8  # of a claim's content words within quotation marks, that make it what somebody says

HEDGES = frozenset(
    "apparently reportedly allegedly alleged supposedly probably possibly perhaps maybe likely "
    "seemingly presumably believed thought suspected appeared appears appear seemed seems seem "
    "around about roughly approximately may might could".split()
)
_REPORTING = frozenset(
    "say tell add write warn claim announce tweet ask argue state report insist accord deny admit "
    "suggest explain believe express".split()
)
_SAYING = _REPORTING | {"call", "describe", "quote"}
_SPOKEN = re.compile(
    r"(?:^|(?<=[\s(]))(?:[\"“‘]|'(?!s\b))\s?(?P<within>.{12,}?)(?:[\"”]|['’](?=\s|$|[.,;])|$)"
    r"|^(?P<before>[^\"“”‘]{12,}?)\s?(?:[\"”]|\s['’])$"
)


def find_liberties(
    alignment: Alignment, said: str, whole: str, carried: frozenset[int]
) -> tuple[str, ...]:
    """What the claim has that the aligned sentences lack, as reasons for people.

    The first of the sentences is the one nearest to it. `said` is their text with their headlines,
    `whole` that of all the evidence; `carried` are the indices of the words that stand in it in
    another form (`facts.carried`).
    """
    added = [word.text for word in _added(alignment, said, whole, carried)]
    reasons = [f"no cited sentence says “{', '.join(added[:4])}”"] if added else []
    if hedge := _hedge_left_out(alignment):
        reasons.append(f"the article says “{hedge}”, and the claim does not")
    if _is_unattributed(alignment):
        reasons.append("somebody says this in the article, and the claim does not say who")
    return tuple(reasons)


def _added(alignment: Alignment, said: str, whole: str, carried: frozenset[int]) -> Iterator[Word]:
    there, anywhere = _stems(said), _stems(whole)
    fuller = _fuller_names(alignment.claim, there)
    for match in alignment.matches:
        word = match.word
        is_named = word.index in fuller and word.stem in anywhere
        if word.part == "PRON" or word.lower in MODALS or word.lemma in _SAYING or is_named:
            continue
        is_there = match.own is not None or word.index in carried or word.stem in there
        if not is_there and match.similarity < LIKE and not _is_paraphrased(match, alignment):
            yield word


def _fuller_names(claim: Reading, there: frozenset[str]) -> frozenset[int]:
    """The words of names of which another word is there: Kim Jong Un, where it says Kim."""
    spans = [range(first, past) for first, past, _ in claim.names]
    known = [span for span in spans if any(claim.words[index].stem in there for index in span)]
    return frozenset(index for span in known for index in span)


def _is_paraphrased(match: Match, alignment: Alignment) -> bool:
    return any(
        are_synonyms(match.word.lemma, word.lemma) or are_alike(match.word.lemma, word.lemma)
        for reading in alignment.readings
        for word in reading.words
        if word.content
    )


def _hedge_left_out(alignment: Alignment) -> str:
    """The word that makes what the claim repeats less than certain, where it has none; or ""."""
    claim, nearest = alignment.claim, alignment.readings[0]
    there = {word.stem for word in nearest.words}
    own = {word.stem for word in claim.words if word.lower in HEDGES}
    if own - there or any(word.lemma in _REPORTING for word in claim.words):
        return ""  # another word for it
    repeated = {word.lemma for word in claim.words if word.content}
    for word in nearest.words:
        is_left_out = word.lower in HEDGES and word.stem not in own
        if is_left_out and not repeated.isdisjoint(_hedged(nearest, word)):
            return word.text
    return ""


def _hedged(reading: Reading, hedge: Word) -> set[str]:
    """The lemmas of what a hedge makes uncertain: its head, or what it governs."""
    if hedge.part in ("VERB", "ADP"):
        governed = ("xcomp", "ccomp", "pobj")
        return {word.lemma for word in reading.children(hedge.index) if word.relation in governed}
    head = reading.words[hedge.head]
    if head.content:
        return {head.lemma}
    return {w.lemma for w in reading.children(head.index) if w.relation in ("acomp", "attr")}


def _is_unattributed(alignment: Alignment) -> bool:
    """Whether nearly all of the claim is said within quotation marks, and it names no saying."""
    claim = alignment.claim
    words = [word for word in claim.words if word.content and word.part != "PRON"]
    if not words or any(word.lemma in _SAYING for word in claim.words):
        return False
    spoken = _stems(" ".join(_spoken(alignment.readings[0].text)))
    return sum(word.stem in spoken for word in words) >= QUOTED * len(words)


def _spoken(text: str) -> Iterator[str]:
    for found in _SPOKEN.finditer(text):
        yield found["within"] or found["before"]


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in re.findall(r"\w+", text.lower()))
