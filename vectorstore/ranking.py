"""Ranks the chunks that the two searches found by one score.

This module knows nothing about where chunks come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from langchain_core.documents import Document

KEYWORDS = 0.3  # the weight of a keyword score, beside 1 - KEYWORDS of the cosine


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that was found, its cosine (None when found by words alone) and its BM25 score."""

    chunk: Document
    similarity: float | None
    keywords: float
    score: float = 0.0


def rank(query: str, candidates: Sequence[Candidate], now: int | None = None) -> list[Candidate]:
    """The candidates with their scores, best first."""
    if not candidates:
        return []
    most = max(candidate.keywords for candidate in candidates) or 1.0
    least = min((c.similarity for c in candidates if c.similarity is not None), default=0.0)
    scored = [
        replace(
            candidate,
            score=KEYWORDS * candidate.keywords / most
            + (1 - KEYWORDS) * (least if candidate.similarity is None else candidate.similarity),
        )
        for candidate in candidates
    ]
    return sorted(scored, key=lambda candidate: -candidate.score)
