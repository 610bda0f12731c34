"""How soon a model's server may be asked again: failures that pass are waited for, by all threads.

    pace = Pace()
    pace.wait(stopped)      # before each request
    pace.slow_down(7.0)     # the server asked for 7 seconds
    pace.speed_up()         # a request went through

After "too many requests" the requests also start further apart, the more so the more often it is
said, and closer again with each one that goes through.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

LONGEST_WAIT = 60.0  # seconds; who asks for more is not waited for
_FIRST_GAP, _LONGEST_GAP = 0.25, 15.0  # seconds between the starts of two requests
_FIRST_WAIT, _LAST_WAIT = 0.5, 8.0  # seconds, where the server does not say how long


class Pace:
    """The pace of one server's requests; threads share it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._next = 0.0  # when the next request may start
        self._gap = 0.0  # seconds between two

    def wait(self, stopped: threading.Event) -> None:
        """Wait for a turn, or until the event is set."""
        with self._lock:
            now = self._clock()
            start = max(now, self._next)
            self._next = start + self._gap
        if start > now:
            stopped.wait(start - now)

    def slow_down(self, seconds: float, *, crowded: bool) -> None:
        """Nobody asks for this long; `crowded` when there were too many requests."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)
            if crowded:
                self._gap = min(max(_FIRST_GAP, 2 * self._gap), _LONGEST_GAP)

    def speed_up(self) -> None:
        """A request went through."""
        with self._lock:
            self._gap = self._gap / 2 if self._gap > _FIRST_GAP / 4 else 0.0


def backoff(attempt: int) -> float:
    """Seconds to wait after the failure of attempt 0, 1, 2 ..., not the same for all who wait."""
    longest: float = min(_FIRST_WAIT * 2**attempt, _LAST_WAIT)
    return longest * random.uniform(0.75, 1.0)  # noqa: S311 - nothing secret depends on it
