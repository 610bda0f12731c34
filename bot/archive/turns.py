"""Turns for the threads of one process, in the order in which they asked.

Python's locks, and SQLite's waiting for another connection, let a thread that comes back at once go
before one that has waited: an ingest, which writes without a pause, would keep a question waiting
for seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Turns:
    """Lets one thread in at a time, first come, first served. A thread may not nest its turns."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()  # each is released when its turn has come

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for the thread's turn, which lasts as long as the block."""
        self._wait()
        try:
            yield
        finally:
            self._pass_on()

    def _wait(self) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            mine.acquire()
        except BaseException:  # Ctrl-C: nobody must wait for a turn that is not taken
            with self._lock:
                given = mine not in self._waiting
                if not given:
                    self._waiting.remove(mine)
            if given:
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
