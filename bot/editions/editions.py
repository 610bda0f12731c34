"""`Editions`: what the page, Python and the command line do with standing briefings.

newsbot.editions.run("morning")
for state in newsbot.editions.list():
    print(state.standing.name, state.next_at)
print(newsbot.editions.edition("morning/3"))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from bot.archive.runs import Failure, Run, State
from bot.chronicle import Difference, Edition, Milestone, Replay
from bot.editions.composing import GRACE
from bot.editions.due import find_next, find_wanted
from bot.editions.entries import Mistake
from bot.editions.manifest import compare
from bot.editions.newsroom import Newsroom
from bot.editions.posting import deliveries, destinations_of
from bot.editions.replaying import replay
from bot.editions.running import deliver_edition, run_slot
from bot.editions.scheduler import Scheduler, scheduling
from bot.editions.standing import StandingBriefing, check_standing, name_of, read_standing
from bot.editions.timelines import DayCount, make_timeline
from bot.entities import Report, unheard
from bot.errors import EditionInWorkError, EditionNotFoundError, SettingsError
from bot.rendering.phrases import count
from bot.timezones import tell_in

if TYPE_CHECKING:
    from bot.delivery import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingState:
    """How a standing briefing stands: when it is due next, its last run, what failed since.

    `overdue` is a slot that came and that nobody has begun. Times are in its timezone.
    """

    standing: StandingBriefing
    next_at: datetime | None
    overdue: datetime | None
    last: Run | None
    failures: tuple[Failure, ...]

    def __str__(self) -> str:
        """One line: what was last, what is next, and what is wrong."""
        parts = []
        if self.last is not None:
            parts.append(f"edition {self.last.number} of {_time(self.last.slot)}")
        if self.failures:
            newest = self.failures[0]
            parts.append(f"failed {count(len(self.failures), 'time')} since ({newest.message})")
        if self.overdue is not None:
            parts.append(f"overdue since {_time(self.overdue)}: is a scheduler running?")
        if self.next_at is not None:
            parts.append(f"next {_time(self.next_at)}")
        return "; ".join(parts) or "no edition yet, no schedule"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M %Z}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run with its failed attempts and its deliveries, for the history."""

    run: Run
    failures: tuple[Failure, ...]
    deliveries: tuple[Delivery, ...]


