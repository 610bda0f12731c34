"""The seam between the uses and the writers: a `Task` goes in, `Draft`s come out.

A writer is never trusted: each `Draft` is one sentence that grounding aligns with the sentences of
the passages and checks before anybody sees it as a claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.entities import Citation, Claim, Estimate, Passage


class Purpose(StrEnum):
    """What the text is for."""

    ANSWER = "answer"
    SUMMARY = "summary"
    STORY = "story"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation; only checked claims make up `answer`."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to write. `passages` are numbered from 1; for a summary or a story each is a whole
    article, for an answer a retrieved chunk, best first. `bullets` is the most sentences wanted.
    """

    purpose: Purpose
    passages: tuple[Passage, ...]
    bullets: int = 5
    question: str = ""  # the question, or a story's topic
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One sentence as a writer wrote it, its citation marks taken out.

    `passages` are the numbers that it cited. An extractive writer knows the very sentence and gives
    it as `citations`. `problem` says why the sentence is not to be trusted, if that is known;
    `closely` that a weak model wrote it, which adds details unless it is held to its sentences.
    """

    text: str
    passages: tuple[int, ...] = ()
    citations: tuple[Citation, ...] = ()
    problem: str = ""
    closely: bool = False


class Writing(Iterator[str | Draft]):
    """A text while it is written: iterate it, then ask for `notices` and `writer`."""

    def __init__(self, pieces: Iterator[str | Draft], notices: list[str], writer: str) -> None:
        """`notices` may be added to while the pieces are read, and `writer` may change."""
        self.writer = writer
        self.over_budget = False  # the budget of a model that should have written was spent
        self._pieces = pieces
        self._notices = notices

    def __next__(self) -> str | Draft:
        return next(self._pieces)

    def close(self) -> None:
        """End the request to the model, if it still writes."""
        close(self._pieces)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader should be told of what was left out, as far as it is known yet."""
        return tuple(self._notices)


def close(pieces: Iterator[str | Draft]) -> None:
    """End what a writer writes at once, whoever else still holds it."""
    getattr(pieces, "close", lambda: None)()


class Writer(Protocol):
    """Who writes: `ExtractiveWriter`, `ChatWriter`, or several of them, one for the other."""

    @property
    def name(self) -> str:
        """The name shown beside what it wrote: "extractive" or the model's."""

    def write(self, task: Task) -> Iterator[str | Draft]:
        """Text as it streams in (`str`), and each sentence when it is complete (`Draft`).

        Nothing at all means that the passages do not answer.
        """

    def rewrite(self, task: Task, draft: Draft, found: Claim) -> Draft | None:
        """The draft once more, mended; None when it cannot be.

        `found` is what checking made of it: the reasons, and the sentences nearest to it.
        """

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """The question so that it can be searched for without the turns before it."""

    def estimate(self, task: Task) -> Estimate:
        """About what writing it will take of a chat model."""

    def stop(self) -> None:
        """End what is being written at its next chance, whichever thread it is written in."""
