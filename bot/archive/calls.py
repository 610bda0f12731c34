"""The ledger: every call of a chat model, what it was for, what it took, and how it ended.

    ledger = Ledger(database)
    ledger.add(call)
    ledger.spent(since)         # tokens and money, for a daily budget
    ledger.usage(zone, since)   # by day, model and purpose, for people

No text of a prompt or a reply is kept here, only a hash of the prompt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Column, Float, Index, Integer, Table, Text, func, insert, select

from bot.archive.database import Database
from bot.archive.rows import Row, to_utc
from bot.archive.schema import metadata
from bot.entities import Usage

DONE, STOPPED, CACHED = "done", "stopped", "cached"

calls = Table(
    "calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),  # in UTC, so that text sorts as time
    Column("purpose", Text, nullable=False),
    Column("prompt", Text, nullable=False),  # SHA-256, shortened; no text of an article
    Column("model", Text, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("cached_tokens", Integer, nullable=False),  # of the input, read from the server's cache
    Column("output_tokens", Integer, nullable=False),
    Column("counted", Text, nullable=False),  # by whom: "server", or "us" where it did not say
    Column("cost", Float),  # null where the model's price is not known
    Column("seconds", Float, nullable=False),
    Column("outcome", Text, nullable=False),
    Index("calls_at", "at"),
)


class Spent(NamedTuple):
    """What calls took; `cost` in the money that prices are set in, unknown prices left out."""

    tokens: int = 0
    cost: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a chat model. `outcome` is done, stopped, cached, or the name of an error.

    `seconds` is how long the model was waited for. `input_tokens` has `cached_tokens` among them.
    """

    at: datetime
    purpose: str
    prompt: str
    model: str
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    counted: str = "server"
    cost: float | None = None
    seconds: float = 0.0
    outcome: str = DONE


class Ledger:
    """The calls in one database, which any number of threads and processes may add to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, call: Call) -> None:
        """Writes a call down."""
        row = asdict(call) | {"at": to_utc(call.at)}
        with self._database.write() as connection:
            connection.execute(insert(calls).values(**row))

    def spent(self, since: datetime) -> Spent:
        """What all calls since then took together."""
        wanted = select(
            func.coalesce(func.sum(calls.c.input_tokens + calls.c.output_tokens), 0),
            func.coalesce(func.sum(calls.c.cost), 0.0),
        ).where(calls.c.at >= to_utc(since))
        with self._database.read() as connection:
            return Spent(*connection.execute(wanted).one())

    def usage(self, zone: tzinfo, since: datetime | None = None) -> tuple[Usage, ...]:
        """What calls took, by the day in `zone`, model and purpose; the newest day first."""
        wanted = select(calls).order_by(calls.c.at)
        if since is not None:
            wanted = wanted.where(calls.c.at >= to_utc(since))
        with self._database.read() as connection:
            rows = connection.execute(wanted).mappings().all()
        keyed = sorted(((_key(row, zone), row) for row in rows), key=lambda pair: pair[0])
        groups = groupby(keyed, key=lambda pair: pair[0])
        found = [_total(key, [row for _, row in pairs]) for key, pairs in groups]
        return tuple(sorted(found, key=lambda one: one.day, reverse=True))


def _key(row: Row, zone: tzinfo) -> tuple[date, str, str]:
    day = datetime.fromisoformat(row["at"]).astimezone(zone).date()
    return day, row["model"], row["purpose"]


def _total(key: tuple[date, str, str], rows: list[Row]) -> Usage:
    day, model, purpose = key
    costs = [row["cost"] for row in rows]
    known = [cost for cost in costs if cost is not None]
    return Usage(
        day=day,
        model=model,
        purpose=purpose,
        calls=len(rows),
        failed=sum(row["outcome"] not in (DONE, STOPPED, CACHED) for row in rows),
        from_cache=sum(row["outcome"] == CACHED for row in rows),
        cost=sum(known) if known and len(known) == len(costs) else None,
        seconds=round(sum(row["seconds"] for row in rows), 3),
        **{name: _sum(name, rows) for name in ("input_tokens", "cached_tokens", "output_tokens")},
    )


def _sum(name: str, rows: Iterable[Row]) -> int:
    return sum(row[name] for row in rows)
