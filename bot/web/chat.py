"""What the page does with a message: one `Exchange` that grows until it is complete.

    for exchange in reply(newsbot, "Who met at the space centre?", earlier):
        show(exchange)

A failure is shown as a notice, in one line; it is never an answer, and never enters the history
that a follow-up question is understood by. This module knows neither Gradio nor how exchanges are
kept.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from bot.entities import (
    Answer,
    Article,
    ArticleDetails,
    Briefing,
    DraftText,
    Ingested,
    Outcome,
    Progress,
    Summary,
    Verdict,
)
from bot.errors import ArticleNotFoundError, EmptySourceError, NewsbotError, SettingsError
from bot.rendering import to_html
from bot.rendering.notation import clean
from bot.sources.addresses import is_web
from bot.web.commands import HELP, Command, Wish, read_command
from bot.web.live import LiveAnswer, stopped_note, waiting
from bot.web.words import name_stage
from bot.web.work import Work
from bot.writing.drafts import Turn

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

Result = Answer | Summary | Briefing

SAMPLE = "Load the sample articles"
STOPPED = "Stopped."
_PAUSE = 0.1  # seconds between two pictures of a draft: ten readers at once cost half a core
_PASTED = 240  # characters from which on a text is an article, no headline
_SUMMARISED = 5  # articles of one address that make one summary
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a message is limited to: a period in words or days, outlets, ids of articles."""

    since: str = ""
    until: str = ""
    outlets: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


EVERYTHING = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A message and what stands below it, `markup`.

    In the end there is a `result`, or a `failure` in one line, or neither when it was stopped
    before anything was checked. `articles` are those that came with the message. `partial` is the
    result when the work ends here, before it is complete. `passing` exchanges, such as help, are
    not kept. `id` names a kept one; `good` and `comment` are what its user thought of it.
    """

    message: str
    markup: str = ""
    result: Result | None = None
    failure: str = ""
    articles: tuple[Article, ...] = ()
    partial: Answer | None = None
    unfinished: bool = False
    passing: bool = False
    id: str = ""
    good: bool | None = None
    comment: str = ""

    def stop(self) -> Exchange:
        """The exchange, not to be completed any more: with what was checked by now."""
        if not self.unfinished:
            return self
        markup = to_html(self.partial) if self.partial else stopped_note(STOPPED)
        return replace(self, markup=markup, result=self.partial, partial=None, unfinished=False)


def reply(
    newsbot: Newsbot,
    message: str,
    earlier: Sequence[Exchange] = (),
    limits: Limits = EVERYTHING,
) -> Iterator[Exchange]:
    """The exchange on a message, as often as there is more of it to show."""
    start = Exchange(message=message.strip())
    try:
        yield from _exchange(newsbot, start, earlier, limits)
    except NewsbotError as error:
        _log.warning("%s", error, exc_info=error.__cause__)
        yield _failed(start, str(error))
    except Exception:
        _log.exception("A message could not be answered")
        yield _failed(start, "Newsbot failed; its log holds the cause.")


def load_sample(newsbot: Newsbot) -> Iterator[Exchange]:
    """Ingest the sample articles, as an exchange that is not kept."""
    start = Exchange(message=SAMPLE, passing=True)
    try:
        yield from _ingest(newsbot, start, sample_folder())
    except NewsbotError as error:
        yield _failed(start, str(error))


def sample_folder() -> Path:
    """The sample articles that come with Newsbot; raises SettingsError when they do not."""
    folder = Path(__file__).parents[2] / "seeds"
    if not folder.is_dir():
        raise SettingsError(
            f"The sample articles are not at {folder}; ingest articles of your own."
        )
    return folder


def history(earlier: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The questions answered so far, each with its checked claims."""
    return tuple(
        Turn(exchange.result.question, _checked(exchange.result))
        for exchange in earlier
        if isinstance(exchange.result, Answer)
    )


def problem(line: str) -> str:
    """A failure, in one line."""
    return f'<p class="nb-problem" role="alert">{escape(clean(line))}</p>'


def _exchange(
    newsbot: Newsbot, start: Exchange, earlier: Sequence[Exchange], limits: Limits
) -> Iterator[Exchange]:
    command = read_command(start.message)
    match command.wish:
        case Wish.ANSWER:
            yield from _answer(newsbot, start, command.about, earlier, limits)
        case Wish.BRIEFING:
            yield from _brief(newsbot, start, command.about, limits)
        case Wish.SUMMARY:
            yield from _summarise(newsbot, start, command.about)
        case Wish.HELP:
            yield replace(start, markup=_help(), passing=True)
        case Wish.UNKNOWN:
            yield replace(_failed(start, _unknown(command)), passing=True)


