"""When a standing briefing is due: cron or words, with a timezone, to slots.

    schedule = parse_schedule("every weekday 07:00", ZoneInfo("Europe/Berlin"))
    schedule.next_after(now)

A slot is a moment of the clock on the wall. Where summer time begins and that moment does not
exist, the slot is as much later; where summer time ends and it comes twice, the slot is the first.
Only a schedule for every hour (an hour field with `*`) follows the hours as they pass.

Cron fields have cron's own meaning: Sunday is 0 or 7, and a day matches the day of the month or the
day of the week where both are given. (APScheduler counts weekdays from Monday and wants both.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from bot.errors import SettingsError
from bot.timezones import find_zone

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMED = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}
_GROUPS = {"day": "*", "weekday": "mon-fri", "workday": "mon-fri", "weekend": "sat,sun"}
_WINDOWS = (timedelta(hours=1), timedelta(days=2), timedelta(days=40), timedelta(days=1600))
_WALL_CLOCK_SHIFT = timedelta(hours=3)  # more than any change of summer time

EXAMPLES = '"every weekday 07:00" or "0 7 * * mon-fri"'


@dataclass(frozen=True, slots=True)
class Schedule:
    """The slots of a standing briefing; `text` is how the user said it."""

    text: str
    zone: tzinfo
    is_hourly: bool = False  # whether it follows the hours as they pass
    _triggers: tuple[CronTrigger, ...] = field(default=(), repr=False, compare=False)

    def between(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Every slot in (after, until], in order, in the schedule's timezone."""
        seen: set[datetime] = set()
        for wall in self._walls(after, until):
            for slot in self._moments(wall):
                if after < slot <= until and slot not in seen:
                    seen.add(slot)
                    yield slot.astimezone(self.zone)

    def next_after(self, moment: datetime) -> datetime | None:
        """The first slot after a moment; None when there is none within four years."""
        for window in _WINDOWS:
            if (found := next(self.between(moment, moment + window), None)) is not None:
                return found
        return None

    def latest(self, moment: datetime) -> datetime | None:
        """The last slot up to and with a moment; None when there was none within four years."""
        for window in _WINDOWS:
            if slots := list(self.between(moment - window, moment)):
                return slots[-1]
        return None

    def _walls(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Times on the wall, as naive ones in UTC so that no change of offset meddles."""
        start = _wall(after, self.zone) - _WALL_CLOCK_SHIFT
        end = _wall(until, self.zone) + _WALL_CLOCK_SHIFT
        nexts = [trigger.get_next_fire_time(None, start) for trigger in self._triggers]
        while any(one is not None and one <= end for one in nexts):
            first = min(one for one in nexts if one is not None)
            yield first
            later = first + timedelta(seconds=1)
            nexts = [
                trigger.get_next_fire_time(None, later) if one == first else one
                for trigger, one in zip(self._triggers, nexts, strict=True)
            ]

    def _moments(self, wall: datetime) -> list[datetime]:
        folds = (0, 1) if self.is_hourly else (0,)
        naive = wall.replace(tzinfo=None)
        moments = {naive.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in folds}
        if self.is_hourly:  # an hour that summer time leaves out has no slot of its own
            moments = {m for m in moments if _wall(m, self.zone).replace(tzinfo=None) == naive}
        return sorted(moments)


def parse_schedule(text: str, zone: tzinfo | None) -> Schedule:
    """The schedule that `text` says; `zone` holds where the text names no timezone of its own.

    Raises SettingsError; cron fields need a timezone, words do not say more than the user's day.
    """
    words, own = _split_zone(text.strip())
    zone = own or zone
    fields = _NAMED.get(words.lower(), words).split()
    crons = [fields] if len(fields) == 5 and not _is_words(words) else _from_words(words, text)
    if zone is None:
        raise SettingsError(
            f'The schedule {text!r} names no timezone; add one, as in timezone = "Europe/Berlin".'
        )
    triggers = tuple(one for cron in crons for one in _triggers(cron, text))
    hourly = len(crons) == 1 and crons[0][1].startswith("*")
    return Schedule(text, zone, hourly, triggers)


def parse_zone(name: str) -> tzinfo:
    """A timezone by its name. Raises SettingsError."""
    if (zone := find_zone(name)) is None:
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else "use a name such as Europe/Berlin."
        raise SettingsError(f"{name!r} is not a timezone; {hint}")
    return zone


def is_cron(text: str) -> bool:
    """Whether a schedule is written in cron's fields."""
    words, _ = _split_zone(text.strip())
    return not _is_words(words)


def _wall(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=UTC)


def _split_zone(text: str) -> tuple[str, tzinfo | None]:
    """A timezone at the end of the text, and what stands before it."""
    head, _, last = text.rpartition(" ")
    if re.fullmatch(r"[A-Za-z_]+/[A-Za-z_/+-]+\d*|UTC", last) and not re.match(r"[\d*]", last):
        return head.strip(), parse_zone(last)
    return text, None


def _is_words(text: str) -> bool:
    return text.lower().startswith("every ")


def _from_words(words: str, text: str) -> list[list[str]]:
    """Cron fields for "every weekday 07:00", "every monday and thursday at 07:00, 18:30"."""
    lowered = words.lower().strip()
    if lowered == "every hour":
        return [["0", "*", "*", "*", "*"]]
    match = re.fullmatch(r"every\s+([a-z ,]+?)\s+(?:at\s+)?(\d.*)", lowered)
    if match is None:
        raise _unclear(text)
    days = [_day(day, text) for day in re.split(r"\s*,\s*|\s+and\s+", match[1]) if day]
    times = [_time(time, text) for time in re.split(r"\s*,\s*|\s+and\s+", match[2]) if time]
    chosen = "*" if "*" in days else ",".join(days)
    return [[minute, hour, "*", "*", chosen] for hour, minute in times]


def _day(word: str, text: str) -> str:
    word = word.strip()
    if word in _GROUPS or word.removesuffix("s") in _GROUPS:
        return _GROUPS.get(word) or _GROUPS[word.removesuffix("s")]
    if re.fullmatch(r"(sun|mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?)(days?)?", word):
        return word[:3]
    raise _unclear(text)


def _time(words: str, text: str) -> tuple[str, str]:
    match = re.fullmatch(r"(\d{1,2}):(\d\d)", words.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise _unclear(text)
    return str(int(match[1])), str(int(match[2]))


def _unclear(text: str) -> SettingsError:
    return SettingsError(f"The schedule {text!r} is not understood; write it as {EXAMPLES}.")


def _triggers(fields: list[str], text: str) -> list[CronTrigger]:
    """One trigger, or two of which either fires where both kinds of day are given."""
    from apscheduler.triggers.cron import CronTrigger

    minute, hour, day, month, weekday = fields
    weekdays = _weekdays(weekday, text)
    days = [{"day": day, "day_of_week": weekdays}]
    if not day.startswith("*") and not weekday.startswith("*"):
        days = [{"day": day, "day_of_week": "*"}, {"day": "*", "day_of_week": weekdays}]
    try:
        return [
            CronTrigger(minute=minute, hour=hour, month=month, timezone=UTC, **each)
            for each in days
        ]
    except (ValueError, TypeError) as error:
        raise SettingsError(f"The schedule {text!r} cannot be used: {error}.") from error


def _weekdays(field_: str, text: str) -> str:
    """The field with names in place of numbers, which APScheduler counts otherwise."""
    if field_ == "*":
        return "*"
    chosen = {day for part in field_.lower().split(",") for day in _weekday_range(part, text)}
    return ",".join(_DAYS[day] for day in sorted(chosen))


def _weekday_range(part: str, text: str) -> Iterator[int]:
    span, _, step = part.partition("/")
    first, dash, last = span.partition("-")
    try:
        every = int(step) if step else 1
        start = 0 if first == "*" else _weekday(first)
        end = 6 if first == "*" or (step and not dash) else _weekday(last) if dash else start
        if every < 1:
            raise ValueError
    except ValueError:
        raise SettingsError(
            f"The schedule {text!r} has {part!r} for a weekday; use mon to sun, or 0 to 7."
        ) from None
    if end < start:
        end += 7
    yield from (day % 7 for day in range(start, end + 1, every))


def _weekday(word: str) -> int:
    if word in _DAYS:
        return _DAYS.index(word)
    number = int(word)
    if not 0 <= number <= 7:
        raise ValueError
    return number
