"""A delivery of an edition as it is kept: its table, its row, and what flows from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, Table, Text, select, update

from bot.archive.schema import metadata

deliveries = Table(
    "deliveries",
    metadata,
    Column("edition", Text, primary_key=True),
    Column("destination", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("token", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("served", Text, nullable=False),  # JSON
    Column("planned_at", Text, nullable=False),
    Column("tried_at", Text),
    Column("next_at", Text),
    Column("ended_at", Text),
    Column("message", Text, nullable=False),
    Index("deliveries_state", "state"),
)


class DeliveryState(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"  # planned, or failed in a way that may pass
    SENDING = "sending"  # begun; a process is at it
    UNKNOWN = "unknown"  # begun, and nobody knows whether it arrived: it is sent again
    DELIVERED = "delivered"
    FAILED = "failed"  # refused, or given up


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One edition for one destination, as the ledger has it.

    `token` is what a receiver tells repetitions by. `unknown` counts the attempts of which nobody
    knows the end, so a receiver that ignores tokens may have as many copies more than one. `served`
    are the recipients that need no further attempt. `message` says why it failed or waits.
    """

    edition: str
    destination: str
    label: str
    token: str
    state: DeliveryState
    attempts: int = 0
    unknown: int = 0
    served: tuple[str, ...] = ()
    planned_at: datetime
    tried_at: datetime | None = None
    next_at: datetime | None = None
    ended_at: datetime | None = None
    message: str = ""

    def __str__(self) -> str:
        """One line for people: "mail to desk@example.org: delivered 2026-11-24 07:00 UTC"."""
        when = self.next_at if self.state in OPEN else self.ended_at
        word = "again at" if self.state in OPEN and self.attempts else "at"
        parts = [f"{self.state}{f' {word} {when:%Y-%m-%d %H:%M %Z}' if when else ''}"]
        if self.attempts > 1:
            parts.append(f"{self.attempts} attempts")
        if self.unknown:
            parts.append(f"{self.unknown} of unknown outcome")
        said = f": {self.message}" if self.message else ""
        return f"{self.label}: {', '.join(parts)}{said}"


OPEN = (DeliveryState.WAITING, DeliveryState.UNKNOWN)
UNFINISHED = (DeliveryState.WAITING, DeliveryState.UNKNOWN, DeliveryState.SENDING)


def find(connection: Connection, edition: str, destination: str) -> Delivery | None:
    """The delivery of an edition to a destination."""
    wanted = select(deliveries).where(
        deliveries.c.edition == edition, deliveries.c.destination == destination
    )
    row = connection.execute(wanted).mappings().first()
    return None if row is None else to_delivery(row)


def change(connection: Connection, delivery: Delivery, **values: Any) -> None:
    """Sets columns of a delivery."""
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.edition == delivery.edition,
            deliveries.c.destination == delivery.destination,
        )
        .values(values)
    )


def to_delivery(row: Any) -> Delivery:
    """The delivery that a row keeps."""
    times = ("planned_at", "tried_at", "next_at", "ended_at")
    return Delivery(
        **{
            **row,
            **{name: row[name] and datetime.fromisoformat(row[name]) for name in times},
            "state": DeliveryState(row["state"]),
            "served": tuple(json.loads(row["served"])),
        }
    )


def to_iso(moment: datetime) -> str:
    """A time as it is kept."""
    return moment.isoformat()
