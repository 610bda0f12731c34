"""Ingests: what became of each address that was to be kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one article that was to be ingested."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    ALTERNATE = "alternate"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Ingested:
    """The outcome for one address; `message` says why it was skipped or failed."""

    address: str
    outcome: Outcome
    article: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Every outcome of an ingest, in order."""

    outcomes: tuple[Ingested, ...] = ()

    def __iter__(self) -> Iterator[Ingested]:
        return iter(self.outcomes)

    def count(self, outcome: Outcome) -> int:
        """How many addresses had this outcome."""
        return sum(ingested.outcome is outcome for ingested in self.outcomes)
