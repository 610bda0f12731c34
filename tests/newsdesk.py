"""A newsroom for tests: a data directory, a clock that one sets, and articles with dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import Article, Newsbot, read_settings

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
EVERY_DAY = '[[briefing]]\nname = "daily"\nschedule = "every day 07:00"\ntimezone = "UTC"\n'


class Clock:
    """A clock that stands until it is set; call it for the present."""

    def __init__(self, now: datetime = MONDAY + timedelta(hours=7)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> datetime:
        """Lets time pass, as in `pass_(days=1)`."""
        self.now += timedelta(**time)
        return self.now


def open_desk(
    directory: Path,
    clock: Callable[[], datetime],
    standing: str = EVERY_DAY,
    reached: Callable[[str], None] | None = None,
    **settings: object,
) -> Newsbot:
    """A Newsbot on the directory, with these standing briefings in its file."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "briefings.toml").write_text(standing, encoding="utf-8")
    chosen = read_settings(**{"data": directory, "timezone": "UTC", **settings})
    return Newsbot(chosen, clock=clock, reached=reached)


def article(
    identity: str, text: str, published: datetime | None, title: str = "", outlet: str = "Gazette"
) -> Article:
    """An article; its headline is its first sentence where none is given."""
    headline = title or text.partition(".")[0]
    return Article(id=identity, title=headline, text=text, published=published, outlet=outlet)
