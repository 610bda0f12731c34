"""What users thought of results, each with the result as it stood: evidence for whoever mends it.

for opinion in read_opinions(database):
    print(opinion.good, opinion.comment, opinion.message)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Index, Table, Text, select

from bot.archive.database import Database
from bot.archive.schema import metadata

opinions = Table(
    "opinions",
    metadata,
    Column("exchange", Text, primary_key=True),  # which may be gone, taken back for another
    Column("user", Text, nullable=False),
    Column("good", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("result", Text, nullable=False),  # JSON, "" where there was none
    Column("given_at", Text, nullable=False),
    Index("opinions_user", "user"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A thumb up or down, and why; `result` is the JSON of what was judged, with its citations."""

    exchange: str
    user: str
    good: bool
    comment: str
    message: str
    result: str
    given: datetime


def read_opinions(database: Database) -> Sequence[Opinion]:
    """Every opinion, the latest first."""
    wanted = select(opinions).order_by(opinions.c.given_at.desc())
    with database.read() as connection:
        rows = connection.execute(wanted).mappings().all()
    names = ("exchange", "user", "good", "comment", "message", "result")
    return [
        Opinion(
            **{name: row[name] for name in names}, given=datetime.fromisoformat(row["given_at"])
        )
        for row in rows
    ]
