"""A run of a standing briefing as it is kept: its table, its row, and what flows from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Column, Float, Index, Integer, RowMapping, Table, Text, UniqueConstraint

from bot.archive.schema import metadata

editions = Table(
    "editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("standing", Text, nullable=False),
    Column("slot", Text, nullable=False),  # in UTC, so that a slot is one text
    Column("number", Integer),  # from 1, given when it is done
    Column("state", Text, nullable=False),
    Column("step", Text, nullable=False),  # the last one that was committed
    Column("attempts", Integer, nullable=False),
    Column("missed", Text, nullable=False),  # earlier slots that it stands for, as JSON
    Column("owner", Text),
    Column("beat", Float),  # the owner's last heartbeat, epoch seconds
    Column("begun_at", Text, nullable=False),
    Column("next_try_at", Text),
    Column("finished_at", Text),
    Column("delivered_at", Text),
    Column("late", Integer, nullable=False),
    Column("until", Text),  # up to when its period goes
    Column("draft", Text),  # the notices of the fetch, then what was written and not yet compared
    Column("edition", Text),
    UniqueConstraint("standing", "slot"),
    UniqueConstraint("standing", "number"),
)

failures = Table(
    "edition_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("standing", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message", Text, nullable=False),
    Index("edition_failures_slot", "standing", "slot"),
)


class State(StrEnum):
    """How far the edition of a slot is."""

    IN_WORK = "in work"
    DONE = "done"
    FAILED = "failed"


class Step(StrEnum):
    """The steps of a run that are committed, in order."""

    CLAIMED = "claimed"
    FETCHED = "fetched"
    WRITTEN = "written"
    STORED = "stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A row of the ledger without its texts. Times are aware; `number` None: not done yet."""

    id: int
    standing: str
    slot: datetime
    number: int | None
    state: State
    step: Step
    attempts: int
    missed: tuple[datetime, ...]
    owner: str | None
    begun_at: datetime
    next_try_at: datetime | None
    finished_at: datetime | None
    delivered_at: datetime | None
    late: bool
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An attempt that failed; `message` is for the history alone, never for an edition."""

    slot: datetime
    attempt: int
    at: datetime
    kind: str
    message: str


# The columns of a row without its texts.
SHORT = [column for column in editions.c if column.name not in ("draft", "edition")]


def to_text(moment: datetime) -> str:
    """A moment in UTC: the same for the same moment, and in order as text."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def to_run(row: RowMapping) -> Run:
    """A run of its row."""

    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(row[name]) if row[name] else None

    return Run(
        **{name: row[name] for name in ("id", "standing", "number", "attempts", "owner")},
        slot=datetime.fromisoformat(row["slot"]),
        state=State(row["state"]),
        step=Step(row["step"]),
        missed=tuple(datetime.fromisoformat(one) for one in json.loads(row["missed"])),
        begun_at=datetime.fromisoformat(row["begun_at"]),
        next_try_at=moment("next_try_at"),
        finished_at=moment("finished_at"),
        delivered_at=moment("delivered_at"),
        late=bool(row["late"]),
        until=moment("until"),
    )


def to_failure(row: RowMapping) -> Failure:
    """A failure of its row."""
    return Failure(
        slot=datetime.fromisoformat(row["slot"]),
        attempt=row["attempt"],
        at=datetime.fromisoformat(row["at"]),
        kind=row["kind"],
        message=row["message"],
    )
