"""Several writers, one for the other: where the first does not deliver, the next one writes.

What a writer had completed when it failed stays; another takes over only before the first sentence.
A budget that is spent leaves what is left to the extractive writer. Both are told in `notices`, and
`Writing.writer` names who wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.entities import Claim, Estimate
from bot.errors import BudgetExceededError, ModelError, ModelOutputError, ModelRefusedError
from bot.writing.accounts import Account
from bot.writing.chat import ChatWriter
from bot.writing.drafts import Draft, Task, Turn, Writer, Writing, close

_OF_THIS_TEXT = (ModelOutputError, ModelRefusedError, BudgetExceededError)  # others may do better


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
        self.account = account  # that of the run, whatever it has to pay for
        self._failure: ModelError | None = None  # for which the first is asked no more in this run

    @property
    def name(self) -> str:
        """The name of the writer that is asked first."""
        return self._first.name

    def write(self, task: Task) -> Writing:
        """As the writer that delivers. Raises ModelError when there is none to take over."""
        return _Relayed(self, task)

    def rewrite(self, task: Task, draft: Draft, found: Claim) -> Draft | None:
        """The draft once more, by the writer that is asked now; None when it cannot be."""
        return self._asked.rewrite(task, draft, found)

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """The question so that it can be searched for without the turns before it."""
        writer = self._asked
        while True:
            try:
                return writer.standalone(question, history)
            except ModelError as error:
                following = self.after(writer, error)
                if following is None:
                    raise
                writer = following

    def estimate(self, task: Task) -> Estimate:
        """About what the first writer will take for it."""
        return self._first.estimate(task)

    def stop(self) -> None:
        """End every request of the run at its next chance."""
        self.account.stopped.set()

    def check(self, task: Task) -> None:
        """Raises what keeps the first writer from being asked: its failure before, or a budget."""
        if self._failure is not None:
            raise self._failure
        if self.account.is_limited:
            self.account.afford(self._first.estimate(task))

    def after(self, writer: Writer, error: ModelError) -> Writer | None:
        """Who takes over from a writer that failed."""
        if isinstance(error, BudgetExceededError):
            return None if writer is self._extractive else self._extractive
        if writer is not self._first:
            return None
        if not isinstance(error, _OF_THIS_TEXT):
            self._failure = error
        return self._spare

    @property
    def first(self) -> Writer:
        """The writer that is asked first."""
        return self._first

    @property
    def _asked(self) -> Writer:
        return self._first if self._failure is None or self._spare is None else self._spare


class _Relayed(Writing):
    """One text, by the first writer that delivers it."""

    def __init__(self, writers: FallbackWriter, task: Task) -> None:
        self._writers = writers
        notices: list[str] = []
        super().__init__(self._write(task, notices), notices, writers.name)

    def _write(self, task: Task, notices: list[str]) -> Iterator[str | Draft]:
        writer = self._writers.first
        while True:
            begun = False
            try:
                pieces = self._begin(writer, task)
                try:
                    for piece in pieces:
                        begun = begun or isinstance(piece, Draft)
                        yield piece
                finally:
                    close(pieces)
            except ModelError as error:
                following = self._writers.after(writer, error)
                if begun or following is None:
                    raise
                self.over_budget = isinstance(error, BudgetExceededError)
                notices.append(f"Written by {following.name}, not by {writer.name}: {error}")
                writer, self.writer = following, following.name
            else:
                notices += getattr(pieces, "notices", ())
                return

    def _begin(self, writer: Writer, task: Task) -> Iterator[str | Draft]:
        if writer is self._writers.first:
            self._writers.check(task)
        return writer.write(task)
