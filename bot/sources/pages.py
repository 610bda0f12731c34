"""An HTML page -> the parts of its article. trafilatura finds the body; metadata comes first.

What the page states (JSON-LD, Open Graph, `time` elements) is taken as stated; what trafilatura
infers from visible text or the address is marked as guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sources import fields
from bot.sources.dates import Published, parse_date
from bot.sources.identity import web_address
from bot.sources.markup import drop_unseen, parse_html, tree_to_text
from bot.sources.reading import Reading

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGEST = 50_000  # elements: beyond, extraction takes longer than a page is worth
_TITLES = ("og:title", "twitter:title", "headline")
_DATES = ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "publishdate")
_OUTLETS = ("og:site_name", "application-name", "publisher")
_AUTHORS = ("author", "article:author", "dc.creator", "byl")
_ADDRESSES = ("og:url",)


def parse(html: str) -> Reading:
    """The parts of the article on a page; `text` is "" when no article text is found."""
    tree = parse_html(html)
    if tree is None:
        return Reading(text="")
    stated = _stated(tree)
    drop_unseen(tree)
    reading = _complete(stated, _infer(tree))
    return replace(reading, text=_paragraphs(reading.text, reading.title))


def _complete(stated: Reading, inferred: Reading) -> Reading:
    """What the page states, completed by what was inferred from it."""
    guessed = [
        name
        for name in ("title", "author")
        if getattr(inferred, name) and not getattr(stated, name)
    ]
    return replace(
        stated,
        text=inferred.text,
        title=stated.title or inferred.title,
        author=stated.author or inferred.author,
        published=stated.published or inferred.published,
        guessed=tuple(guessed),
    )


def _infer(tree: HtmlElement) -> Reading:
    """What trafilatura finds; all text of the page when it finds none, or the page is immense."""
    if sum(1 for _ in tree.iter()) > _LARGEST:
        return Reading(text=tree_to_text(tree))
    import trafilatura
    from lxml import html as lxml_html

    page = trafilatura.bare_extraction(
        lxml_html.tostring(tree, encoding="unicode"), with_metadata=True, include_comments=False
    )
    if page is None or isinstance(page, dict):
        return Reading(text=tree_to_text(tree))
    day = parse_date(page.date)
    return Reading(
        text=page.text or tree_to_text(tree),
        title=page.title or "",
        author=page.author,
        published=Published(day.time, day.precision, guessed=True) if day else None,
    )


def _paragraphs(text: str, title: str) -> str:
    """trafilatura's lines as paragraphs, without the headline when the text opens with it."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and title and lines[0].strip() == title.strip():
        lines = lines[1:]
    return "\n\n".join(lines)


def _stated(tree: HtmlElement) -> Reading:
    """What the page itself says of its article."""
    linked = next(_linked_articles(tree), None)
    article = (fields.parse(linked, text="-") if linked else None) or Reading(text="-")
    meta = _meta(tree)
    times = [element.get("datetime") for element in tree.xpath("//time[@datetime]")[:1]]
    dates = [*(meta.get(name) for name in _DATES), *times]
    heading = " ".join(tree.xpath("string((//h1)[1])").split())
    titles = [article.title, *(meta.get(name) for name in _TITLES), heading]
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    addresses = [canonical, *(meta.get(name) for name in _ADDRESSES), article.url]
    return Reading(
        text="",
        title=next(filter(None, titles), ""),
        outlet=article.outlet or next(filter(None, map(meta.get, _OUTLETS)), None),
        author=article.author or _first_name(map(meta.get, _AUTHORS)),
        url=next(filter(None, map(web_address, addresses)), None),
        published=article.published or next(filter(None, map(parse_date, dates)), None),
    )


def _first_name(names: Iterator[str | None]) -> str | None:
    return next((name for name in names if name and not name.startswith("http")), None)


def _meta(tree: HtmlElement) -> dict[str, str]:
    named: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        value = (element.get("content") or "").strip()
        if name and value:
            named.setdefault(name.lower(), value)
    return named


def _linked_articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects of the page that describe an article."""
    for element in tree.xpath("//script[@type='application/ld+json']"):
        try:
            linked = json.loads(element.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        yield from (part for part in _objects(linked) if _is_article(part))


def _objects(linked: Any) -> Iterator[dict[str, Any]]:
    if isinstance(linked, list):
        for part in linked:
            yield from _objects(part) if isinstance(part, dict) else ()
    elif isinstance(linked, dict):
        yield linked
        if isinstance(linked.get("@graph"), list):
            yield from _objects(linked["@graph"])


def _is_article(part: dict[str, Any]) -> bool:
    kinds = part.get("@type")
    return any(
        isinstance(kind, str) and kind.endswith(("Article", "BlogPosting", "Report"))
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )
