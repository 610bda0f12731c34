"""The uses as functions: each is one call on a `Newsbot`, opened from the environment for it.

The `options` are the further arguments of the method of that name, which says what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypedDict, Unpack

from bot.entities import (
    Answer,
    AnswerEvent,
    Briefing,
    Check,
    Conflict,
    IngestReport,
    Passage,
    Report,
    Summary,
)
from bot.newsbot import Newsbot
from bot.periods import Moment

if TYPE_CHECKING:
    from bot.intake import Source
    from bot.sources.given import Given
    from bot.writing.drafts import Turn


class IngestOptions(TypedDict, total=False):
    """Of `Newsbot.ingest`."""

    addresses: Sequence[str]
    restore: bool
    progress: Report


class AskOptions(TypedDict, total=False):
    """Of `Newsbot.ask`."""

    outlets: Sequence[str]
    articles: Sequence[str]
    on_screen: Briefing | None


class SearchOptions(TypedDict, total=False):
    """Of `Newsbot.search`."""

    since: Moment
    until: Moment
    outlets: Sequence[str]
    articles: Sequence[str]
    count: int


class BriefOptions(TypedDict, total=False):
    """Of `Newsbot.brief`."""

    stories: int
    undated: bool
    progress: Report


def ingest(*sources: Source, **options: Unpack[IngestOptions]) -> IngestReport:
    """Keep articles: text, files or folders by `Path`, articles, or what `read` yields."""
    with Newsbot() as newsbot:
        return newsbot.ingest(*sources, **options)


def search(query: str, **options: Unpack[SearchOptions]) -> tuple[Passage, ...]:
    """The passages that fit the query best, numbered from 1."""
    with Newsbot() as newsbot:
        return newsbot.search(query, **options)


def ask(
    question: str,
    history: Sequence[Turn] = (),
    since: Moment = None,
    until: Moment = None,
    **options: Unpack[AskOptions],
) -> Answer:
    """Answer a question from the archive, or abstain with a reason.

    `since` and `until` are a datetime or words ("7d", "yesterday", "2026-11-20").
    """
    with Newsbot() as newsbot:
        return newsbot.ask(question, history, since, until, **options)


def ask_stream(
    question: str,
    history: Sequence[Turn] = (),
    since: Moment = None,
    until: Moment = None,
    **options: Unpack[AskOptions],
) -> Iterator[AnswerEvent]:
    """Answer a question event by event: Searching, DraftText, ClaimChecked, the Answer last."""
    with Newsbot() as newsbot:
        yield from newsbot.ask_stream(question, history, since, until, **options)


def summarise(source: Given | Iterable[Given], bullets: int = 5) -> Summary:
    """Sum up text (`str`), a file (`Path`), an `Article` or several of these in `bullets`.

    Needs no archive. Raises a SourceError when there is nothing to read (`Newsbot.summarise`).
    """
    with Newsbot() as newsbot:
        return newsbot.summarise(source, bullets)


def brief(
    topic: str | None = None,
    since: Moment = None,
    until: Moment = None,
    bullets: int = 3,
    **options: Unpack[BriefOptions],
) -> Briefing:
    """Brief on the archive, or on a topic or period of it, in stories of at most `bullets` claims.

    `since` and `until` are a datetime or words ("7d", "yesterday", "2026-11-20").
    """
    with Newsbot() as newsbot:
        return newsbot.brief(topic, since, until, bullets, **options)


def check(text: str, against: Given | Iterable[Given]) -> Check:
    """Check any text, sentence by sentence, against articles: a verdict each, and a score for all.

    Opens no archive. Raises a SourceError when there is nothing to check (`Newsbot.check`).
    """
    with Newsbot() as newsbot:
        return newsbot.check(text, against)


def conflicts(*articles: Given) -> list[Conflict]:
    """Pairs of sentences that cannot both be true, within an article and between articles.

    Opens no archive (`Newsbot.conflicts`).
    """
    with Newsbot() as newsbot:
        return newsbot.conflicts(*articles)
