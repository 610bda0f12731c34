"""What long work says while it goes on: the events of an answer, and progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.entities.claims import Claim
from bot.entities.results import Answer
from bot.entities.searches import SearchRecord


@dataclass(frozen=True, slots=True)
class Searching:
    """The search has begun; says what for."""

    search: SearchRecord


@dataclass(frozen=True, slots=True)
class DraftText:
    """More text from the writer, not checked yet."""

    text: str


@dataclass(frozen=True, slots=True)
class ClaimChecked:
    """A drafted sentence has its verdict; `draft` is what the writer had written.

    `claim` is None when the sentence was dropped.
    """

    draft: str
    claim: Claim | None
    reasons: tuple[str, ...] = ()


# What `ask_stream` yields, in this order; the Answer comes last.
AnswerEvent = Searching | DraftText | ClaimChecked | Answer


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work has come: `done` of `total` in a stage; `total` None when unknown."""

    stage: str
    done: int
    total: int | None = None
    note: str = field(default="", compare=False)


Report = Callable[[Progress], None]


def unheard(progress: Progress) -> None:
    """Nobody listens to the progress."""
