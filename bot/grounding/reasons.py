"""Says in words what an article lacks of a claim, where no fact has said it already.

This module decides nothing: the verdict stands before its reasons are given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.grounding.alignment import Alignment
from bot.grounding.fillers import find_replaced
from bot.grounding.language import stem
from bot.grounding.synonyms import are_synonyms

# Words that tell a reader nothing when they are said to be missing.
_SLIGHT = frozenset("then during following according time look come take get make use".split())
SCATTERED = "no one sentence says all of it"


def missing(
    alignment: Alignment, whole: str, known: frozenset[int], given: Sequence[str]
) -> list[str]:
    """Reasons beside those `given`; `known` are the claim's words that the evidence carries."""
    instead = _instead(alignment, known, given)
    return instead + _unsaid(alignment, whole, known, [*given, *instead])


def _instead(alignment: Alignment, known: frozenset[int], reasons: Sequence[str]) -> list[str]:
    """What the evidence says in the place of words that it lacks."""
    return [
        f"the article says {replaced.instead.text}, not {replaced.word.text}"
        for replaced in find_replaced(alignment)
        if not replaced.elsewhere
        # "Moderna" in the place of "the company" says nothing else
        and (replaced.instead.part == "PROPN") == (replaced.word.part == "PROPN")
        and replaced.word.index not in known
        and not _is_given(replaced.word.text, reasons)
    ][:2]


def _is_given(word: str, reasons: Sequence[str]) -> bool:
    return any(word in reason for reason in reasons)


def _unsaid(
    alignment: Alignment, whole: str, known: frozenset[int], reasons: Sequence[str]
) -> list[str]:
    """The words that no sentence says, or has another word for."""
    there = {stem(word) for word in re.findall(r"\w+", whole.lower())}
    unsaid = [
        match.word.text
        for match in alignment.matches
        if match.own is None
        and match.word.part != "PRON"
        and match.word.lower not in _SLIGHT
        and match.word.index not in known
        and match.word.stem not in there
        and not are_synonyms(match.word.lemma, match.near.word.lemma)
        and not _is_given(match.word.text, reasons)
    ]
    if unsaid:
        return [f"no sentence says “{', '.join(unsaid[:4])}”"]
    return [] if reasons else [SCATTERED]
