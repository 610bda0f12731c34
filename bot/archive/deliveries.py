"""The ledger of deliveries: for each edition and destination, what was begun and how it ended.

An intent is written before an edition is sent and a receipt after it. An intent without a receipt,
whose sender is gone, is a delivery of which nobody knows whether it arrived: it is sent again under
the same token (Message-ID, Idempotency-Key, Atom id), by which a receiver tells that it is the
same. Times are in UTC. No secret is ever kept here, and nothing of an edition's text.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from bot.archive.database import Database
from bot.archive.receipts import (
    OPEN,
    UNFINISHED,
    Delivery,
    DeliveryState,
    change,
    deliveries,
    find,
    to_delivery,
    to_iso,
)
from bot.errors import ArchiveError

WAITS = (60, 300, 900, 3_600, 10_800, 21_600, 43_200)  # seconds from one attempt to the next
_LONGEST_WAIT = 86_400.0  # seconds that a server may ask for


class Deliveries:
    """The ledger in one database, for any number of threads and processes.

    `clock` gives the present as an aware datetime. Every method may raise an `ArchiveError`.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] | None = None) -> None:
        self._database = database
        self._locks = database.path.parent / "locks"
        self._clock = clock or (lambda: datetime.now(UTC))

    def plan(self, edition: str, destinations: Sequence[tuple[str, str]]) -> None:
        """Notes that an edition is to reach destinations (key and label); known ones stay."""
        with self._database.write() as connection:
            for key, label in destinations:
                if find(connection, edition, key) is None:
                    connection.execute(insert(deliveries).values(self._new(edition, key, label)))

    @contextmanager
    def alone(self, destination: str, patience: float) -> Iterator[bool]:
        """Keeps other threads and processes from sending to a destination; whether it could.

        The system lets go when the process ends, however it ends.
        """
        import filelock

        try:
            lock = filelock.FileLock(self._lock(destination), thread_local=False)
            lock.acquire(timeout=patience)
        except filelock.Timeout:
            yield False
            return
        except OSError as error:
            raise ArchiveError(
                f"Nothing can be delivered: {self._locks} cannot be written ({error.strerror})."
            ) from error
        try:
            yield True
        finally:
            lock.release()

    def begin(self, edition: str, destination: str, *, again: bool = False) -> Delivery | None:
        """Writes the intent to send, within `alone`; None when there is nothing to send now.

        `again` sends what was refused or given up, and what waits for its time, once more.
        """
        now = self._now()
        with self._database.write() as connection:
            found = find(connection, edition, destination)
            if found is None or not _is_due(found, now, again):
                return None
            lost = found.unknown + (found.state is DeliveryState.SENDING)
            if found.attempts > len(WAITS) and not again:
                message = f"given up after {found.attempts} attempts that were cut short"
                change(
                    connection,
                    found,
                    state=DeliveryState.FAILED,
                    unknown=lost,
                    next_at=None,
                    ended_at=to_iso(now),
                    message=message,
                )
                return None
            attempts = 1 if again and found.state is DeliveryState.FAILED else found.attempts + 1
            change(
                connection,
                found,
                state=DeliveryState.SENDING,
                attempts=attempts,
                unknown=lost,
                tried_at=to_iso(now),
                next_at=None,
                ended_at=None,
                message="",
            )
            return find(connection, edition, destination)

    def finish(self, begun: Delivery, message: str = "") -> None:
        """Writes the receipt: it arrived."""
        self._end(begun, state=DeliveryState.DELIVERED, message=message)

    def fail(self, begun: Delivery, message: str) -> None:
        """It did not arrive and will not: no further attempt."""
        self._end(begun, state=DeliveryState.FAILED, message=message)

    def postpone(
        self,
        begun: Delivery,
        message: str,
        *,
        unknown: bool = False,
        wait: float | None = None,
        served: Sequence[str] = (),
    ) -> None:
        """It did not arrive, or not to all, but may at a later attempt; after the last it failed.

        `unknown`: nobody knows whether it did. `wait`: seconds that the receiver asks for.
        """
        lost = begun.unknown + unknown
        if begun.attempts > len(WAITS):
            said = f"given up after {begun.attempts} attempts: {message}"
            self._end(begun, state=DeliveryState.FAILED, message=said, unknown=lost)
            return
        state = DeliveryState.UNKNOWN if unknown else DeliveryState.WAITING
        seconds = max(WAITS[begun.attempts - 1], min(wait or 0.0, _LONGEST_WAIT))
        with self._database.write() as connection:
            change(
                connection,
                begun,
                state=state,
                unknown=lost,
                message=message,
                served=json.dumps([*(served or begun.served)]),
                next_at=to_iso(self._now() + timedelta(seconds=seconds)),
            )

    def give_up(self, edition: str, destination: str, message: str) -> None:
        """Ends what is unfinished, such as for a destination that is no longer wanted."""
        with self._database.read() as connection:
            found = find(connection, edition, destination)
        if found is not None and found.state in UNFINISHED:
            self.fail(found, message)

    def of(self, edition: str) -> tuple[Delivery, ...]:
        """Every delivery of an edition, in the order in which they were planned."""
        return self._read(deliveries.c.edition == edition)

    def due(self) -> tuple[Delivery, ...]:
        """What is to be sent now: waiting and its time has come, or begun by one who is gone."""
        now = self._now()
        unfinished = self._read(deliveries.c.state.in_(UNFINISHED))
        return tuple(
            one
            for one in unfinished
            if one.state is not DeliveryState.SENDING and _is_due(one, now, again=False)
        )

    def next_at(self) -> datetime | None:
        """When the next delivery is due that waits; None when none does."""
        waiting = self._read(deliveries.c.state.in_(OPEN))
        return min((one.next_at for one in waiting if one.next_at), default=None)

    def _read(self, wanted: Any) -> tuple[Delivery, ...]:
        rows = (
            select(deliveries)
            .where(wanted)
            .order_by(deliveries.c.planned_at, deliveries.c.edition, deliveries.c.destination)
        )
        with self._database.read() as connection:
            found = [to_delivery(row) for row in connection.execute(rows).mappings()]
        return tuple(self._told(one) for one in found)

    def _told(self, delivery: Delivery) -> Delivery:
        """A delivery that was begun, and whose sender is gone, is one of unknown outcome."""
        if delivery.state is not DeliveryState.SENDING:
            return delivery
        with self.alone(delivery.destination, 0) as nobody_sends:
            if not nobody_sends:
                return delivery
        return replace(delivery, state=DeliveryState.UNKNOWN, unknown=delivery.unknown + 1)

    def _end(self, begun: Delivery, **values: Any) -> None:
        with self._database.write() as connection:
            change(connection, begun, next_at=None, ended_at=to_iso(self._now()), **values)

    def _new(self, edition: str, destination: str, label: str) -> dict[str, Any]:
        now = to_iso(self._now())
        return {
            "edition": edition,
            "destination": destination,
            "label": label,
            "token": str(uuid.uuid4()),
            "state": DeliveryState.WAITING.value,
            "attempts": 0,
            "unknown": 0,
            "served": "[]",
            "planned_at": now,
            "next_at": now,
            "message": "",
        }

    def _lock(self, destination: str) -> str:
        self._locks.mkdir(exist_ok=True)
        name = hashlib.sha256(destination.encode()).hexdigest()[:16]
        return str(self._locks / f"delivery-{name}.lock")

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)


def _is_due(delivery: Delivery, now: datetime, again: bool) -> bool:
    match delivery.state:
        case DeliveryState.DELIVERED:
            return False
        case DeliveryState.FAILED:
            return again
        case _:
            return again or delivery.next_at is None or delivery.next_at <= now
