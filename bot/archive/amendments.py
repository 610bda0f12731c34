"""What later editions said of claims that were told: that they changed, or no longer stand.

It writes in its caller's transaction, in which the edition that says so is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, Table, Text, select
from sqlalchemy.dialects.sqlite import insert

from bot.archive.database import Database
from bot.archive.queries import in_parts
from bot.archive.runs import Run
from bot.archive.schema import metadata

Place = tuple[int, int]  # the number of an edition, and which of its claims, from 0

amendments = Table(
    "edition_amendments",
    metadata,
    Column("edition", Integer, ForeignKey("editions.id"), primary_key=True),
    Column("told", Integer, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("standing", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("how", Text, nullable=False),
    Index("edition_amendments_standing", "standing"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """Edition `number` updated, corrected or withdrew (`how`) claim `n` of edition `told`."""

    told: int
    n: int
    how: str
    number: int

    @property
    def place(self) -> Place:
        """Of the claim that it is about."""
        return self.told, self.n


def keep_amendments(connection: Connection, run: Run, found: Sequence[Amendment]) -> None:
    """Keeps what the edition of a run said of earlier ones."""
    shared = {"edition": run.id, "standing": run.standing}
    for part in in_parts([{**shared, **asdict(one)} for one in found]):
        connection.execute(insert(amendments).on_conflict_do_nothing(), part)


def read_amendments(database: Database, standing: str, before: int) -> Mapping[Place, Amendment]:
    """What the editions before number `before` said of earlier ones, the last word on each."""
    columns = [amendments.c[name] for name in ("told", "n", "how", "number")]
    wanted = (
        select(*columns)
        .where(amendments.c.standing == standing, amendments.c.number < before)
        .order_by(amendments.c.number)
    )
    with database.read() as connection:
        found = [Amendment(**row) for row in connection.execute(wanted).mappings()]
    return {one.place: one for one in found}
