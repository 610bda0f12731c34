"""How many requests a host gets at once, and how long it rests between two.

A slot is held while a request runs. Hosts do not wait for each other. Nothing here knows HTTP; the
clock and the waiting are given, so that tests need not wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock


class Turns:
    """Turns at hosts. `sleep` waits so many seconds."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._slots: dict[str, BoundedSemaphore] = {}
        self._next: dict[str, float] = {}
        self._lock = Lock()
        self._clock = clock
        self._sleep = sleep

    @contextmanager
    def turn(self, host: str, *, at_once: int, pause: float) -> Iterator[None]:
        """Wait for a turn at `host` and hold it.

        At most `at_once` requests run at a host, and begin `pause` seconds apart.
        """
        with self._lock:
            slots = self._slots.setdefault(host, BoundedSemaphore(at_once))
        with slots:
            wait = self._reserve(host, pause)
            if wait > 0:
                self._sleep(wait)
            yield

    def _reserve(self, host: str, pause: float) -> float:
        """The seconds until this request may begin; the next one may begin `pause` later."""
        with self._lock:
            now = self._clock()
            begins = max(now, self._next.get(host, now))
            self._next[host] = begins + pause
        return begins - now
