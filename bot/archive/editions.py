"""The ledger of editions: one a slot of a standing briefing, whatever the number of processes.

    ledger = Ledger(database, clock)
    run = ledger.claim("morning", slot)      # None: it is done, or another process is at it
    ledger.note(run, Step.FETCHED)           # a committed step, where a later process goes on

A run belongs to its owner: whoever finds the owner gone takes the run over, and from then on what
the earlier owner would commit is refused. What flows from here is in `runs`, what an edition told
in `memory`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    RowMapping,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_or

from bot.archive.database import Database
from bot.archive.owners import end, is_gone, new_owner
from bot.archive.runs import (
    SHORT,
    Failure,
    Run,
    State,
    Step,
    editions,
    failures,
    to_failure,
    to_run,
    to_text,
)
from bot.archive.schema import metadata
from bot.chronicle import Setback
from bot.errors import ArchiveError, EditionInWorkError

BEAT = 15.0  # seconds between two heartbeats

standing_seen = Table(
    "standing",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seen_at", Text, nullable=False),
)


class Ledger:
    """The editions in one database, which any number of threads and processes may use."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.database = database
        self._clock = clock

    def register(self, standing: str) -> datetime:
        """When the standing briefing was first seen; slots before that are not missed ones."""
        now = self._clock().isoformat()
        with self.database.write() as connection:
            values = {"name": standing, "seen_at": now}
            connection.execute(insert_or(standing_seen).values(values).on_conflict_do_nothing())
            wanted = select(standing_seen.c.seen_at).where(standing_seen.c.name == standing)
            return datetime.fromisoformat(connection.scalars(wanted).one())

    def claim(self, standing: str, slot: datetime, missed: Sequence[datetime] = ()) -> Run | None:
        """Takes the slot's run for this process; None when it is done or another is at it.

        At most one run of a standing briefing is in work, since each looks back on the last.
        """
        with self.database.write() as connection:
            if _is_busy(connection, standing):
                return None
            row = _row(connection, standing, slot)
            if row is not None and row["state"] == State.DONE:
                return None
            if row is None and _is_missed(connection, standing, slot, self._clock()):
                return None
            owned = {"owner": new_owner(), "beat": time.time(), "state": State.IN_WORK}
            if row is None:
                identity = self._insert(connection, standing, slot, missed, owned)
            else:
                identity = row["id"]
                owned |= {"attempts": row["attempts"] + 1, "next_try_at": None}
                connection.execute(update(editions).where(editions.c.id == identity).values(owned))
            return to_run(_by_id(connection, identity))

    def _insert(
        self,
        connection: Connection,
        standing: str,
        slot: datetime,
        missed: Sequence[datetime],
        owned: dict[str, Any],
    ) -> int:
        values = {
            **owned,
            "standing": standing,
            "slot": to_text(slot),
            "step": Step.CLAIMED,
            "attempts": 1,
            "missed": json.dumps([to_text(one) for one in missed]),
            "begun_at": self._clock().isoformat(),
            "late": 0,
        }
        added = insert(editions).values(values).returning(editions.c.id)
        return int(connection.execute(added).scalar_one())

    @contextmanager
    def beating(self, run: Run) -> Iterator[None]:
        """Tells others, from a thread, that the run goes on; when the block ends it does not."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(BEAT):
                with suppress(ArchiveError), self.database.write() as connection:
                    connection.execute(_mine(run).values(beat=time.time()))

        thread = threading.Thread(target=beat, name="newsbot-heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            end(run.owner or "")
            thread.join(timeout=BEAT)

    def note(self, run: Run, step: Step, **values: Any) -> None:
        """Commits a step. Raises EditionInWorkError when another process took the run over."""
        with self.database.write() as connection:
            self.set(connection, run, step=step, **values)

    def set(self, connection: Connection, run: Run, **values: Any) -> None:
        """The same within a transaction of the caller's."""
        if not connection.execute(_mine(run).values(**values)).rowcount:
            raise EditionInWorkError(
                f"The edition of {run.standing} for {run.slot:%Y-%m-%d %H:%M %Z} was taken over by "
                "another process, which makes it now."
            )

    def fail(self, run: Run, error: BaseException, next_try_at: datetime | None) -> None:
        """Notes that an attempt failed, and when the next is due; None: it is given up."""
        failure = {
            "standing": run.standing,
            "slot": to_text(run.slot),
            "attempt": run.attempts,
            "at": self._clock().isoformat(),
            "kind": type(error).__name__,
            "message": str(error),
        }
        due = next_try_at.isoformat() if next_try_at else None
        with self.database.write() as connection:
            self.set(connection, run, state=State.FAILED, owner=None, next_try_at=due)
            connection.execute(insert(failures).values(failure))

    def note_delivered(self, run: Run) -> None:
        """Notes that a done edition has gone wherever it can."""
        with self.database.write() as connection:
            mine = update(editions).where(editions.c.id == run.id)
            connection.execute(mine.values(delivered_at=self._clock().isoformat()))

    def undelivered(self, standing: str) -> list[Run]:
        """Done editions whose delivery was not begun, or not noted, the oldest first."""
        wanted = (
            select(*SHORT)
            .where(editions.c.standing == standing, editions.c.state == State.DONE)
            .where(editions.c.delivered_at.is_(None))
            .order_by(editions.c.number)
        )
        with self.database.read() as connection:
            return [to_run(row) for row in connection.execute(wanted).mappings()]

    def find(self, standing: str, slot: datetime) -> Run | None:
        """The run of a slot."""
        with self.database.read() as connection:
            row = _row(connection, standing, slot)
            return to_run(row) if row else None

    def history(self, standing: str | None = None) -> list[Run]:
        """Every run, the newest slot first."""
        wanted = select(*SHORT).order_by(editions.c.slot.desc())
        if standing is not None:
            wanted = wanted.where(editions.c.standing == standing)
        with self.database.read() as connection:
            return [to_run(row) for row in connection.execute(wanted).mappings()]

    def failures(self, standing: str, since: datetime | None = None) -> list[Failure]:
        """Attempts that failed, the newest first, for slots after `since`."""
        wanted = select(failures).where(failures.c.standing == standing)
        if since is not None:
            wanted = wanted.where(failures.c.slot > to_text(since))
        with self.database.read() as connection:
            rows = connection.execute(wanted.order_by(failures.c.id.desc())).mappings()
            return [to_failure(row) for row in rows]

    def setbacks(self, run: Run) -> tuple[Setback, ...]:
        """The slots since the last edition for which attempts failed, this run's own included."""
        last = self.last_done(run.standing)
        counts: dict[datetime, int] = {}
        for failure in self.failures(run.standing, last.slot if last else None):
            counts[failure.slot] = counts.get(failure.slot, 0) + 1
        return tuple(Setback(slot=slot, attempts=counts[slot]) for slot in sorted(counts))

    def last_done(self, standing: str) -> Run | None:
        """The edition with the highest number."""
        wanted = (
            select(*SHORT)
            .where(editions.c.standing == standing, editions.c.number.is_not(None))
            .order_by(editions.c.number.desc())
        )
        with self.database.read() as connection:
            row = connection.execute(wanted).mappings().first()
            return to_run(row) if row else None

    def draft(self, run: Run) -> str | None:
        """What the run wrote before it was interrupted, as it was noted."""
        return self._text(editions.c.draft, editions.c.id == run.id)

    def edition(self, standing: str, number: int) -> str | None:
        """An edition's JSON."""
        same = (editions.c.standing == standing) & (editions.c.number == number)
        return self._text(editions.c.edition, same)

    def next_number(self, standing: str) -> int:
        """The number of the next edition."""
        wanted = select(func.max(editions.c.number)).where(editions.c.standing == standing)
        with self.database.read() as connection:
            return int(connection.scalars(wanted).one() or 0) + 1

    def _text(self, column: Column[Any], condition: Any) -> str | None:
        with self.database.read() as connection:
            text: str | None = connection.scalars(select(column).where(condition)).first()
            return text