def _answer(
    newsbot: Newsbot,
    start: Exchange,
    question: str,
    earlier: Sequence[Exchange],
    limits: Limits,
) -> Iterator[Exchange]:
    briefings = [one.result for one in earlier if isinstance(one.result, Briefing)]
    live = LiveAnswer(
        question,
        newsbot.settings.writer,
        lambda ids: [newsbot.article(each).details for each in ids],
    )
    yield _unfinished(start, live.markup())
    shown = 0.0
    for event in newsbot.ask_stream(
        question,
        history(earlier),
        limits.since or None,
        limits.until or None,
        outlets=limits.outlets,
        articles=limits.articles,
        on_screen=briefings[-1] if briefings else None,
    ):
        live.take(event)
        if isinstance(event, DraftText):
            if time.monotonic() - shown < _PAUSE:
                continue
            shown = time.monotonic()
        if live.answer is None:
            yield replace(start, markup=live.markup(), partial=live.partial, unfinished=True)
    yield replace(start, markup=live.markup(), result=live.answer)


def _brief(newsbot: Newsbot, start: Exchange, topic: str, limits: Limits) -> Iterator[Exchange]:
    yield _unfinished(start, waiting("Gathering the articles"))
    since, until = limits.since or None, limits.until or None
    work = Work(lambda report: newsbot.brief(topic or None, since, until, progress=report))
    for progress in work:
        yield _unfinished(start, _progress(progress))
    briefing = work.outcome()
    yield replace(start, markup=to_html(briefing), result=briefing)


def _summarise(newsbot: Newsbot, start: Exchange, about: str) -> Iterator[Exchange]:
    yield _unfinished(start, waiting(f"Fetching {about}" if is_web(about) else "Reading"))
    articles = find_articles(newsbot, about)
    summary = newsbot.summarise(articles)
    yield replace(start, markup=to_html(summary), result=summary, articles=tuple(articles))


def _ingest(newsbot: Newsbot, start: Exchange, folder: Path) -> Iterator[Exchange]:
    yield _unfinished(start, waiting("Reading the sample articles"))
    work = Work(lambda report: newsbot.ingest(folder, progress=report))
    for progress in work:
        yield _unfinished(start, _progress(progress))
    report = work.outcome()
    counts = [f"{report.count(each)} {each}" for each in Outcome if report.count(each)]
    said = f"<p>The sample articles are here ({escape(', '.join(counts))}). Ask about them.</p>"
    yield replace(start, markup=f'<div class="nb-result">{said}</div>')


def find_articles(newsbot: Newsbot, about: str) -> list[Article]:
    """What to summarise: what a web address holds, a pasted text, or the archive's own article.

    A name of a file is none of these. Raises a SourceError when there is nothing to read.
    """
    from bot.sources.given import article_from_text

    if not about:
        raise SettingsError(
            "Say what to summarise: a web address, a headline of the archive, or a pasted text."
        )
    if is_web(about):
        return _fetch(newsbot, about)
    if "\n" in about or len(about) > _PASTED:
        return [article_from_text(about)]
    return [newsbot.article(_find(newsbot.articles(), about))]


def _fetch(newsbot: Newsbot, address: str) -> list[Article]:
    """The article at a web address, through the one door to the web."""
    from bot.sources.web import open_web

    with open_web(newsbot.settings) as web:
        found = list(web.read(address))
    articles = [each for each in found if isinstance(each, Article)]
    if not articles:
        told = next((each.message for each in found if isinstance(each, Ingested)), "")
        raise EmptySourceError(told or f"No article was found at {address}.")
    if len(articles) > _SUMMARISED:
        raise SettingsError(
            f"{address} holds {len(articles)} articles; give the address of one, or ingest them "
            "and ask for a briefing."
        )
    return articles


def _find(articles: Sequence[ArticleDetails], about: str) -> str:
    words = about.casefold()
    found = [each.id for each in articles if words in (each.id, each.title.casefold())]
    found = found or [each.id for each in articles if words in each.title.casefold()]
    if not found:
        raise ArticleNotFoundError(
            f"No article of the archive is headed {about!r}; give more of its headline, or paste "
            "its text."
        )
    return found[0]


def _unfinished(start: Exchange, markup: str) -> Exchange:
    return replace(start, markup=markup, unfinished=True)


def _failed(start: Exchange, line: str) -> Exchange:
    return replace(start, markup=problem(line), failure=line)


def _progress(progress: Progress) -> str:
    if progress.stage == "estimating":  # before what may be costly
        return waiting(f"Asking the model: {progress.note}")
    of = f" {progress.done} of {progress.total}" if progress.total else ""
    return waiting(f"{name_stage(progress.stage)}{of}")


def _checked(answer: Answer) -> str:
    sound = (Verdict.SUPPORTED, Verdict.PARTLY)
    return " ".join(claim.text for claim in answer.claims if claim.verdict in sound)


def _help() -> str:
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(what)}</dd>" for name, what in HELP)
    return f'<div class="nb-result"><dl class="nb-help">{lines}</dl></div>'


def _unknown(command: Command) -> str:
    return f"There is no command /{command.about}; /help lists those that there are."
