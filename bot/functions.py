"""The uses as functions: each is one call on a `Newsbot`, opened from the environment for it.

The `options` are the further arguments of the method of that name.
"""

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
from bot.newsbot import Newsbot
from bot.periods import Moment

if TYPE_CHECKING:
    from bot.intake import Source
    from bot.sources.given import Given
    from bot.writing.drafts import Turn


def ingest(*sources: Source, **options: Any) -> IngestReport:
    """Keep articles: text, files or folders by `Path`, articles, or what `read` yields.

    Options: `addresses` as on the command line, `restore`, `progress` (`Newsbot.ingest`).
    """
    with Newsbot() as newsbot:
        return newsbot.ingest(*sources, **options)


def search(query: str, **options: Any) -> tuple[Passage, ...]:
    """The passages that fit the query best, numbered from 1.

    Options: `since`, `until`, `outlets`, `articles`, `count` (`Newsbot.search`).
    """
    with Newsbot() as newsbot:
        return newsbot.search(query, **options)


def ask(
    question: str,
    history: Sequence[Turn] = (),
    since: Moment = None,
    until: Moment = None,
    **options: Any,
) -> Answer:
    """Answer a question from the archive, or abstain with a reason.

    `since` and `until` are a datetime or words ("7d", "yesterday", "2026-11-20"); further options:
    `outlets`, `articles` by their ids, `on_screen` (`Newsbot.ask`).
    """
    with Newsbot() as newsbot:
        return newsbot.ask(question, history, since, until, **options)


def ask_stream(
    question: str,
    history: Sequence[Turn] = (),
    since: Moment = None,
    until: Moment = None,
    **options: Any,
) -> Iterator[AnswerEvent]:
    """Answer a question event by event: Searching, DraftText, ClaimChecked, the Answer last.

    Options as for `ask` (`Newsbot.ask_stream`).
    """
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
    **options: Any,
) -> Briefing:
    """Brief on the archive, or on a topic or period of it, in stories of at most `bullets` claims.

    `since` and `until` are a datetime or words ("7d", "yesterday", "2026-11-20"); further options:
    `stories`, `undated`, `progress` (`Newsbot.brief`).
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
