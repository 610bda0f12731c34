"""What a claim says otherwise than its evidence: numbers, dates, names, negation, modality, roles.

A finding is a fact about two texts, with a reason for people; `support` weighs it. This module
gathers what the modules for the single kinds find, and knows nothing about scores or verdicts.
"""

from __future__ import annotations

from datetime import datetime

from bot.grounding.alignment import Alignment
from bot.grounding.assertions import compare_modality, compare_negations, compare_opposites
from bot.grounding.datings import compare_dates
from bot.grounding.figures import carried_figures, compare_numbers
from bot.grounding.findings import Finding
from bot.grounding.names import carried_names, compare_names
from bot.grounding.roles import compare_quotes, compare_roles


def compare(
    alignment: Alignment, whole: str, published: datetime | None = None
) -> tuple[Finding, ...]:
    """Every difference found between a claim and its nearest sentences.

    `whole` is all of the evidence's text: a fact that stands elsewhere in it is not missing.
    """
    return (
        *compare_dates(alignment, whole, published),
        *compare_numbers(alignment, whole, published),
        *compare_names(alignment, whole),
        *compare_quotes(alignment, whole),
        *compare_opposites(alignment),
        *compare_negations(alignment),
        *compare_modality(alignment),
        *compare_roles(alignment),
    )


def carried(alignment: Alignment, whole: str, published: datetime | None = None) -> frozenset[int]:
    """The claim's words that the evidence carries in another form: 12 for twelve, US, 20 February.

    As their indices; the plain case, the same word, is left to the alignment.
    """
    claim = alignment.claim
    spans = [*carried_figures(claim, whole, published), *carried_names(claim, whole)]
    return frozenset(
        word.index for word in claim.words if any(start <= word.start < end for start, end in spans)
    )
