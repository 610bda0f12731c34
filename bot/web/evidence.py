"""The evidence pane: an article with the cited sentence marked in its text.

Spans count characters of `Article.text`. The other sentences that the same answer cites from the
article are marked more quietly. This module knows neither the page nor the archive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from bot.entities import Article, ArticleDetails
from bot.errors import ArticleNotFoundError
from bot.rendering.notation import clean, safe_url
from bot.rendering.phrases import describe_origin

Span = tuple[int, int]

NEWEST = 12  # articles listed while none is chosen


@dataclass(frozen=True, slots=True)
class Selection:
    """A mark that somebody chose: the cited sentence, and the others of its article."""

    article: str
    revision: int
    span: Span
    others: tuple[Span, ...] = ()


def read_selection(chosen: Any) -> Selection:
    """What the browser says was chosen: the target of a mark, and those of its neighbours.

    Raises ArticleNotFoundError when that is no target; the browser's word is never trusted.
    """
    try:
        article, revision, span = _parse(chosen["cite"])
        near = [_parse(other) for other in chosen.get("near", ())[:200]]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ArticleNotFoundError("This mark leads to no article; ask again.") from error
    others = tuple(other for name, _, other in near if name == article and other != span)
    return Selection(article, revision, span, others)


def _parse(target: str) -> tuple[str, int, Span]:
    article, revision, start, end = target.removeprefix("#cite/").split("/")
    return unquote(article), int(revision), (int(start), int(end))


def show_article(article: Article, selection: Selection) -> str:
    """The article as HTML; the chosen sentence is `mark.nb-chosen`."""
    facts = [describe_origin(article)]
    if article.author:
        facts.append(f"by {article.author}")
    if article.revision > 1:
        facts.append(f"revision {article.revision}")
    title = escape(clean(article.title or article.address or "Without a headline"))
    return (
        f'<article class="nb-article"><header><h3 tabindex="-1"><bdi>{title}</bdi></h3>'
        f'<p class="nb-facts">{escape(clean(" · ".join(facts)))}{_link(article)}</p></header>'
        f"{_only(article)}"
        f'<div class="nb-text">{highlight(article.text, selection.span, selection.others)}</div>'
        f"{_guessed(article)}</article>"
    )


def show_newest(articles: Sequence[ArticleDetails]) -> str:
    """The newest articles, each to be opened, while no sentence is chosen."""
    lines = "".join(_entry(article) for article in articles)
    return (
        '<div class="nb-newest"><p>Choose a number such as <span class="nb-mark">[1]</span> in an '
        "answer, and its article opens here at the sentence it stands for.</p>"
        + (f"<h3>Newest articles</h3><ul>{lines}</ul>" if lines else "")
        + "</div>"
    )


def show_problem(line: str) -> str:
    """Why there is no article to show, in one line."""
    return f'<p class="nb-problem" role="alert">{escape(clean(line))}</p>'


def highlight(text: str, chosen: Span, others: Sequence[Span] = ()) -> str:
    """`text` as paragraphs, one a line, with the spans marked."""
    paragraphs, start = [], 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        if line.strip():
            pieces = "".join(_pieces(text, start, end, chosen, others))
            paragraphs.append(f'<p dir="auto">{pieces}</p>')
        start = end
    return "".join(paragraphs)


def _pieces(text: str, start: int, end: int, chosen: Span, others: Sequence[Span]) -> Iterable[str]:
    """The line from `start` to `end`, cut wherever a span begins or ends in it."""
    edges = {edge for span in (chosen, *others) for edge in span if start < edge < end}
    cuts = sorted({start, end} | edges)
    for left, right in pairwise(cuts):
        shown = _verbatim(text[left:right])
        if _covers(chosen, left):
            yield f'<mark class="nb-chosen">{shown}</mark>'
        elif any(_covers(span, left) for span in others):
            yield f'<mark class="nb-cited">{shown}</mark>'
        else:
            yield shown


def _covers(span: Span, place: int) -> bool:
    return span[0] <= place < span[1]


def _verbatim(text: str) -> str:
    """Escaped, with the spaces at both ends kept."""
    inner = clean(text)
    before = " " if text[:1].isspace() else ""
    after = " " if inner and text[-1:].isspace() else ""
    return f"{before}{escape(inner)}{after}"


def _entry(article: ArticleDetails) -> str:
    title = escape(clean(article.title or article.address or article.id))
    target = f"#cite/{quote(article.id, safe='')}/{article.revision}/0/0"
    facts = escape(clean(describe_origin(article)))
    return f'<li><a href="{target}"><bdi>{title}</bdi></a><span>{facts}</span></li>'


def _link(article: Article) -> str:
    address = safe_url(article.url)
    if address is None:
        return ""
    return (
        f' · <a href="{escape(address)}" target="_blank" rel="noopener noreferrer" '
        f'title="{escape(address)}">{escape(urlsplit(address).hostname or address)} '
        '<span aria-hidden="true">↗</span></a>'
    )


def _only(article: Article) -> str:
    """A way to ask about this article alone; a text that was only pasted is in no search."""
    if not article.address:
        return ""
    return (
        f'<button type="button" class="nb-only" data-only="{escape(article.id)}">Ask only this '
        "article</button>"
    )


def _guessed(article: Article) -> str:
    if not article.guessed:
        return ""
    fields = escape(", ".join(article.guessed))
    return f'<p class="nb-guessed">Not stated outright by the source, but inferred: {fields}.</p>'
