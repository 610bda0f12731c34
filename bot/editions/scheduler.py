"""The loop that makes editions when they are due, and sends what could not be sent before.

    scheduler = Scheduler(room)
    scheduler.run(stopped)      # until the event is set

It keeps nothing in memory that matters: the ledger decides, so any number of schedulers may run.
The file of standing briefings is read anew when it changes; entries with a mistake are left out.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from bot.chronicle import Edition
from bot.editions.due import Due, find_due, find_next
from bot.editions.newsroom import Newsroom
from bot.editions.posting import deliveries, destinations_of, post
from bot.editions.running import deliver_edition, run_slot
from bot.editions.standing import StandingBriefing, check_standing
from bot.entities import Progress
from bot.errors import EditionInWorkError, InterruptedWorkError, NewsbotError

POLL = 20.0  # seconds at the most from one look to the next: clocks jump, machines sleep

log = logging.getLogger(__name__)


class Scheduler:
    """Makes what is due. One thread at a time may use it."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room
        self._path = room.settings.standing_briefings
        self._stopped = threading.Event()
        self._read: object = None
        self._standing: Sequence[StandingBriefing] = ()

    def run(self, stopped: threading.Event) -> None:
        """Looks and works until the event is set; a run in work ends at its next progress."""
        self._stopped = stopped
        while not stopped.is_set():
            try:
                self.tick()
            except InterruptedWorkError:
                break
            except NewsbotError as error:  # such as a full disk: the next look may find it better
                log.warning("%s", error)
            except Exception:
                log.exception("The schedule goes on after an error that was not foreseen")
            stopped.wait(self._pause())

    def tick(self) -> list[Edition]:
        """Makes everything that is due now, and sends what is to be sent again."""
        standing = self.standing()
        if not standing:
            return []
        made = [edition for one in standing for edition in self._make(one)]
        self._send_again()
        return made

    def standing(self) -> Sequence[StandingBriefing]:
        """The standing briefings of the file, as far as they are right."""
        stamp = self._stamp()
        if stamp != self._read:
            self._read = stamp
            self._standing = ()
            if stamp is None:
                return ()
            try:
                zone = self._room.settings.zone
                self._standing, mistakes = check_standing(self._path, zone)
                for mistake in mistakes:
                    log.warning("%s, %s", self._path, mistake)
            except NewsbotError as error:
                log.warning("%s", error)
        return self._standing

    def _make(self, standing: StandingBriefing) -> list[Edition]:
        made: list[Edition] = []
        tried: set[Due] = set()
        while (due := find_due(self._room.ledger, standing, self._room.clock())) not in tried:
            if due is None:
                break
            tried.add(due)
            try:
                edition = run_slot(self._room, standing, due.slot, due.missed, self._report)
            except InterruptedWorkError:
                raise
            except EditionInWorkError as error:
                log.info("%s", error)
            except Exception as error:
                log.warning("%s: %s", standing.name, error)
            else:
                made += [edition] if edition else []
        self._deliver_rest(standing)
        return made

    def _deliver_rest(self, standing: StandingBriefing) -> None:
        """Editions that were stored, and whose delivery a kill kept from beginning."""
        for run in self._room.ledger.undelivered(standing.name):
            text = self._room.ledger.edition(standing.name, run.number or 0)
            if text:
                deliver_edition(self._room, standing, Edition.from_json(text))

    def _send_again(self) -> None:
        """Deliveries that wait for another attempt, as the ledger of deliveries has them."""
        by_name = {standing.name: standing for standing in self._standing}
        for waiting in deliveries(self._room).due():
            name, _, slot = waiting.edition.partition("/")
            standing = by_name.get(name)
            known = destinations_of(self._room, standing) if standing else ()
            if standing is None or waiting.destination not in {one.key for one in known}:
                told = "it is no longer a destination in the file of standing briefings"
                deliveries(self._room).give_up(waiting.edition, waiting.destination, told)
                continue
            run = self._room.ledger.find(name, datetime.fromisoformat(slot))
            text = self._room.ledger.edition(name, run.number or 0) if run else None
            if text:
                post(self._room, standing, Edition.from_json(text))

    def _report(self, progress: Progress) -> None:
        if self._stopped.is_set():
            raise InterruptedWorkError("The schedule was stopped; the edition is taken up again.")

    def _pause(self) -> float:
        """Seconds until the next look: until something is due, and at most `POLL`."""
        now = self._room.clock()
        times = [find_next(self._room.ledger, one, now) for one in self._standing]
        soonest = min((time for time in times if time is not None), default=None)
        if soonest is None:
            return POLL
        return min(POLL, max(0.5, (soonest - now).total_seconds()))

    def _stamp(self) -> object:
        try:
            status = self._path.stat()
        except OSError:
            return None  # there is none: nothing is due
        return status.st_mtime_ns, status.st_size


@contextmanager
def scheduling(room: Newsroom) -> Iterator[None]:
    """Runs a scheduler in a thread for as long as the block lasts; the run in work is ended."""
    stopped = threading.Event()
    scheduler = Scheduler(room)
    thread = threading.Thread(
        target=scheduler.run, args=(stopped,), name="newsbot-schedule", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(timeout=30)
