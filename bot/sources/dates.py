"""A publication date as a source writes it -> an aware datetime in UTC, and how exact it is.

Knows the forms that news uses (ISO 8601, RFC 2822, epoch seconds, "Sat. Sep 30th, 2023"), in
English. It does not look for dates inside prose, and knows no clock: nothing is relative to now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.entities import Precision

_LONGEST = 80  # characters of a date line
_WORD = re.compile(
    r"(?:published|updated|posted|first|last|date|on|at|of|the|by|"
    r"mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|"
    r"sun(?:day)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"\d{1,4}(?:st|nd|rd|th)?|t|z|a|p|m|am|pm|utc|gmt|bst|[ec]e?[sd]?t|[mp][sd]t)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\D*?\b(?:published|updated|posted|date)\b:?(?: on| at)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|2[01])\d\d(?!\d)|(?<!\d)(?:1[6-9]|2[01])\d{6}(?!\d)")
_MONTH_NAME = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)
_CLOCK = re.compile(r"\d:\d\d|\d\s*[ap]\.?m\b|\dT\d\d", re.IGNORECASE)
_ZONES = {  # hours from UTC, as American and British news abbreviate them
    zone: hours
    for zones, hours in (
        ("UTC GMT Z", 0),
        ("BST CET", 1),
        ("CEST", 2),
        ("EDT", -4),
        ("EST ET CDT", -5),
        ("CST CT MDT", -6),
        ("MST MT PDT", -7),
        ("PST PT", -8),
    )
    for zone in zones.split()
}
_LATEST_SECONDS = 32_503_680_000  # the year 3000: larger numbers count milliseconds


@dataclass(frozen=True, slots=True)
class Published:
    """When an article was published. `guessed`: the order of day and month, or the zone, was."""

    time: datetime
    precision: Precision
    guessed: bool = False


def parse_date(value: Any) -> Published | None:
    """The date that `value` (text, number, date or datetime) states; None when it states none."""
    try:
        if isinstance(value, datetime):
            return _aware(value)
        if isinstance(value, date):
            return Published(datetime(*value.timetuple()[:3], tzinfo=UTC), Precision.DAY)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _from_epoch(value)
        return _from_text(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def parse_date_line(line: str) -> Published | None:
    """The date of a line that says a date and nothing else; None for any other line."""
    if len(line) > _LONGEST or not _YEAR.search(line):
        return None
    words = [word for word in re.split(r"[\s,.:;/|()+–—-]+", line) if word]
    words = [
        part
        for word in words
        for part in re.split(r"(?<=\d)(?=[Tt]\d|[Zz]$)|(?<=\d[Tt])(?=\d)", word)
    ]
    return parse_date(line) if all(_WORD.fullmatch(word) for word in words) else None


def _from_epoch(value: float) -> Published | None:
    if 10_000_101 <= value <= 21_991_231 and value == int(value):
        return _from_text(str(int(value)))  # 20230930
    seconds = value / 1000 if abs(value) > _LATEST_SECONDS else value
    return Published(datetime.fromtimestamp(seconds, UTC), Precision.TIME) if seconds > 0 else None


def _from_text(text: str) -> Published | None:
    text = text.strip()
    if re.fullmatch(r"\d{9,13}(\.\d+)?", text):
        return _from_epoch(float(text))
    if not 8 <= len(text) <= _LONGEST or not _YEAR.search(text):
        return None
    from dateutil import parser

    text = _LABEL.sub("", text)
    seconds = {zone: hours * 3600 for zone, hours in _ZONES.items()}
    first, second = (
        parser.parse(text, default=default, tzinfos=seconds, fuzzy=False)
        for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))
    )
    if first.date() != second.date():
        return None  # the day or the month is not said
    guessed = _is_ambiguous(text, first)
    if not _CLOCK.search(text):
        return Published(first.replace(hour=0, minute=0, tzinfo=UTC), Precision.DAY, guessed)
    published = _aware(first)
    return Published(published.time, published.precision, guessed or published.guessed)


def _aware(time: datetime) -> Published:
    if time.tzinfo is None:
        return Published(time.replace(tzinfo=UTC), Precision.TIME, guessed=True)
    return Published(time.astimezone(UTC), Precision.TIME)


def _is_ambiguous(text: str, time: datetime) -> bool:
    """Whether day and month could change places, as in 03/04/2023."""
    starts_with_year = re.match(r"\D*(1[6-9]|2[01])\d\d", text) is not None
    named = _MONTH_NAME.search(text) is not None
    return not starts_with_year and not named and time.day <= 12 and time.day != time.month
