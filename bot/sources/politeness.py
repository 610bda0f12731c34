"""How many requests a host gets at once, and how long it rests between two.

A slot is held while a request runs. Hosts do not wait for each other. Nothing here knows HTTP; the
clock and the waiting are given, so that tests need not wait.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock


class Turns:
    """Turns at hosts: at most `at_once` requests run at one host, and begin `pause` seconds apart.

    sleep: waits so many seconds; raises to give up.
    """

    def __init__(
        self,
        at_once: int,
        pause: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._slots: dict[str, BoundedSemaphore] = defaultdict(lambda: BoundedSemaphore(at_once))
        self._next: dict[str, float] = {}
        self._lock = Lock()
        self._pause = pause
        self._clock = clock
        self._sleep = sleep

    @contextmanager
    def turn(self, host: str, *, pause: float | None = None) -> Iterator[None]:
        """Wait for a turn at `host` and hold it; `pause` replaces the usual one, in seconds."""
        with self._lock:
            slots = self._slots[host]
        with slots:
            wait = self._reserve(host, self._pause if pause is None else pause)
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
