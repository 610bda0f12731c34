"""What the page says before anything was asked: what is here, who writes, and what to try.

welcome = Welcome(newsbot)
welcome.show()          # at once, with the suggestions that are known by now
welcome.suggest()       # when they are computed, which may take seconds
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from html import escape
from threading import Lock
from typing import TYPE_CHECKING

from bot.entities import ArticleDetails
from bot.errors import NewsbotError
from bot.rendering.notation import clean
from bot.rendering.phrases import count
from bot.suggestions import NEWEST
from bot.web.chat import problem

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

_log = logging.getLogger(__name__)


class Welcome:
    """The invitation to ask. Suggestions are computed once for the newest articles as they are."""

    def __init__(self, newsbot: Newsbot) -> None:
        self._newsbot = newsbot
        self._computing = Lock()
        self._known: tuple[object, tuple[str, ...]] = (None, ())

    def show(self) -> str:
        """The invitation, from what the archive holds now."""
        try:
            newest = self._newsbot.articles(NEWEST)
        except NewsbotError as error:
            return problem(str(error))
        archive, suggestions = self._known
        return introduction(bool(newest), suggestions if archive == _state(newest) else ())

    def suggest(self) -> str:
        """The same with suggestions, however long these take."""
        try:
            state = _state(self._newsbot.articles(NEWEST))
            with self._computing:
                if self._known[0] != state:
                    self._known = (state, self._newsbot.suggestions())
        except NewsbotError:
            _log.warning("Nothing can be suggested", exc_info=True)
        return self.show()


def introduction(holds: bool, suggestions: Sequence[str] = ()) -> str:
    """The invitation: what Newsbot does with the articles that it holds, and messages to try."""
    if not holds:
        return (
            '<div class="nb-welcome"><h2>Nothing to read yet</h2><p>Newsbot answers from articles '
            "that you give it, and from nothing else. Add some in the Library, or on the command "
            "line with <code>newsbot ingest FOLDER</code>; or begin with the sample: a few short "
            "articles, most of them fictional.</p>"
            '<button type="button" class="nb-primary" data-sample>Load the sample articles</button>'
            "</div>"
        )
    tries = "".join(map(_try, [*suggestions, "Brief me on everything"]))
    return (
        '<div class="nb-welcome"><h2>Ask your articles</h2><p>Every sentence of an answer leads '
        "to the sentence of an article that carries it. Choose a number such as "
        '<span class="nb-mark">[1]</span> to read it there. Where the articles do not answer, '
        f"Newsbot says so.</p><ul>{tries}</ul></div>"
    )


def holdings(articles: int, outlets: int) -> str:
    """How much there is to read: "8 articles from 5 outlets"."""
    words = count(articles, "article")
    return f"{words} from {count(outlets, 'outlet')}" if outlets else words


def writer_note(extractive: bool, line: str) -> str:
    """Who writes, for the head of the page; `line` is Newsbot's own words on a model."""
    if not extractive:
        return escape(clean(line))
    return (
        "Writes with the articles’ own sentences. "
        '<span class="nb-hint">For a chat model, set OPENAI_API_KEY or NEWSBOT_MODEL and start '
        "again.</span>"
    )


def _state(newest: Sequence[ArticleDetails]) -> object:
    """What the suggestions were drawn from: others are due when it is another."""
    return tuple((article.id, article.revision) for article in newest)


def _try(message: str) -> str:
    shown = escape(message)
    return f'<li><button type="button" data-ask="{shown}"><bdi>{shown}</bdi></button></li>'
