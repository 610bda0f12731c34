"""Several writers, one for the other: where the first does not deliver, the next one writes.

What a writer had completed when it failed stays; another takes over only before the first sentence.
A budget that is spent leaves what is left to the extractive writer. Both are told in `notices`, and
`Writing.writer` names who wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from bot.entities import Estimate
from bot.errors import BudgetExceededError, ModelError
from bot.writing.accounts import Account
from bot.writing.chat import ChatWriter
from bot.writing.drafts import Draft, Task, Turn, Writer, Writing

Made = TypeVar("Made")


class FallbackWriter:
    """Writes with the first writer that delivers. Good for one run, whose account it has.

    `spare` writes when the first fails, if there is one; `extractive` when the budget is spent.
    """

    def __init__(
        self, first: ChatWriter, spare: Writer | None, extractive: Writer, account: Account
    ) -> None:
        self._first = first
        self._spare = spare
        self._extractive = extractive
        self._account = account

    @property
    def name(self) -> str:
        """The name of the writer that is asked first."""
        return self._first.name

    def write(self, task: Task) -> Writing:
        """As the writer that delivers. Raises ModelError when there is none to take over."""
        notices: list[str] = []
        names: list[str] = [self._first.name]
        return Writing(self._write(task, notices, names), notices, names)

    def rewrite(self, task: Task, draft: Draft, reasons: Sequence[str]) -> Draft | None:
        """The draft once more, by the first writer alone; None when it cannot be."""
        return self._first.rewrite(task, draft, reasons)

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """The question so that it can be searched for without the turns before it."""
        return self._first_that_can(lambda writer: writer.standalone(question, history))

    def estimate(self, task: Task) -> Estimate:
        """About what the first writer will take for it."""
        return self._first.estimate(task)

    def stop(self) -> None:
        """End every request of the run at its next chance, whichever thread it is in."""
        self._account.stopped.set()

    def _write(self, task: Task, notices: list[str], names: list[str]) -> Iterator[str | Draft]:
        writer: Writer | None = self._first
        while writer is not None:
            names.append(writer.name)
            begun = False
            try:
                if writer is self._first:
                    self._account.afford(self._first.estimate(task))
                pieces = writer.write(task)
                for piece in pieces:
                    begun = begun or isinstance(piece, Draft)
                    yield piece
            except ModelError as error:
                following = self._after(writer, error)
                if begun or following is None:
                    raise
                notices.append(f"Written by {following.name}, not by {writer.name}: {error}")
                writer = following
            else:
                notices += getattr(pieces, "notices", ())
                return

    def _first_that_can(self, do: Callable[[Writer], Made]) -> Made:
        writer: Writer = self._first
        while True:
            try:
                return do(writer)
            except ModelError as error:
                following = self._after(writer, error)
                if following is None:
                    raise
                writer = following

    def _after(self, writer: Writer, error: ModelError) -> Writer | None:
        if isinstance(error, BudgetExceededError):
            return self._extractive
        return self._spare if writer is self._first else None
