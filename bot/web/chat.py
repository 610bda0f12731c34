"""What the page does with a message: one `Exchange` that grows until it is complete.

    for exchange in reply(newsbot, "Who met at the space centre?", earlier):
        show(exchange)

A failure is shown as a notice, in one line; it is never an answer, and never enters the history
that a follow-up question is understood by. This module knows nothing of Gradio.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from bot.entities import Answer, Article, Briefing, DraftText, Outcome, Progress, Summary, Verdict
from bot.errors import ArticleNotFoundError, NewsbotError, SettingsError
from bot.rendering import to_html
from bot.rendering.notation import clean
from bot.web.commands import HELP, Command, Wish, read_command
from bot.web.live import LiveAnswer, stopped_note, waiting
from bot.web.work import Work
from bot.writing.drafts import Turn

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

SAMPLE = "Load the sample articles"
_PAUSE = 0.05  # seconds between two pictures of a draft: smooth to read, and cheap to send
_PASTED = 240  # characters from which on a text is an article, no headline
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A message and what stands below it. `articles` are those that came with the message.

    `stopped` is the markup to show when the work ends here before it is complete.
    """

    message: str
    markup: str = ""
    stopped: str | None = None
    result: Answer | Summary | Briefing | None = None
    articles: tuple[Article, ...] = ()

    def stop(self) -> Exchange:
        """The exchange, not to be completed any more."""
        if self.stopped is None:
            return self
        return replace(self, markup=self.stopped, stopped=None)


def reply(newsbot: Newsbot, message: str, earlier: Sequence[Exchange] = ()) -> Iterator[Exchange]:
    """The exchange on a message, as often as there is more of it to show."""
    start = Exchange(message=message.strip())
    try:
        yield from _exchange(newsbot, start, earlier)
    except NewsbotError as error:
        _log.warning("%s", error, exc_info=error.__cause__)
        yield replace(start, markup=problem(str(error)))
    except Exception:
        _log.exception("A message could not be answered")
        yield replace(start, markup=problem("Newsbot failed; its log holds the cause."))


def load_sample(newsbot: Newsbot) -> Iterator[Exchange]:
    """Ingest the sample articles, as an exchange."""
    start = Exchange(message=SAMPLE)
    try:
        yield from _ingest(newsbot, start, sample_folder())
    except NewsbotError as error:
        yield replace(start, markup=problem(str(error)))


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


def _exchange(newsbot: Newsbot, start: Exchange, earlier: Sequence[Exchange]) -> Iterator[Exchange]:
    command = read_command(start.message)
    match command.wish:
        case Wish.ANSWER:
            yield from _answer(newsbot, start, command.about, earlier)
        case Wish.BRIEFING:
            yield from _brief(newsbot, start, command.about)
        case Wish.SUMMARY:
            yield from _summarise(newsbot, start, command.about)
        case Wish.HELP:
            yield replace(start, markup=_help())
        case Wish.UNKNOWN:
            yield replace(start, markup=problem(_unknown(command)))


def _answer(
    newsbot: Newsbot, start: Exchange, question: str, earlier: Sequence[Exchange]
) -> Iterator[Exchange]:
    live = LiveAnswer()
    yield _unfinished(start, live.markup())
    shown = time.monotonic()
    for event in newsbot.ask_stream(question, history(earlier)):
        live.take(event)
        if isinstance(event, DraftText) and time.monotonic() - shown < _PAUSE:
            continue
        shown = time.monotonic()
        if live.answer is None:
            yield replace(start, markup=live.markup(), stopped=live.markup(stopped=True))
    yield replace(start, markup=live.markup(), result=live.answer)


def _brief(newsbot: Newsbot, start: Exchange, topic: str) -> Iterator[Exchange]:
    yield _unfinished(start, waiting("Gathering the articles"))
    work = Work(lambda report: newsbot.brief(topic or None, progress=report))
    for progress in work:
        yield _unfinished(start, _progress(progress))
    briefing = work.outcome()
    yield replace(start, markup=to_html(briefing), result=briefing)


def _summarise(newsbot: Newsbot, start: Exchange, about: str) -> Iterator[Exchange]:
    yield _unfinished(start, waiting("Reading"))
    article = _article(newsbot, about)
    summary = newsbot.summarise(article)
    yield replace(start, markup=to_html(summary), result=summary, articles=(article,))


def _ingest(newsbot: Newsbot, start: Exchange, folder: Path) -> Iterator[Exchange]:
    yield _unfinished(start, waiting("Reading the sample articles"))
    work = Work(lambda report: newsbot.ingest(folder, progress=report))
    for progress in work:
        yield _unfinished(start, _progress(progress))
    report = work.outcome()
    counts = [f"{report.count(each)} {each}" for each in Outcome if report.count(each)]
    said = f"<p>The sample articles are here ({escape(', '.join(counts))}). Ask about them.</p>"
    yield replace(start, markup=f'<div class="nb-result">{said}</div>')


def _article(newsbot: Newsbot, about: str) -> Article:
    """The archive's article with this id or headline, or the pasted text as an article."""
    from bot.sources.given import article_from_text

    if not about:
        raise SettingsError("Say what to summarise: a headline of the archive, or a pasted text.")
    if "\n" in about or len(about) > _PASTED:
        return article_from_text(about)
    words = about.casefold()
    found = [each for each in newsbot.articles() if words in (each.id, each.title.casefold())]
    found = found or [each for each in newsbot.articles() if words in each.title.casefold()]
    if not found:
        raise ArticleNotFoundError(
            f"No article of the archive is headed {about!r}; give more of its headline, or paste "
            "its text."
        )
    return newsbot.article(found[0].id)


def _unfinished(start: Exchange, markup: str) -> Exchange:
    return replace(start, markup=markup, stopped=stopped_note("Stopped."))


def _progress(progress: Progress) -> str:
    of = f" {progress.done} of {progress.total}" if progress.total else ""
    return waiting(f"{progress.stage.capitalize()}{of}")


def _checked(answer: Answer) -> str:
    sound = (Verdict.SUPPORTED, Verdict.PARTLY)
    return " ".join(claim.text for claim in answer.claims if claim.verdict in sound)


def _help() -> str:
    lines = "".join(f"<dt>{escape(name)}</dt><dd>{escape(what)}</dd>" for name, what in HELP)
    return f'<div class="nb-result"><dl class="nb-help">{lines}</dl></div>'


def _unknown(command: Command) -> str:
    return f"There is no command /{command.about}; /help lists those that there are."
