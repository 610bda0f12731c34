"""The seam between the uses and the writers: a `Task` goes in, `Draft`s come out.

A writer is never trusted: each `Draft` is one sentence that grounding aligns with the sentences of
the passages and checks before anybody sees it as a claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.entities import Citation, Passage


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
    it as `citations`.
    """

    text: str
    passages: tuple[int, ...] = ()
    citations: tuple[Citation, ...] = ()


class Writer(Protocol):
    """Who writes. There are two: `ExtractiveWriter` and `ChatWriter`."""

    @property
    def name(self) -> str:
        """The name shown beside what it wrote: "extractive" or the model's."""

    def write(self, task: Task) -> Iterator[str | Draft]:
        """Text as it streams in (`str`), and each sentence when it is complete (`Draft`).

        Nothing at all means that the passages do not answer.
        """

    def rewrite(self, task: Task, draft: Draft, reasons: Sequence[str]) -> Draft | None:
        """The draft once more, mended for these reasons; None when it cannot be."""

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """The question so that it can be searched for without the turns before it."""
