"""What is due of a standing briefing: a slot that came, a run to take up again, a failed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.archive.editions import Ledger
from bot.archive.runs import Run, State
from bot.editions.standing import StandingBriefing

_MOST_MISSED = 400  # slots that an edition says it stands for


@dataclass(frozen=True, slots=True)
class Due:
    """A slot to make an edition for, and the earlier ones that it stands for."""

    slot: datetime
    missed: tuple[datetime, ...] = ()


def find_due(ledger: Ledger, standing: StandingBriefing, now: datetime) -> Due | None:
    """The next run to make at this moment; None when there is none.

    A run that was begun comes first; then the latest slot that came, which stands for all before it
    that nobody began; then a failed run whose time has come, unless a later slot was begun.
    """
    seen = ledger.register(standing.name)
    runs = _until(ledger.history(standing.name), now)
    if begun := [run for run in runs if run.state is State.IN_WORK]:
        return Due(begun[-1].slot, begun[-1].missed)
    slot = standing.schedule.latest(now) if standing.schedule else None
    if slot is not None and slot > seen and not _is_known(slot, runs):
        return Due(slot, _missed(standing, runs, seen, slot))
    return _retry(runs, now)


def find_wanted(
    ledger: Ledger, standing: StandingBriefing, now: datetime, *, extra: bool = False
) -> Due:
    """The run that somebody asks for by name, whether or not it is due by itself.

    It is the one at which work was begun or failed, else that of the latest slot; with `extra`, or
    without a schedule, one of this very moment.
    """
    seen = ledger.register(standing.name)
    runs = _until(ledger.history(standing.name), now)
    if begun := [run for run in runs if run.state is State.IN_WORK]:
        return Due(begun[-1].slot, begun[-1].missed)
    slot = standing.schedule.latest(now) if standing.schedule else None
    if slot is None or extra:
        return Due(now.replace(microsecond=0))
    if _is_known(slot, runs):
        return Due(slot)
    return Due(slot, _missed(standing, runs, seen, slot))


def find_next(ledger: Ledger, standing: StandingBriefing, now: datetime) -> datetime | None:
    """When something is due next by itself; None when nothing will be."""
    times = [standing.schedule.next_after(now)] if standing.schedule else []
    runs = _until(ledger.history(standing.name), now)
    times += [run.next_try_at for run in runs[:1] if run.state is State.FAILED]
    return min((time for time in times if time is not None), default=None)


def _until(runs: Sequence[Run], now: datetime) -> list[Run]:
    """The runs up to now: those that a clock made which ran ahead keep no slot from being due."""
    return [run for run in runs if run.slot <= now]


def _is_known(slot: datetime, runs: Sequence[Run]) -> bool:
    return any(slot == run.slot or slot in run.missed for run in runs)


def _missed(
    standing: StandingBriefing, runs: Sequence[Run], seen: datetime, slot: datetime
) -> tuple[datetime, ...]:
    """The slots before this one that came since the last that is known, and nobody began."""
    if standing.schedule is None:
        return ()
    known = [run.slot for run in runs if run.slot < slot]
    between = standing.schedule.between(max([seen, *known]), slot)
    missed = [one for one in between if one != slot and not _is_known(one, runs)]
    return tuple(missed[-_MOST_MISSED:])


def _retry(runs: Sequence[Run], now: datetime) -> Due | None:
    newest = runs[0] if runs else None
    if newest is None or newest.state is not State.FAILED or newest.next_try_at is None:
        return None
    return Due(newest.slot, newest.missed) if newest.next_try_at <= now else None
