"""The uses as functions: each is one call on a `Newsbot`, opened from the environment for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bot.entities import (
    Answer,
    AnswerEvent,
    Briefing,
    Check,
    Conflict,
    IngestReport,
    Passage,
    Summary,
)
from bot.newsbot import Given, Moment, Newsbot

if TYPE_CHECKING:
    from bot.intake import Source
    from bot.writing.drafts import Turn


def ingest(*sources: Source, **options: Any) -> IngestReport:
    """`Newsbot.ingest` on the archive of the settings."""
    with Newsbot() as newsbot:
        return newsbot.ingest(*sources, **options)


def search(query: str, **options: Any) -> tuple[Passage, ...]:
    """`Newsbot.search` on the archive of the settings."""
    with Newsbot() as newsbot:
        return newsbot.search(query, **options)


def ask(
    question: str,
    history: Sequence[Turn] = (),
    since: Moment = None,
    until: Moment = None,
    **options: Any,
) -> Answer:
    """`Newsbot.ask` on the archive of the settings."""
    with Newsbot() as newsbot:
        return newsbot.ask(question, history, since, until, **options)


def ask_stream(
    question: str,
    history: Sequence[Turn] = (),
    since: Moment = None,
    until: Moment = None,
    **options: Any,
) -> Iterator[AnswerEvent]:
    """`Newsbot.ask_stream` on the archive of the settings."""
    with Newsbot() as newsbot:
        yield from newsbot.ask_stream(question, history, since, until, **options)


def summarise(source: Given | Iterable[Given], bullets: int = 5) -> Summary:
    """`Newsbot.summarise` with the settings' writer; opens no archive."""
    with Newsbot() as newsbot:
        return newsbot.summarise(source, bullets)


def brief(
    topic: str | None = None,
    since: Moment = None,
    until: Moment = None,
    bullets: int = 3,
    **options: Any,
) -> Briefing:
    """`Newsbot.brief` on the archive of the settings."""
    with Newsbot() as newsbot:
        return newsbot.brief(topic, since, until, bullets, **options)


def check(text: str, against: Given | Iterable[Given]) -> Check:
    """`Newsbot.check`; opens no archive."""
    with Newsbot() as newsbot:
        return newsbot.check(text, against)


def conflicts(*articles: Given) -> list[Conflict]:
    """`Newsbot.conflicts`; opens no archive."""
    with Newsbot() as newsbot:
        return newsbot.conflicts(*articles)
