"""Parcels for the tests of delivery, and a ledger with a clock that tests set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.archive.database import Database
from bot.archive.deliveries import Deliveries
from bot.delivery import Parcel
from bot.entities import Article, Briefing, Citation, Claim, Story, Verdict
from bot.rendering import to_html, to_markdown

MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
HOSTILE = (
    "Bad\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script> <!channel> <@U1> "
    "<https://evil.example|click> &amp; \u202eevil\u202c \x1b[31m \ufffe ]]> </title> *bold* `x`"
)


def parcel(number: int = 1, **changes: Any) -> Parcel:
    """The edition of a morning, of one story with one claim."""
    created = MORNING + timedelta(days=number - 1, seconds=5)
    told = briefing(created, changes.pop("title", f"Tram line {number} approved"))
    values: dict[str, Any] = {
        "id": f"morning-{created:%Y-%m-%d}",
        "name": "morning",
        "slot": created.replace(second=0),
        "created": created,
        "subject": f"Morning briefing {number}",
        "markdown": to_markdown(told),
        "html": to_html(told),
        "json": told.to_json(),
    }
    return Parcel(**{**values, **changes})


def briefing(created: datetime, title: str, text: str = "The council approved the tram line."):
    article = Article(
        id="a1", title=title, text=text, outlet="Wire", url="https://example.org/tram?a=1&b=2"
    )
    citation = Citation("a1", 1, 0, len(text), text)
    claim = Claim(text=text, citations=(citation,), verdict=Verdict.SUPPORTED)
    story = Story(headline=title, headline_article="a1", claims=(claim,), articles=("a1",))
    return Briefing(created=created, stories=(story,), articles=(article.details,))


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def open_ledger(folder: Path, clock: Clock | None = None) -> Deliveries:
    return Deliveries(Database(folder / "newsbot.db"), clock or Clock())
