"""When a standing briefing is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.editions.slots import parse_schedule
from bot.errors import SettingsError

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def weekdays(text: str) -> list[str]:
    schedule = parse_schedule(text, ZoneInfo("UTC"))
    return [f"{slot:%a}" for slot in schedule.between(MONDAY, MONDAY + timedelta(days=7))]


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("mon-fri", "Mon Tue Wed Thu Fri"),
        ("0", "Sun"),
        ("7", "Sun"),
        ("sun", "Sun"),
        ("5-7", "Fri Sat Sun"),
        ("6-0", "Sat Sun"),
        ("fri-mon", "Mon Fri Sat Sun"),
        ("*/2", "Tue Thu Sat Sun"),
        ("1,3", "Mon Wed"),
        ("*", "Mon Tue Wed Thu Fri Sat Sun"),
    ],
)
def test_weekdays_have_crons_own_meaning(field: str, days: str) -> None:
    assert weekdays(f"0 7 * * {field}") == days.split()


def test_either_day_matches_where_both_are_given() -> None:
    schedule = parse_schedule("0 7 13 * fri", ZoneInfo("UTC"))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    days = [slot.day for slot in schedule.between(start, start + timedelta(days=31))]
    assert days == [2, 9, 13, 16, 23, 30]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("every weekday 07:00", "Mon Tue Wed Thu Fri"),
        ("every day at 7:00", "Mon Tue Wed Thu Fri Sat Sun"),
        ("every Monday and thursday 07:00", "Mon Thu"),
        ("every tuesday, wed 07:00", "Tue Wed"),
        ("every weekend 07:00", "Sat Sun"),
    ],
)
def test_words_name_days(words: str, days: str) -> None:
    assert weekdays(words) == days.split()


def test_words_name_several_times() -> None:
    schedule = parse_schedule("every day 07:00, 18:30 Asia/Tokyo", None)
    slots = list(schedule.between(MONDAY, MONDAY + timedelta(days=1)))
    assert [f"{slot:%H:%M %z}" for slot in slots] == ["18:30 +0900", "07:00 +0900"]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
)  # the last changes by half an hour
@pytest.mark.parametrize("time", ["01:30", "01:45", "02:00", "02:15", "02:30", "03:00", "07:00"])
def test_daylight_saving_neither_skips_nor_doubles_a_slot(zone: str, time: str) -> None:
    schedule = parse_schedule(f"every day {time}", ZoneInfo(zone))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    slots = list(schedule.between(start, start + timedelta(days=365)))
    assert len(slots) == 365
    assert len({slot.date() for slot in slots}) == 365
    gaps = {later.timestamp() - slot.timestamp() for slot, later in pairwise(slots)}
    assert all(abs(gap - 86_400) <= 3_600 for gap in gaps)
    late = [slot for slot in slots if f"{slot:%H:%M}" != time]
    assert len(late) <= 1  # on the day that has no such time


def test_a_time_that_does_not_exist_comes_as_much_later() -> None:
    schedule = parse_schedule("every day 02:30", BERLIN)
    slot = schedule.next_after(datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert slot is not None
    assert slot.isoformat() == "2026-03-29T03:30:00+02:00"


def test_a_time_that_comes_twice_is_due_the_first_time() -> None:
    schedule = parse_schedule("every day 02:30", BERLIN)
    slot = schedule.next_after(datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert slot is not None
    assert slot.isoformat() == "2026-10-25T02:30:00+02:00"
    following = schedule.next_after(slot)
    assert following is not None
    assert following.isoformat() == "2026-10-26T02:30:00+01:00"


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
def test_every_hour_follows_the_hours_as_they_pass(day: tuple[int, int, int], hours: int) -> None:
    schedule = parse_schedule("0 * * * *", BERLIN)
    start = datetime(*day, tzinfo=BERLIN) - timedelta(seconds=1)
    end = start + timedelta(days=1)
    slots = list(schedule.between(start, end))
    assert len(slots) == hours
    assert {b.timestamp() - a.timestamp() for a, b in pairwise(slots)} == {3_600.0}


def test_the_latest_slot_is_found_however_long_ago() -> None:
    schedule = parse_schedule("0 7 29 2 *", ZoneInfo("UTC"))
    assert schedule.latest(MONDAY) == datetime(2024, 2, 29, 7, tzinfo=UTC)
    assert schedule.next_after(MONDAY) == datetime(2028, 2, 29, 7, tzinfo=UTC)
    moment = datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert parse_schedule("every day 07:00", ZoneInfo("UTC")).latest(moment) == moment


@pytest.mark.parametrize(
    "text",
    ["7", "every", "every day", "every fortnight 07:00", "every day 25:00", "0 7 * *",
     "0 7 * * 8", "0 7 * * mon-fry", "61 7 * * *", "0 7 * * */0", "daily 07:00"],
)  # fmt: skip
def test_a_schedule_that_is_none_is_told(text: str) -> None:
    with pytest.raises(SettingsError, match="schedule"):
        parse_schedule(text, ZoneInfo("UTC"))


def test_fields_without_a_timezone_are_told() -> None:
    with pytest.raises(SettingsError, match="timezone"):
        parse_schedule("0 7 * * *", None)
    with pytest.raises(SettingsError, match="Mars/Olympus"):
        parse_schedule("0 7 * * * Mars/Olympus", None)
