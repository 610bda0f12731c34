"""What is remembered of feeds between two fetches, by their addresses, as plain values.

    feeds = Feeds(archive.database, clock)
    feeds["https://example.org/feed.xml"] = state.to_dict()

What the values mean is the business of whoever reads feeds. Knows no feed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, MutableMapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, Text, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.archive.database import Database
from bot.archive.schema import metadata

feeds = Table(
    "feeds",
    metadata,
    Column("address", Text, primary_key=True),
    Column("state", Text, nullable=False),  # JSON
    Column("read_at", Text, nullable=False),
)

Values = dict[str, Any]


class Feeds(MutableMapping[str, Values]):
    """The states of feeds in the archive's database. `clock` says when each was read.

    Any thread may use it; each operation is a transaction of its own, and may raise an
    `ArchiveError`.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def __getitem__(self, address: str) -> Values:
        wanted = select(feeds.c.state).where(feeds.c.address == address)
        with self._database.read() as connection:
            state = connection.scalars(wanted).first()
        if state is None:
            raise KeyError(address)
        values: Values = json.loads(state)
        return values

    def __setitem__(self, address: str, values: Values) -> None:
        row = {"state": json.dumps(values), "read_at": self._clock().isoformat()}
        kept = insert(feeds).values(address=address, **row)
        with self._database.write() as connection:
            connection.execute(kept.on_conflict_do_update(index_elements=["address"], set_=row))

    def __delitem__(self, address: str) -> None:
        with self._database.write() as connection:
            found = connection.execute(delete(feeds).where(feeds.c.address == address))
        if found.rowcount == 0:
            raise KeyError(address)

    def __iter__(self) -> Iterator[str]:
        with self._database.read() as connection:
            return iter(list(connection.scalars(select(feeds.c.address))))

    def __len__(self) -> int:
        with self._database.read() as connection:
            return connection.scalars(select(func.count()).select_from(feeds)).one()
