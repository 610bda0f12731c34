"""The revisions of an article and what each changed, for the evidence pane."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from bot.entities import Article
from bot.grounding.sentences import split
from bot.rendering import compare
from bot.rendering.notation import clean
from bot.rendering.phrases import count, describe_time
from bot.revisions import change_between
from bot.web.words import facts, target

_CORRECTION = '<em class="nb-chip nb-skipped">correction</em> '


def show_revisions(articles: Sequence[Article]) -> str:
    """The revisions, the newest first, each with what it changed; `articles` are oldest first."""
    newest = articles[-1]
    title = escape(clean(newest.title or newest.address or newest.id))
    changes = "".join(_change(before, after) for before, after in reversed([*pairwise(articles)]))
    return (
        f'<article class="nb-article nb-revisions"><header><h3 tabindex="-1"><bdi>{title}</bdi>'
        f'</h3><p class="nb-facts">{facts(newest, count(len(articles), "revision"))}</p></header>'
        f"{changes}{_first(articles[0])}</article>"
    )


def _change(before: Article, after: Article) -> str:
    headline = compare([before.title], [after.title])
    text = compare(
        [one.text for one in split(before.text)], [one.text for one in split(after.text)]
    )
    parts = []
    if headline:
        parts.append(f"<h5>Headline</h5>{headline}")
    if text:
        parts.append(f"<h5>Text</h5>{text}" if headline else text)
    changed = "".join(parts) or f"<p>{escape(_facts_that_changed(before, after))}</p>"
    chip = _CORRECTION if change_between(before, after).is_correction else ""
    return f'<section class="nb-revision">{_head(after, chip)}{changed}</section>'


def _first(article: Article) -> str:
    return f'<section class="nb-revision">{_head(article)}<p>As it was first kept.</p></section>'


def _head(article: Article, chip: str = "") -> str:
    when = f", read {describe_time(article.retrieved)}" if article.retrieved else ""
    return (
        f"<h4>Revision {article.revision}<span>{escape(when)}</span> "
        f'{chip}<a class="nb-read" href="{target(article)}">read it</a></h4>'
    )


def _facts_that_changed(before: Article, after: Article) -> str:
    names = ("published", "outlet", "author")
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    if not changed:
        return "Spacing or punctuation changed alone."
    return f"The text stayed; the source now states: {', '.join(changed)}."
