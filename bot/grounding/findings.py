"""A difference between a claim and its evidence: what kind of fact, and a reason for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
