"""What somebody waits for goes before what nobody waits for, within one process.

A question's few sentences are embedded in milliseconds, unless hundreds of documents are embedded
on all cores beside them. So whoever embeds documents gives way before each, and its threads take
only the processor time that others leave. Where nothing else is embedded, such as in a process that
only ingests, neither happens.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

NICE = 10  # of a thread that steps back: it gets about a tenth of a core that others want too
LATELY = 10.0  # seconds after a claim during which another is likely
PATIENCE = 0.25  # seconds that a document gives way at most, so that an ingest always goes on


class Precedence:
    """Who may go first. Any thread may use it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._claims = 0
        self._claimed = -LATELY  # when there was a claim last, by the monotonic clock

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """While the block runs, others give way; claims may be nested, and be many at a time."""
        with self._changed:
            self._claims += 1
        try:
            yield
        finally:
            with self._changed:
                self._claims -= 1
                self._claimed = time.monotonic()
                if not self._claims:
                    self._changed.notify_all()

    def give_way(self) -> None:
        """Waits until nobody claims precedence any more, but at most `PATIENCE` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not self._claims, PATIENCE)

    def step_back(self) -> None:
        """Has the system prefer every other thread to this one from now on, if others claim lately.

        Only where a thread has a priority of its own, on Linux.
        """
        contested = self._claims or time.monotonic() - self._claimed < LATELY
        if contested and sys.platform == "linux":
            thread = threading.get_native_id()
            with suppress(OSError):
                if os.getpriority(os.PRIO_PROCESS, thread) < NICE:
                    os.setpriority(os.PRIO_PROCESS, thread, NICE)


PRECEDENCE = Precedence()  # a process has one processor to share
