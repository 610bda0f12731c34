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
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from bot.entities import Progress, Report
from bot.errors import InterruptedWorkError

Made = TypeVar("Made")

_STOPPED = "The work was stopped."


class Work(Generic[Made]):
    """Calls `make` with a function that takes its progress; iterate once, then ask `outcome`.

    When the iterator is closed early, or the work given up, it ends at its next progress.
    """

    def __init__(self, make: Callable[[Report], Made]) -> None:
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

    def give_up(self) -> None:
        """Ends the iteration at once, from whichever thread."""
        self._given_up.set()
        self._news.put(None)

    def outcome(self) -> Made:
        """What was made; raises what the work raised, InterruptedWorkError if it was given up."""
        if self._failure is not None:
            raise self._failure
        if self._made is None and self._given_up.is_set():
            raise InterruptedWorkError(_STOPPED)
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
            raise InterruptedWorkError(_STOPPED)
        self._news.put(progress)


class StopButton:
    """Gives up whatever work of one visitor it was put on."""

    def __init__(self) -> None:
        self._works: WeakSet[Work[Any]] = WeakSet()

    def __deepcopy__(self, memo: object) -> StopButton:
        return StopButton()  # each visitor has one of their own

    def put_on(self, work: Work[Made]) -> Work[Made]:
        """The work, which the button stops from now on."""
        self._works.add(work)
        return work

    def press(self) -> None:
        """Give up all work that goes on."""
        for work in list(self._works):
            work.give_up()
