"""What a page states of its article: JSON-LD, Open Graph and other metadata, times, the heading."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from bot.sources import fields
from bot.sources.dates import parse_date
from bot.sources.identity import web_address
from bot.sources.reading import Reading
from bot.sources.sites import believed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLES = ("og:title", "twitter:title", "headline")
_DATES = ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "publishdate")
_OUTLETS = ("og:site_name", "application-name", "publisher")
_AUTHORS = ("author", "article:author", "dc.creator", "byl")
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_MOST_OBJECTS = 200
_MOST_HEADINGS = 5
_PAIR = re.compile(r'"(@type|headline|datePublished)"\s*:\s*"([^"\n]{1,500})"')  # of broken JSON-LD


@dataclass(frozen=True, slots=True)
class Stated:
    """What the page states. `reading` has no text; `is_article`: the page says that it is one."""

    reading: Reading
    is_article: bool = False
    is_site: bool = False
    feeds: tuple[str, ...] = ()


def read_stated(tree: HtmlElement, address: str | None = None) -> Stated:
    """What the page that was fetched from `address`, or given as a file, states of itself."""
    linked = next(_linked_articles(tree), None)
    article = (fields.parse(linked, text="-") if linked else None) or Reading(text="-")
    meta = _meta(tree)
    kind = meta.get("og:type", "").lower()
    return Stated(
        reading=Reading(
            text="",
            title=next(filter(None, _titles(tree, article, meta)), ""),
            outlet=article.outlet or next(filter(None, map(meta.get, _OUTLETS)), None),
            author=article.author or _first_name(map(meta.get, _AUTHORS)),
            url=_own_address(tree, article, meta, address),
            published=article.published
            or next(filter(None, map(parse_date, _dates(tree, meta))), None),
        ),
        is_article=linked is not None or kind == "article" or "article:published_time" in meta,
        is_site=kind in ("website", "blog"),
        feeds=tuple(_feeds(tree, address)) if address else (),
    )


def _titles(tree: HtmlElement, article: Reading, meta: dict[str, str]) -> list[str | None]:
    return [article.title, *(meta.get(name) for name in _TITLES), _heading(tree)]


def _heading(tree: HtmlElement) -> str:
    """The main heading whose words the page's title has too, else one that is no link home."""
    title = " ".join(tree.xpath("string(//head/title)").split())
    found = tree.xpath("//h1[normalize-space()]")[:_MOST_HEADINGS]
    headings = {" ".join(one.text_content().split()): one for one in found}
    known = _words(title)
    fitting = (text for text in headings if 2 * len(known & _words(text)) >= len(_words(text)))
    others = (text for text, one in headings.items() if not _leads_home(one))
    return next(fitting, "") or next(others, "") or title


def _leads_home(heading: HtmlElement) -> bool:
    """Whether a heading is nothing but a link to the front page: the site's name."""
    links = (link.get("href") for link in (*heading.xpath(".//a"), *heading.xpath("parent::a")))
    return any(urlsplit(href or "x").path in ("", "/", "/index.html") for href in links)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _dates(tree: HtmlElement, meta: dict[str, str]) -> list[str | None]:
    times = [element.get("datetime") for element in tree.xpath("//time[@datetime]")[:1]]
    return [*(meta.get(name) for name in _DATES), *times, *_page_dates(tree)]


def _page_dates(tree: HtmlElement) -> Iterator[str]:
    """The dates of JSON-LD objects that describe the page as a whole."""
    for linked in _linked(tree):
        if linked.get("@type") == "WebPage" and isinstance(linked.get("datePublished"), str):
            yield linked["datePublished"]


def _own_address(
    tree: HtmlElement, article: Reading, meta: dict[str, str], address: str | None
) -> str | None:
    """The page's canonical address: as a file claims it, and as a fetched page is believed."""
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    claims = [canonical, meta.get("og:url"), article.url]
    if address is None:
        return next(filter(None, map(web_address, claims)), None)
    return next(filter(None, (believed(claim, address) for claim in claims)), address)


def _feeds(tree: HtmlElement, address: str) -> Iterator[str]:
    """The addresses of the feeds that the page names, those of comments left out."""
    base = tree.xpath("string((//base/@href)[1])")
    for link in tree.xpath("//link[@href and contains(@rel, 'alternate')]"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        named = f"{link.get('title') or ''} {link.get('href')}".lower()
        if kind not in _FEEDS or "comment" in named:
            continue
        try:
            url = web_address(urljoin(urljoin(address, base), link.get("href").strip()))
        except ValueError:
            continue
        if url:
            yield url


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
    return (linked for linked in _linked(tree) if _is_article(linked))


def _linked(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects of the page; of what is no JSON, as much as can be made out."""
    for element in tree.xpath("//script[@type='application/ld+json']"):
        text = element.text or ""
        try:
            linked = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            linked = dict(reversed(_PAIR.findall(text)))
        yield from (part for _, part in zip(range(_MOST_OBJECTS), _objects(linked), strict=False))


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
