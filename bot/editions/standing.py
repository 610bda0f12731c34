"""Standing briefings: the entries of briefings.toml, read and checked.

Mistakes are told by line and key, all at once, each with a suggestion where one is near. This
module knows what an entry may say; `entries` knows the types of the values, `bot.delivery` the
destinations.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.editions.entries import Entry, Mistake
from bot.editions.positions import find_lines
from bot.editions.slots import Schedule, is_cron, parse_schedule, parse_zone
from bot.errors import SettingsError, StandingBriefingError
from bot.periods import parse_moment

SINCE_LAST = "since the last edition"
FOLD, LEAVE_OUT = "fold", "leave out"
STORIES, HEADLINES = "stories", "headlines"

_OWN_MODELS = ("extractive", "local")  # names that no provider gives to another
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_KEYS = (
    "name", "title", "topic", "watch", "sources", "period", "stories", "bullets", "style",
    "repeated", "schedule", "timezone", "model", "budget", "deliver",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watchlist:
    """What a standing briefing watches: articles that name a term or a person, or an outlet's."""

    terms: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.outlets or self.people)


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that an edition may use, None without limit; `money` in the currency of prices."""

    tokens: int | None = None
    money: float | None = None

    def __bool__(self) -> bool:
        return self.tokens is not None or self.money is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingBriefing:
    """An entry of briefings.toml. `schedule` None: it is run by name alone.

    `sources` are addresses that are read before it is written, files as absolute paths. `deliver`
    holds the destinations' tables, as they stand in the file. Every time is told in its `zone`.
    """

    name: str
    title: str = ""
    topic: str | None = None
    watch: Watchlist = Watchlist()
    sources: tuple[str, ...] = ()
    period: str = SINCE_LAST
    stories: int = 8
    bullets: int = 3
    style: str = STORIES
    repeated: str = FOLD
    schedule: Schedule | None = None
    zone: tzinfo = UTC
    model: str | None = None
    budget: Limit = Limit()
    deliver: tuple[dict[str, Any], ...] = field(default=(), hash=False)

    @property
    def subject(self) -> str | None:
        """Its topic and what it watches, in one line for a search; None for everything."""
        named = (self.topic, *self.watch.terms, *self.watch.people)
        return ", ".join(one for one in named if one) or None


def read_standing(path: Path, zone: tzinfo) -> tuple[StandingBriefing, ...]:
    """The standing briefings of a file. `zone` is the user's, for schedules in words.

    Raises StandingBriefingError with the first mistake, and how many there are.
    """
    standing, mistakes = check_standing(path, zone)
    if mistakes:
        more = f" ({len(mistakes) - 1} more: newsbot schedule check)" if mistakes[1:] else ""
        raise StandingBriefingError(f"{path}, {mistakes[0]}{more}")
    return standing


def check_standing(
    path: Path, zone: tzinfo
) -> tuple[tuple[StandingBriefing, ...], tuple[Mistake, ...]]:
    """The standing briefings of a file as far as they are right, and every mistake in it.

    Raises StandingBriefingError when the file cannot be read or is no TOML.
    """
    text = _text(path)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StandingBriefingError(f"{path} is not valid TOML: {error}.") from error
    return _parse(tables, text, path.parent, zone)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StandingBriefingError(
            f"{path} is not there; write your standing briefings into it "
            "(seeds/briefings.toml is a sample), or name another file with NEWSBOT_BRIEFINGS."
        ) from None
    except (OSError, UnicodeError) as error:
        raise StandingBriefingError(f"{path} cannot be read: {error}.") from error


def _parse(
    tables: dict[str, Any], text: str, folder: Path, zone: tzinfo
) -> tuple[tuple[StandingBriefing, ...], tuple[Mistake, ...]]:
    mistakes: list[Mistake] = []
    whole = Entry(tables, (), find_lines(text), mistakes)
    whole.know("briefing", "timezone")
    named = _zone(whole)
    standing: list[StandingBriefing] = []
    for entry in whole.tables("briefing"):
        before = len(mistakes)
        one = _standing(entry, folder, named, zone)
        if one.name and one.name in {other.name for other in standing}:
            entry.tell("name", f"{one.name!r} is taken by another briefing; choose another name")
        if len(mistakes) == before:
            standing.append(one)
    if not standing and not mistakes:
        whole.tell("", "there is no briefing; begin one with [[briefing]]")
    return tuple(standing), tuple(sorted(mistakes, key=lambda mistake: mistake.line))


def _standing(entry: Entry, folder: Path, named: tzinfo | None, zone: tzinfo) -> StandingBriefing:
    entry.know(*_KEYS)
    named = _zone(entry) or named
    schedule = _schedule(entry, named, zone)
    return StandingBriefing(
        name=_name(entry),
        title=entry.text("title", ""),
        topic=entry.text("topic", "") or None,
        watch=_watch(entry),
        sources=tuple(_address(one, folder) for one in entry.texts("sources")),
        period=_period(entry),
        stories=entry.number("stories", 8, 1, 100),
        bullets=entry.number("bullets", 3, 1, 20),
        style=entry.choice("style", (STORIES, HEADLINES)),
        repeated=entry.choice("repeated", (FOLD, LEAVE_OUT)),
        schedule=schedule,
        zone=schedule.zone if schedule else named or zone,
        model=_model(entry),
        budget=_limit(entry),
        deliver=_deliver(entry),
    )


def _name(entry: Entry) -> str:
    name = entry.text("name", "")
    if not name:
        entry.tell("name", 'each briefing needs a name, as in name = "morning"')
    elif not _NAME.fullmatch(name):
        entry.tell("name", f"{name!r} should be of small letters, digits, - and _ alone")
    return name


def _watch(entry: Entry) -> Watchlist:
    watch = entry.table("watch")
    watch.know("terms", "outlets", "people")
    return Watchlist(watch.texts("terms"), watch.texts("outlets"), watch.texts("people"))


def _model(entry: Entry) -> str | None:
    name = entry.text("model", "")
    near = get_close_matches(name, _OWN_MODELS, n=1, cutoff=0.8)
    if near and name not in near:
        entry.tell("model", f"there is no model {name!r}; did you mean {near[0]!r}?")
    return name or None


def _limit(entry: Entry) -> Limit:
    budget = entry.table("budget")
    budget.know("tokens", "money")
    tokens = budget.number("tokens", 0, 1, 1_000_000_000) if "tokens" in budget.values else None
    return Limit(tokens, budget.amount("money"))


def _period(entry: Entry) -> str:
    period = entry.text("period", SINCE_LAST)
    if period != SINCE_LAST:
        try:
            parse_moment(period, datetime.now(UTC))
        except SettingsError:
            entry.tell("period", f"{period!r} is no period; use 24h, 7d or {SINCE_LAST!r}")
    return period


def _zone(entry: Entry) -> tzinfo | None:
    name = entry.text("timezone", "")
    try:
        return parse_zone(name) if name else None
    except SettingsError as error:
        entry.tell("timezone", str(error).rstrip("."))
        return None


def _schedule(entry: Entry, named: tzinfo | None, zone: tzinfo) -> Schedule | None:
    text = entry.text("schedule", "")
    if not text:
        return None
    try:
        is_said = bool(entry.text("timezone", ""))  # where it is wrong, that is told of its own key
        return parse_schedule(text, named or (None if is_cron(text) and not is_said else zone))
    except SettingsError as error:
        entry.tell("schedule", str(error).rstrip("."))
        return None


def _deliver(entry: Entry) -> tuple[dict[str, Any], ...]:
    """The destinations' tables as they stand; what is wrong with one is told like the rest."""
    from bot.delivery import find_mistakes

    tables = list(entry.tables("deliver"))
    for mistake in find_mistakes(one.values for one in tables):
        number, *keys = mistake.keys
        tables[int(number)].tell(".".join(map(str, keys[:1])), mistake.message.rstrip("."))
    return tuple(one.values for one in tables)


def _address(address: str, folder: Path) -> str:
    """A web address as it is; a file's from the folder that briefings.toml is in."""
    if re.match(r"[a-z][a-z0-9+.-]+://", address, re.IGNORECASE):
        return address
    return str(folder / Path(address).expanduser())


def name_of(name: str, standing: Sequence[StandingBriefing]) -> StandingBriefing:
    """The standing briefing of a name. Raises StandingBriefingError with those there are."""
    for one in standing:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in standing)
    raise StandingBriefingError(f"There is no standing briefing {name!r}; there are: {known}.")
