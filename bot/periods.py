"""Spans of time said in words: "today", "since Tuesday", "in the last 3 days", "7d", "2026-11-20".

Words are read in the user's timezone, which is that of the `now` given. A week is the seven days up
to now, since a reader who asks on Monday what happened "this week" does not mean Monday alone.
This module knows English words and ISO dates; it knows nothing about articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from dateutil import parser as dates
from dateutil.relativedelta import relativedelta

from bot.entities import Period
from bot.errors import SettingsError

Moment = str | datetime | date | None

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = "|".join(_DAYS)
_MONTH = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_UNIT = {"h": "hours", "d": "days", "w": "weeks", "m": "months", "y": "years"}
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "couple of": 2, "few": 3, "several": 3,
}  # fmt: skip
_ISO_DAY = r"\d{4}-\d\d-\d\d"
_COUNT = r"\d{1,4}|" + "|".join(_COUNTS)
_SPAN = rf"(?P<count>{_COUNT})\s+(?P<unit>hour|day|week|month|year)s?"
_MOMENT = (
    rf"yesterday|today|(?:last\s+)?(?:{_DAY})|\d{{4}}-\d\d-\d\d"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{_MONTH})\.?(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b)?"
    r"(?:,?\s+\d{4})?|last\s+(?:week|month|year)"
)


def period_between(since: Moment, until: Moment, now: datetime) -> Period:
    """The period [since, until). Raises SettingsError where it ends before it begins."""
    period = Period(read_moment(since, now), read_moment(until, now))
    if period.since and period.until and period.since >= period.until:
        raise SettingsError("The period ends before it begins; exchange --since and --until.")
    return period


def read_moment(moment: Moment, now: datetime) -> datetime | None:
    """A moment as callers give it, aware: words are read, a day begins at midnight, and what has
    no timezone is in the user's. Raises SettingsError when it is none of these."""
    if isinstance(moment, str):
        return parse_moment(moment, now)
    if isinstance(moment, date) and not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if not isinstance(moment, datetime | None):
        raise SettingsError(f"{moment!r} names no time; give a datetime, or words such as '7d'.")
    if moment is not None and moment.tzinfo is None:
        return moment.replace(tzinfo=now.tzinfo)
    return moment


def parse_moment(words: str, now: datetime) -> datetime:
    """The beginning of what the words name: "7d" ago, a date, "yesterday", "Tuesday".

    Raises SettingsError when the words name no moment.
    """
    text = words.strip().lower()
    if short := re.fullmatch(r"(\d{1,5})\s*(h|d|w|m|y)", text):
        return _earlier(now, int(short[1]), _UNIT[short[2]])
    if span := re.fullmatch(rf"{_SPAN}(?:\s+ago)?", text):
        return _earlier(now, _count(span["count"]), f"{span['unit']}s")
    try:
        if re.fullmatch(_MOMENT, text):
            return _beginning(text, now)
        moment = datetime.fromisoformat(words.strip())
    except (ValueError, OverflowError):
        raise SettingsError(
            f"{words!r} names no time; use a date such as 2026-11-20, a span such as 7d or 12h, "
            "or a word such as yesterday or Tuesday."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


def parse_period(words: str, now: datetime) -> Period:
    """The period that a field of a form names: "7d", "since Tuesday", "May 2025", two dates.

    Nothing names all time. Raises SettingsError when the words name no period.
    """
    text = words.strip()
    if not text:
        return Period()
    if pair := re.fullmatch(rf"({_ISO_DAY})\s*(?:-|–|to|until|\.\.+)\s*({_ISO_DAY})", text):
        text = f"from {pair[1]} to {pair[2]}"
    text = re.sub(r"^(since|before|until) (\d{4})$", r"\1 \2-01-01", text)
    for said in (text, f"in {text}"):
        period, rest = find_period(said, now)
        if period and not rest:
            return Period(period.since, period.until, words.strip())
    try:
        return Period(parse_moment(text, now), None, words.strip())
    except SettingsError:
        raise SettingsError(
            f"{words.strip()!r} names no period; say 7d, since Tuesday, last month, or "
            "2026-11-01 to 2026-11-20."
        ) from None


def find_period(question: str, now: datetime) -> tuple[Period, str]:
    """The period that a question names, and the question without those words.

    A question that names none gives an empty Period and stands as it is.
    """
    for pattern, read in _PHRASES:
        if match := pattern.search(question):
            try:
                since, until = read(match, now)
            except (ValueError, OverflowError, SettingsError):
                continue
            rest = question[: match.start()] + " " + question[match.end() :]
            return Period(since, until, match.group().strip()), _tidy(rest)
    return Period(), question


def _tidy(question: str) -> str:
    question = re.sub(r"\s+([?.!,;:])", r"\1", re.sub(r"\s+", " ", question))
    return question.strip(" ,;:")


def _count(words: str) -> int:
    return int(words) if words.isdigit() else _COUNTS[words.lower()]


def _earlier(now: datetime, count: int, unit: str) -> datetime:
    try:
        return now - relativedelta(**{unit: count})  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        raise SettingsError(f"{count} {unit} ago is before the calendar begins.") from None


def _midnight(day: datetime) -> datetime:
    # Combined anew rather than replaced, so that the offset is the one in force on that day.
    return datetime.combine(day.date(), time(), tzinfo=day.tzinfo)


def _beginning(words: str, now: datetime) -> datetime:
    return _span_of(words, now)[0]


def _span_of(words: str, now: datetime) -> tuple[datetime, datetime]:
    """From the first moment that the words name to the first after it."""
    text = words.lower().strip()
    today = _midnight(now)
    if re.fullmatch(r"\d{4}", text):
        start = today.replace(year=int(text), month=1, day=1)
        return start, start + relativedelta(years=1)
    if text in ("today", "yesterday"):
        start = today - timedelta(days=text == "yesterday")
        return start, _midnight(start + timedelta(days=1, hours=12))
    if day := re.fullmatch(rf"(?:last\s+)?({_DAY})", text):
        back = (today.weekday() - _DAYS.index(day[1])) % 7
        start = _midnight(today - timedelta(days=back or 7))
        if back or "last" in text:
            return start, start + timedelta(days=1)
        return start, today + timedelta(days=1)  # "on Tuesday", said on one: that day or this
    if unit := re.fullmatch(r"last\s+(week|month|year)", text):
        return _last(unit[1], today)
    return _date_span(text, today)


def _last(unit: str, today: datetime) -> tuple[datetime, datetime]:
    if unit == "week":
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday
    first = today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)
    return first - relativedelta(**{f"{unit}s": 1}), first  # type: ignore[arg-type]


