"""Checking a text against articles: the form, the check as it runs, and an example to try.

    for state in check(newsbot, fields, uploads, StopButton()):
        show(state.markup)

This module knows nothing of Gradio.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from bot.archive.catalogue import Wanted
from bot.entities import Article, ArticleDetails, Check, Progress
from bot.errors import (
    EmptySourceError,
    InterruptedWorkError,
    NewsbotError,
    SourceNotFoundError,
)
from bot.rendering.verdicts import lay_out_verdicts
from bot.web.chat import sample_folder
from bot.web.downloads import show_downloads
from bot.web.fields import Fields
from bot.web.words import STOPPED, facts, show_failure, show_progress
from bot.web.work import StopButton, Work

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

OFFERED = 8  # articles of the library that a search offers
LONGEST = 20_000  # characters of a text to check: a summary, not a book
_DIVIDER = re.compile(r"^\s*(?:-{3,}|\*{3,}|={3,})\s*$", re.MULTILINE)
_EXAMPLE = (
    "Kim Jong Un met Vladimir Putin at the Vostochny space center in Russia. Kim arrived in Russia "
    "by plane. Putin offered help with satellites. The two leaders signed a trade agreement worth "
    "40 million dollars."
)
_log = logging.getLogger(__name__)


class Uploads:
    """The files that one visitor uploaded for checks: read once, and deleted then.

    `folder` is where the page stores what is uploaded.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, tuple[Article, ...]] = {}

    def __deepcopy__(self, memo: object) -> Uploads:
        return Uploads(self._folder)  # each visitor has some of their own

    def articles(self, fields: Fields) -> Iterator[Article]:
        """The articles of the files that the form names. Raises a SourceError for one without."""
        for name in fields.choices("file"):
            if name not in self._read:
                self._read[name] = self._take(fields, name)
            yield from self._read[name]

    def _take(self, fields: Fields, name: str) -> tuple[Article, ...]:
        from bot.sources import articles_from

        stored = fields.files("file", self._folder)
        path = next((one for one in stored if one == Path(name).resolve()), None)
        if path is None:
            raise SourceNotFoundError("An uploaded file is there no more; choose it again.")
        try:
            return articles_from(path)
        finally:
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class State:
    """What stands below the form, in the end the check and the articles it was made against."""

    markup: str
    check: Check | None = None
    articles: tuple[Article, ...] = ()


def check(
    newsbot: Newsbot, fields: Fields, uploads: Uploads, button: StopButton
) -> Iterator[State]:
    """The states of the tab while the form's text is checked against its articles."""
    yield State(show_progress(Progress("reading articles", 0)))
    try:
        text = _text(fields)
        articles = tuple(_articles(newsbot, fields, uploads))
        if not articles:
            raise EmptySourceError("There is nothing to check against; give at least one article.")
        yield State(show_progress(Progress("checking", 0)))
        work = button.put_on(Work(lambda report: newsbot.check(text, articles)))
        for progress in work:
            yield State(show_progress(progress))
        made = work.outcome()
        markup = show_downloads("md", "json") + lay_out_verdicts(made)
        yield State(markup, made, articles)
    except InterruptedWorkError:
        yield State(STOPPED)
    except NewsbotError as error:
        _log.warning("%s", error, exc_info=error.__cause__)
        yield State(show_failure(str(error)))


def show_form(
    text: str = "",
    given: str = "",
    chosen: Sequence[ArticleDetails] = (),
    offered: Sequence[ArticleDetails] | None = None,
    words: str = "",
) -> str:
    """The form: the text, and the articles that are pasted, uploaded or chosen in the library."""
    return (
        '<form class="nb-checking" data-event="check" aria-label="Check">'
        '<label class="nb-field">The text to check<textarea name="text" rows="7" '
        f'placeholder="A summary, by whomever or whatever it was written">{escape(text)}</textarea>'
        '</label><fieldset class="nb-against"><legend>The articles to check it against</legend>'
        '<label class="nb-field">Paste articles<textarea name="given" rows="5" '
        f'placeholder="Between two articles, a line of three hyphens: ---">{escape(given)}'
        "</textarea></label>"
        '<div class="nb-drop" data-drop><label>Or drop files here, or <span>choose files</span>'
        '<input type="file" multiple data-name="file"></label><ul class="nb-files"></ul></div>'
        f"{_picker(chosen, offered, words)}</fieldset>"
        '<div class="nb-actions"><button type="submit" class="nb-primary">Check the text</button>'
        '<button type="button" class="nb-stop" data-event="stop">Stop</button>'
        '<button type="button" class="nb-plain" data-event="example">Fill in an example</button>'
        "</div></form>"
    )


def fill(newsbot: Newsbot, fields: Fields) -> str:
    """The form again, after a search of the library or a choice in it."""
    words = fields.line("find")
    dropped = fields.choices("drop")
    ids = [one for one in fields.choices("article") if one not in dropped]
    chosen = [newsbot.article(one).details for one in ids]
    offered = None
    if words:
        listing = newsbot.catalogue.page(Wanted(words=words, size=OFFERED + len(chosen)))
        found = (entry.article for entry in listing.entries)
        offered = [one for one in found if one.id not in ids][:OFFERED]
    return show_form(chosen=chosen, offered=offered, words=words)


def show_example() -> str:
    """The form with an example: a summary of the sample's first article that is partly wrong."""
    try:
        article = min(sample_folder().glob("*.txt")).read_text(encoding="utf-8")
    except (NewsbotError, OSError, ValueError):
        return show_form(text=_EXAMPLE)
    return show_form(text=_EXAMPLE, given=article)


def _text(fields: Fields) -> str:
    text = fields.text("text")
    if len(text) > LONGEST:
        raise EmptySourceError(
            f"The text has {len(text):,} characters; check at most {LONGEST:,} at a time."
        )
    return text


def _articles(newsbot: Newsbot, fields: Fields, uploads: Uploads) -> Iterator[Article]:
    from bot.sources import article_from_text

    for part in _DIVIDER.split(fields.text("given")):
        if part.strip():
            yield article_from_text(part)
    yield from uploads.articles(fields)
    for identity in fields.choices("article"):
        yield newsbot.article(identity)


def _picker(
    chosen: Sequence[ArticleDetails], offered: Sequence[ArticleDetails] | None, words: str
) -> str:
    chips = "".join(_chosen(one) for one in chosen)
    lines = "".join(_offered(one) for one in offered or ())
    none = '<p class="nb-hint">No other article of the library fits.</p>'
    found = "" if offered is None else (f'<ul class="nb-offered">{lines}</ul>' if lines else none)
    return (
        '<div class="nb-picker"><label class="nb-field">Or choose in the library'
        f'<input type="search" name="find" value="{escape(words)}" data-live-event="find" '
        'placeholder="Headline, text, outlet" autocomplete="off"></label>'
        f'{found}<ul class="nb-chosen">{chips}</ul></div>'
    )


def _chosen(article: ArticleDetails) -> str:
    title = escape(article.title or article.id)
    identity = escape(article.id)
    return (
        f'<li><input type="hidden" name="article" value="{identity}"><bdi>{title}</bdi>'
        f'<button type="button" data-event="find" data-submits data-field="drop" '
        f'data-value="{identity}" aria-label="Leave out {title}">×</button></li>'
    )


def _offered(article: ArticleDetails) -> str:
    title, identity = escape(article.title or article.id), escape(article.id)
    return (
        f'<li><button type="button" data-event="find" data-submits data-field="article" '
        f'data-value="{identity}"><bdi>{title}</bdi><span class="nb-facts">{facts(article)}</span>'
        "</button></li>"
    )