def _is_busy(connection: Connection, standing: str) -> bool:
    """Whether a process that is there has a run of the standing briefing in work."""
    wanted = select(editions.c.owner, editions.c.beat).where(
        editions.c.standing == standing,
        editions.c.state == State.IN_WORK,
        editions.c.owner.is_not(None),
    )
    return any(not is_gone(owner, beat) for owner, beat in connection.execute(wanted))


def _is_missed(connection: Connection, standing: str, slot: datetime, now: datetime) -> bool:
    """Whether a later run stands for the slot already, as of a process that woke up later."""
    wanted = select(editions.c.missed).where(
        editions.c.standing == standing,
        editions.c.slot <= to_text(now),
        editions.c.missed.contains(to_text(slot)),
    )
    return connection.execute(wanted).first() is not None


def _mine(run: Run) -> Any:
    """An update of the run as long as it is its owner's."""
    return update(editions).where(
        editions.c.id == run.id,
        editions.c.owner == run.owner,
        editions.c.state == State.IN_WORK,
    )


def _row(connection: Connection, standing: str, slot: datetime) -> RowMapping | None:
    wanted = select(*SHORT).where(editions.c.standing == standing, editions.c.slot == to_text(slot))
    return connection.execute(wanted).mappings().first()


def _by_id(connection: Connection, identity: int) -> RowMapping:
    wanted = select(*SHORT).where(editions.c.id == identity)
    return connection.execute(wanted).mappings().one()