class Editions:
    """The editions of one data directory, and the standing briefings of its file."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room

    @property
    def path(self) -> Path:
        """The file of standing briefings."""
        return self._room.settings.standing_briefings

    def standing(self) -> tuple[StandingBriefing, ...]:
        """The standing briefings. Raises StandingBriefingError for a mistake in the file."""
        standing = read_standing(self.path, self._room.settings.zone)
        for one in standing:
            destinations_of(self._room, one)
        return standing

    def check(self, path: Path | None = None) -> tuple[Mistake, ...]:
        """Every mistake in a file of standing briefings, by default the one in use."""
        return check_standing(path or self.path, self._room.settings.zone)[1]

    def list(self) -> tuple[StandingState, ...]:
        """How each standing briefing stands."""
        return tuple(self._state(one) for one in self.standing())

    def run(self, name: str, *, extra: bool = False, progress: Report = unheard) -> Edition:
        """The edition of the latest slot: made now, or the one that is there already.

        With `extra` one of this very moment, beside the schedule. Raises EditionInWorkError while
        another process makes it, and whatever keeps it from being made.
        """
        standing = name_of(name, self.standing())
        due = find_wanted(self._room.ledger, standing, self._room.clock(), extra=extra)
        edition = run_slot(self._room, standing, due.slot, due.missed, progress)
        if edition is not None:
            return edition
        run = self._room.ledger.find(name, due.slot)
        if run is None or run.state is not State.DONE:
            raise EditionInWorkError(
                f"Another process is making an edition of {name}; newsbot schedule history {name} "
                "says when it is done."
            )
        stored = self._stored(run)
        if run.delivered_at is None:
            deliver_edition(self._room, standing, stored)
        return stored

    def scheduler(self) -> Scheduler:
        """The loop that makes what is due."""
        return Scheduler(self._room)

    def scheduling(self) -> AbstractContextManager[None]:
        """A scheduler in a thread, for as long as the block lasts."""
        return scheduling(self._room)

    def history(self, name: str) -> tuple[PastRun, ...]:
        """Every run of a standing briefing, the newest first, its times in the timezone of that."""
        zone = self._zone(name)
        failures = [tell_in(zone, one) for one in self._room.ledger.failures(name)]
        return tuple(
            PastRun(
                run=tell_in(zone, run),
                failures=tuple(one for one in failures if one.slot == run.slot),
                deliveries=tuple(tell_in(zone, one) for one in self._delivered(run)),
            )
            for run in self._room.ledger.history(name)
        )

    def names(self) -> tuple[str, ...]:
        """Every standing briefing that has editions, whether or not it is in the file still."""
        return tuple(dict.fromkeys(run.standing for run in self._room.ledger.history()))

    def editions(self, name: str, most: int | None = None) -> Iterator[Edition]:
        """The editions of a standing briefing, the newest first."""
        done = [run for run in self._room.ledger.history(name) if run.state is State.DONE]
        done.sort(key=lambda run: -(run.number or 0))
        for run in done[:most]:
            yield self._stored(run)

    def edition(self, reference: str) -> Edition:
        """An edition by its name and number, as in "morning/3"; without a number the last one.

        Raises EditionNotFoundError.
        """
        return self._stored(self._find(reference))

    def timeline(self, name: str, days: int = 20) -> tuple[Milestone, ...]:
        """The days that the news of a standing briefing turned on, and what was told of each."""
        number = self._room.ledger.next_number(name)
        counts = {day: DayCount(*both) for day, both in self._room.memory.days(name).items()}
        memory = self._room.memory
        return make_timeline(counts, memory.told(name, number), memory.amended(name, number), days)

    def diff(self, first: str, second: str) -> Difference:
        """What tells two editions apart."""
        return compare(self.edition(first), self.edition(second))

    def replay(self, reference: str) -> Replay:
        """An edition made again from its manifest; it is not stored."""
        run = self._find(reference)
        before = self._room.ledger.edition(run.standing, (run.number or 0) - 1)
        settled = Edition.from_json(before).manifest.relied if before else ()
        return replay(self._room, run, self._stored(run), settled)

    def status(self) -> dict[str, str]:
        """How each standing briefing stands in one line, by name; empty without the file."""
        if not self.path.is_file():
            return {}
        try:
            return {one.standing.name: str(one) for one in self.list()}
        except SettingsError as error:
            return {self.path.name: str(error)}

    def _state(self, standing: StandingBriefing) -> StandingState:
        now, ledger = self._room.clock(), self._room.ledger
        runs = ledger.history(standing.name)
        done = [run for run in runs if run.state is State.DONE]
        failures = ledger.failures(standing.name, done[0].slot if done else None)
        return tell_in(
            standing.zone,
            StandingState(
                standing=standing,
                next_at=find_next(ledger, standing, now),
                overdue=self._overdue(standing, runs, now),
                last=tell_in(standing.zone, done[0]) if done else None,
                failures=tuple(tell_in(standing.zone, one) for one in failures),
            ),
        )

    def _zone(self, name: str) -> tzinfo:
        """The timezone of a standing briefing; the user's where the file has it no more."""
        with suppress(SettingsError):
            for one in check_standing(self.path, self._room.settings.zone)[0]:
                if one.name == name:
                    return one.zone
        return self._room.settings.zone

    def _overdue(
        self, standing: StandingBriefing, runs: Sequence[Run], now: datetime
    ) -> datetime | None:
        slot = standing.schedule.latest(now - GRACE) if standing.schedule else None
        seen = self._room.ledger.register(standing.name)
        known = any(slot == run.slot or slot in run.missed for run in runs if run.slot <= now)
        return slot if slot and slot > seen and not known else None

    def _find(self, reference: str) -> Run:
        name, _, number = reference.partition("/")
        runs = [run for run in self._room.ledger.history(name) if run.number is not None]
        if not runs:
            raise EditionNotFoundError(f"There is no edition of {name!r} yet.")
        if not number:
            return max(runs, key=lambda run: run.number or 0)
        for run in runs:
            if str(run.number) == number:
                return run
        raise EditionNotFoundError(
            f"There is no edition {reference!r}; the last one is {name}/{runs[0].number}."
        )

    def _stored(self, run: Run) -> Edition:
        text = self._room.ledger.edition(run.standing, run.number or 0)
        if text is None:
            raise EditionNotFoundError(f"There is no edition {run.standing}/{run.number}.")
        return Edition.from_json(text)

    def _delivered(self, run: Run) -> tuple[Delivery, ...]:
        if run.state is not State.DONE:
            return ()
        return deliveries(self._room).of(self._stored(run).id)