def _date_span(text: str, today: datetime) -> tuple[datetime, datetime]:
    """A written date: a day, a month or a month of a year; without a year, the latest past one."""
    first = today.replace(month=1, day=1)
    start = dates.parse(text, default=first)
    if start.tzinfo is None:
        start = start.replace(tzinfo=today.tzinfo)
    if not re.search(r"\d{4}", text) and start > today:
        start -= relativedelta(years=1)
    names_day = bool(re.search(r"\d{4}-\d\d-\d\d|\b\d{1,2}(?:st|nd|rd|th)?\b", text))
    length = relativedelta(days=1) if names_day else relativedelta(months=1)
    return start, start + length


_Reading = tuple[datetime | None, datetime | None]


def _this(match: re.Match[str], now: datetime) -> _Reading:
    unit = match["unit"].lower()
    today = _midnight(now)
    if unit == "week":
        return _midnight(today - timedelta(days=7)), None
    if unit == "month":
        return today.replace(day=1), None
    if unit == "year":
        return today.replace(month=1, day=1), None
    return today, None


def _past(match: re.Match[str], now: datetime) -> _Reading:
    count = _count(match["count"]) if match["count"] else 1
    return _earlier(now, count, f"{match['unit'].lower()}s"), None


def _since(match: re.Match[str], now: datetime) -> _Reading:
    return _beginning(match["moment"], now), None


def _until(match: re.Match[str], now: datetime) -> _Reading:
    return None, _beginning(match["moment"], now)


def _between(match: re.Match[str], now: datetime) -> _Reading:
    since, until = _span_of(match["first"], now)[0], _span_of(match["second"], now)[1]
    if since >= until:
        raise ValueError("the period ends before it begins")
    return since, until


def _during(match: re.Match[str], now: datetime) -> _Reading:
    return _span_of(match["moment"], now)


def _phrase(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})(?:[’']s)?(?![\w-])", re.IGNORECASE)


# "may" and "march" are words too: after "in" or "since" they are months, alone they are not.
_WRITTEN = rf"\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})(?:,?\s+\d{{4}})?"
_WITHIN = r"(?:(?:in|over|during|within|from|for)\s+)?(?:the\s+)?(?:last|past)"
_UNITS = r"(?P<unit>hour|day|week|month|year)"
_PHRASES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], _Reading]], ...] = tuple(
    (_phrase(pattern), read)
    for pattern, read in (
        (
            rf"(?:between|from)\s+(?P<first>{_MOMENT})\s+(?:and|to)\s+(?P<second>{_MOMENT})",
            _between,
        ),
        (rf"since\s+(?P<moment>{_MOMENT})", _since),
        (rf"(?:before|until)\s+(?P<moment>{_MOMENT})", _until),
        (rf"{_WITHIN}\s+(?P<count>{_COUNT})\s+{_UNITS}s?", _past),
        (rf"(?:in|over|during|within)\s+the\s+(?:last|past)\s+(?P<count>){_UNITS}", _past),
        (r"(?:(?:in|over|during)\s+)?this\s+(?P<unit>week|month|year|morning|evening)", _this),
        (r"(?P<unit>today|tonight)", _this),
        (rf"(?:on|in|during|of|from)\s+(?P<moment>{_MOMENT})", _during),
        (r"(?:in|during)\s+(?P<moment>(?:19|20)\d\d)", _during),
        (rf"(?P<moment>yesterday|last\s+(?:week|month|year|{_DAY})|{_WRITTEN})", _during),
    )
)
