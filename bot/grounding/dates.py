"""Dates as news text writes them, resolved to spans of days.

"Yesterday", "on Tuesday" and "last month" are resolved from the publication date: news is told in
the past tense, so a weekday is the last one up to that day. A date that cannot be resolved without
a publication date has no span and agrees with whatever names the same words.

Times of day and time zones are not read: a claim about news is about days.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = "|".join(_DAYS)
_COUNT = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "ten": 10,
}
_DATE = re.compile(
    rf"""\b(?:
      (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
    | (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month>{_MONTH})\.?
        (?:,?\s(?P<year>(?:19|20)\d\d))?
    | (?P<month2>{_MONTH})\.?\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)
        (?:,?\s(?P<year2>(?:19|20)\d\d))?
    | (?P<month3>{_MONTH})\.?(?:\sof)?,?\s(?P<year3>(?:19|20)\d\d)
    | (?P<month4>january|february|april|june|july|august|september|october|november|december
        |(?<=in\s)(?:march|may))
    | (?P<near>yesterday|today|tonight|tomorrow)
    | (?:(?P<way>last|next|this|past)\s)?(?P<weekday>{_DAY})
    | (?P<step>last|next|this|past|previous)\s(?P<span>week|month|year)
    | (?P<count>\d{{1,2}}|{"|".join(_COUNT)})\s(?P<unit>day|week|month|year)s?\s(?P<ago>ago|earlier)
    | (?P<year4>(?:1[89]|20)\d\d)(?![\d,.]\d|s\b|\s?%)
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date with its span of characters; `first` and `last` are its days, None if unresolved.

    `kind` says how it is written: "day", "month", "year", "weekday" or "relative".
    """

    start: int
    end: int
    text: str
    kind: str
    first: date | None = None
    last: date | None = None


@lru_cache(512)
def find(text: str, published: datetime | None = None) -> tuple[DateMention, ...]:
    """Every date of the text, resolved from the publication date where it is relative."""
    return tuple(_mentions(text, published.date() if published else None))


def agrees(claim: DateMention, source: DateMention) -> bool:
    """Whether both can mean the same day: the spans overlap, or the words where unresolved.

    One may say less than the other: July and July 2014, 5 June and June 5th, 2015.
    """
    if claim.first and claim.last and source.first and source.last:
        return claim.first <= source.last and source.first <= claim.last
    one, other = _words(claim.text), _words(source.text)
    if {claim.kind, source.kind} <= {"day", "month", "year"}:
        return one <= other or other <= one
    return one == other


_FILLERS = frozenset(("last", "this", "past", "of"))


def _words(text: str) -> frozenset[str]:
    """The words of a date, without endings: "May 4th, 2015" -> may, 4, 2015."""
    words = re.findall(rf"\b\d+(?=(?:st|nd|rd|th)?\b)|(?:{_MONTH})\b|[a-z]+", text.lower())
    return frozenset(_month_name(word) for word in words if word not in _FILLERS | _ENDINGS)


_ENDINGS = frozenset(("st", "nd", "rd", "th"))


def _month_name(word: str) -> str:
    return calendar.month_name[_MONTHS[word]] if word in _MONTHS else word


def _mentions(text: str, published: date | None) -> Iterator[DateMention]:
    for match in _DATE.finditer(text):
        if match["month4"] and not match.group()[0].isupper():
            continue  # "may" and "march" are verbs too
        span = _days(match, published)
        mention = DateMention(
            match.start(), match.end(), match.group(), _kind(match), *(span or (None, None))
        )
        yield mention
        yield from _joined(mention, match, text)


_BEFORE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?: and | or | to |, ?| ?[-–] ?)\Z")
_AFTER = re.compile(r"(?: and | or | to |, ?| ?[-–] ?)(\d{1,2})(?:(?:st|nd|rd|th)\b|(?=[.;)]|\Z))")


def _joined(mention: DateMention, match: re.Match[str], text: str) -> Iterator[DateMention]:
    """The other day of "4 and 5 June" and "June 4th and 5th"."""
    month = match["month"] or match["month2"]
    if match["month"]:
        other = _BEFORE.search(text, max(0, mention.start - 12), mention.start)
    else:
        other = _AFTER.match(text, mention.end) if match["month2"] and not match["year2"] else None
    if other is None or not 1 <= int(other[1]) <= 31:
        return
    first = last = None
    if mention.first:
        with suppress(ValueError):  # 31 June
            first = last = mention.first.replace(day=int(other[1]))
    yield DateMention(*other.span(1), f"{other[1]} {month}", "day", first, last)


def _kind(match: re.Match[str]) -> str:
    if match["iso"] or match["month"] or match["month2"]:
        return "day"
    if match["month3"] or match["month4"]:
        return "month"
    return "year" if match["year4"] else "weekday" if match["weekday"] else "relative"


def _days(match: re.Match[str], published: date | None) -> tuple[date, date] | None:
    try:
        return _absolute(match, published) or _relative(match, published)
    except ValueError:  # 31 February
        return None


def _absolute(match: re.Match[str], published: date | None) -> tuple[date, date] | None:
    if match["iso"]:
        return (date.fromisoformat(match["iso"]),) * 2
    if match["year4"]:
        return date(int(match["year4"]), 1, 1), date(int(match["year4"]), 12, 31)
    month = match["month"] or match["month2"] or match["month3"] or match["month4"]
    if not month:
        return None
    number = _MONTHS[month.lower()]
    year = match["year"] or match["year2"] or match["year3"]
    day = match["day"] or match["day2"]
    if not year and not published:
        return None
    chosen = int(year) if year else _year(number, int(day or 1), published or date.min)
    if day:
        return (date(chosen, number, int(day)),) * 2
    return _month(chosen, number)


def _year(month: int, day: int, published: date) -> int:
    """The year of a date without one: the nearest to the publication."""
    years = (published.year - 1, published.year, published.year + 1)
    last = {year: min(day, calendar.monthrange(year, month)[1]) for year in years}
    return min(years, key=lambda year: abs((date(year, month, last[year]) - published).days))


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _relative(match: re.Match[str], published: date | None) -> tuple[date, date] | None:
    if published is None:
        return None
    if near := match["near"]:
        shift = {"yesterday": -1, "tomorrow": 1}.get(near.lower(), 0)
        return (published + timedelta(days=shift),) * 2
    if match["weekday"]:
        return (_weekday(_DAYS[match["weekday"].lower()], match["way"], published),) * 2
    if match["span"]:
        step = {"next": 1, "this": 0}.get(match["step"].lower(), -1)
        return _span(match["span"].lower(), step, published)
    if match["ago"]:
        count = match["count"].lower()
        number = int(count) if count.isdigit() else _COUNT[count]
        if match["unit"].lower() == "day":
            return (published - timedelta(days=number),) * 2
        return _span(match["unit"].lower(), -number, published)
    return None


def _weekday(weekday: int, way: str | None, published: date) -> date:
    if (way or "").lower() == "next":
        return published + timedelta(days=(weekday - published.weekday() - 1) % 7 + 1)
    return published - timedelta(days=(published.weekday() - weekday) % 7)


def _span(unit: str, steps: int, published: date) -> tuple[date, date]:
    """The calendar week, month or year that lies `steps` from the publication's."""
    if unit == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=steps)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        months = published.year * 12 + published.month - 1 + steps
        return _month(months // 12, months % 12 + 1)
    return date(published.year + steps, 1, 1), date(published.year + steps, 12, 31)
