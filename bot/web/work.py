"""Long work in a thread of its own, whose progress can be watched and which can be given up.

work = Work(lambda report: newsbot.brief(progress=report))
for progress in work:
    show(progress)
briefing = work.outcome()
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Generic, TypeVar

from bot.entities import Progress
from bot.errors import InterruptedWorkError

Made = TypeVar("Made")


class Work(Generic[Made]):
    """Calls `make` with a function that takes its progress; iterate once, then ask `outcome`.

    When the iterator is closed early, the work ends at its next progress.
    """

    def __init__(self, make: Callable[[Callable[[Progress], None]], Made]) -> None:
        self._make = make
        self._news: SimpleQueue[Progress | None] = SimpleQueue()
        self._given_up = threading.Event()
        self._made: Made | None = None
        self._failure: BaseException | None = None

    def __iter__(self) -> Iterator[Progress]:
        threading.Thread(target=self._run, name="newsbot-work", daemon=True).start()
        try:
            while (progress := self._news.get()) is not None:
                yield progress
        finally:
            self._given_up.set()

    def outcome(self) -> Made:
        """What was made; raises what the work raised."""
        if self._failure is not None:
            raise self._failure
        assert self._made is not None  # noqa: S101 - iterated to the end, without a failure
        return self._made

    def _run(self) -> None:
        try:
            self._made = self._make(self._report)
        except BaseException as failure:
            self._failure = failure
        finally:
            self._news.put(None)

    def _report(self, progress: Progress) -> None:
        if self._given_up.is_set():
            raise InterruptedWorkError("The work was stopped.")
        self._news.put(progress)
