"""What the page says before anything was asked: what is here, who writes, and what to try.

Examples are built from the articles' own headlines; whether they are answered well is not known
here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from bot.entities import ArticleDetails
from bot.rendering.notation import clean
from bot.rendering.phrases import count

EXAMPLES = 3
_LONGEST = 90  # characters of a headline that makes a readable example


def introduction(articles: Sequence[ArticleDetails]) -> str:
    """The invitation: what Newsbot does with these articles, and messages to try."""
    if not articles:
        return (
            '<div class="nb-welcome"><h2>Nothing to read yet</h2><p>Newsbot answers from articles '
            "that you give it, and from nothing else. Add some on the command line with "
            "<code>newsbot ingest FOLDER</code>, or begin with the sample: a few short articles, "
            "most of them fictional.</p>"
            '<button type="button" class="nb-primary">Load the sample articles</button></div>'
        )
    tries = "".join(map(_try, examples(articles)))
    return (
        '<div class="nb-welcome"><h2>Ask your articles</h2><p>Every sentence of an answer leads '
        "to the sentence of an article that carries it. Choose a number such as "
        '<span class="nb-mark">[1]</span> to read it there. Where the articles do not answer, '
        f"Newsbot says so.</p><ul>{tries}</ul></div>"
    )


def examples(articles: Sequence[ArticleDetails]) -> list[str]:
    """A few messages to try: on the newest headlines that differ, and a briefing."""
    newest = sorted(
        (article for article in articles if 0 < len(article.title) <= _LONGEST),
        key=lambda article: article.published.timestamp() if article.published else 0.0,
        reverse=True,
    )
    chosen: list[str] = []
    for headline in (clean(article.title) for article in newest):
        if not any(_alike(headline, other) for other in chosen):
            chosen.append(headline)
    return [*(f"What about “{each}”?" for each in chosen[:EXAMPLES]), "Brief me on everything"]


def holdings(articles: Sequence[ArticleDetails]) -> str:
    """How much there is to read: "8 articles from 5 outlets"."""
    outlets = {article.outlet for article in articles if article.outlet}
    words = count(len(articles), "article")
    return f"{words} from {count(len(outlets), 'outlet')}" if outlets else words


def writer_note(extractive: bool, line: str) -> str:
    """Who writes, for the head of the page; `line` is Newsbot's own words on a model."""
    if not extractive:
        return escape(clean(line))
    return (
        "Writes with the articles’ own sentences. "
        '<span class="nb-hint">For a chat model, set OPENAI_API_KEY or NEWSBOT_MODEL and start '
        "again.</span>"
    )


def _try(message: str) -> str:
    shown = escape(message)
    return f'<li><button type="button" data-ask="{shown}"><bdi>{shown}</bdi></button></li>'


def _alike(one: str, other: str) -> bool:
    """Whether two headlines share two words, by their beginnings, and so probably the event."""
    return len(_beginnings(one) & _beginnings(other)) >= 2


def _beginnings(headline: str) -> set[str]:
    return {word[:4] for word in re.findall(r"\w{4,}", headline.casefold())}
