"""Measures a claim against its evidence: each one number, most of them counts of what is amiss.

`weights` says what each is worth. None knows a verdict.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.grounding.alignment import Alignment, Match
from bot.grounding.fillers import find_replaced
from bot.grounding.findings import Fact, Finding
from bot.grounding.language import NEGATIONS, stem
from bot.grounding.links import compare_links
from bot.grounding.opposites import are_alike
from bot.grounding.synonyms import are_synonyms

_LIKE = 0.6  # cosine of two words that mean much the same in their sentences
_MOST = 2  # findings of one kind count so often at most
_NAMELESS = frozenset(("", "DATE", "TIME", "CARDINAL", "ORDINAL", "PERCENT", "MONEY", "QUANTITY"))


def measure(
    alignment: Alignment, findings: Sequence[Finding], whole: str, carried: frozenset[int]
) -> dict[str, float]:
    """Every measure by its name, for a claim with its findings; `whole` is all of the evidence.

    Words that are `carried` in another form (`facts.carried`) count as neither there nor missing.
    """
    matches = tuple(match for match in alignment.matches if match.word.index not in carried)
    alignment = replace(alignment, matches=matches)
    return {
        **_meaning(alignment),
        **_wording(alignment, whole, carried),
        **_facts(findings),
        **_places(alignment),
        **_function_words(alignment),
    }


def coverage(alignment: Alignment, carried: frozenset[int]) -> float:
    """The share of the claim's content words that the nearest sentences have in some form."""
    words = [match for match in alignment.matches if match.word.part != "PRON"]
    if not words:
        return 1.0
    found = sum(
        match.own is not None
        or match.word.index in carried
        or match.similarity >= _LIKE
        or _has_synonym(match, alignment)
        for match in words
    )
    return found / len(words)


def _meaning(alignment: Alignment) -> dict[str, float]:
    """How near the words come to words of the evidence, and how near pairs of them."""
    similarities = [match.similarity for match in alignment.matches] or [1.0]
    links = compare_links(alignment)
    support = links.support or [_mean(similarities)]
    return {
        "similarity": _spread(_mean(similarities)),
        "links": _spread(_mean(support)),
        "stretch": links.stretch,
        "detached": min(_MOST, links.detached),
    }


def _spread(cosine: float) -> float:
    """A cosine on a scale that is wide near 1: among near copies small differences count."""
    return -math.log(1.1 - max(-1.0, min(1.0, cosine)))


def _wording(alignment: Alignment, whole: str, carried: frozenset[int]) -> dict[str, float]:
    """Which words the evidence has, and whether it has another word for those that it lacks."""
    there = frozenset(_words(whole))
    stems = frozenset(stem(word) for word in there)
    used = [
        part
        for word in alignment.claim.words
        if word.index not in carried
        for part in _words(word.text)
    ]
    missing = [match for match in alignment.matches if match.own is None]
    gone = [match for match in missing if match.word.stem not in stems]
    paraphrased = [match for match in missing if _has_synonym(match, alignment)]
    return {
        "overlap": sum(word in there for word in used) / len(used) if used else 1.0,
        "missing names": min(_MOST, sum(_is_name(match) for match in gone)),
        "synonyms": min(3, len(paraphrased)),
    }


def _is_name(match: Match) -> bool:
    return match.word.part == "PROPN" or match.word.entity not in _NAMELESS


def _has_synonym(match: Match, alignment: Alignment) -> bool:
    return any(
        are_synonyms(match.word.lemma, word.lemma) or are_alike(match.word.lemma, word.lemma)
        for reading in alignment.readings[:3]
        for word in reading.words
        if word.content
    )


def _facts(findings: Sequence[Finding]) -> dict[str, float]:
    counts = Counter(finding.fact for finding in findings)
    return {fact.value: min(_MOST, counts[fact]) for fact in Fact}


def _places(alignment: Alignment) -> dict[str, float]:
    """Words whose place another word fills: new ones, and ones that stand elsewhere."""
    found = find_replaced(alignment)
    elsewhere = [replaced.word for replaced in found if replaced.elsewhere]
    names = sum(word.part == "PROPN" for word in elsewhere)
    return {
        "replaced": min(_MOST, len(found) - len(elsewhere)),
        "misplaced": min(_MOST, len(elsewhere)),
        "misplaced names": min(_MOST, names),
    }


def _function_words(alignment: Alignment) -> dict[str, float]:
    """A negation that no near sentence has, and pronouns for somebody who is not there."""
    negated = any(word.lower in NEGATIONS for word in alignment.claim.words)
    near = [word.lower for reading in alignment.readings[:2] for word in reading.words]
    strangers = [
        match
        for match in alignment.matches
        if match.word.part == "PRON" and (match.own is None or match.own.rank > 1)
    ]
    return {
        "new negation": float(negated and NEGATIONS.isdisjoint(near)),
        "pronouns": float(len(strangers)),
    }


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
