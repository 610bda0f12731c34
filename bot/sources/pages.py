"""An HTML page -> the parts of its article. trafilatura finds the body; metadata comes first.

What the page states (`stated`) is taken as stated; what trafilatura infers from visible text or the
address is marked as guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.sources.dates import Published, parse_date, parse_date_line
from bot.sources.markup import drop_surroundings, drop_unseen, parse_html, tree_to_text
from bot.sources.reading import Reading
from bot.sources.stated import read_stated
from bot.sources.tidying import tidy
from bot.sources.walls import is_article

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BELOW = 12  # pieces of text below a heading in which its date is looked for
_LARGEST = 20_000  # elements: beyond, extraction takes longer than a page is worth


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was fetched. `feeds` are those that it names, when it is no article itself.

    The text of `reading` is "" when there is none but a login wall, a consent page or a shell.
    """

    reading: Reading
    feeds: tuple[str, ...] = ()


def parse(html: str) -> Reading:
    """The parts of the article in an HTML file; all of its text where no article is made out."""
    tree = parse_html(html)
    if tree is None:
        return Reading(text="")
    stated = read_stated(tree)
    drop_unseen(tree)
    text = _extract(tree) or tree_to_text(tree)
    return _complete(stated.reading, text, tree, None)


def parse_page(html: str, address: str) -> Page:
    """The article on the page that was fetched from `address`, or the feeds that it names."""
    tree = parse_html(html)
    if tree is None:
        return Page(Reading(text="", url=address))
    stated = read_stated(tree, address)
    if stated.feeds and not stated.is_article and _is_site(address, stated.is_site):
        return Page(Reading(text="", url=address), stated.feeds)
    drop_unseen(tree)
    drop_surroundings(tree)
    text = _extract(tree)
    if not is_article(text, stated=stated.is_article):
        return Page(replace(stated.reading, text=""), () if stated.is_article else stated.feeds)
    return Page(_complete(stated.reading, text, tree, address))


def _is_site(address: str, says_so: bool) -> bool:
    """Whether an address is a site's front page, or a section's where the page says "website"."""
    path = urlsplit(address).path.strip("/")
    return not path or (says_so and re.fullmatch(r"[a-z-]{1,20}", path) is not None)


def _extract(tree: HtmlElement) -> str:
    """The article's text as trafilatura finds it, "" when it finds none."""
    if tree.xpath("count(//*)") > _LARGEST:
        return tree_to_text(tree)
    import trafilatura

    page = trafilatura.bare_extraction(tree, include_comments=False)
    return (page.text or "") if page is not None and not isinstance(page, dict) else ""


def _complete(stated: Reading, text: str, tree: HtmlElement, address: str | None) -> Reading:
    """What the page states, with its text, and with what is inferred where it states nothing."""
    inferred = _infer(stated, tree, address)
    title = _without_outlet(stated.title or inferred.title, stated.outlet, address)
    guessed = [
        name
        for name in ("title", "author")
        if getattr(inferred, name) and not getattr(stated, name)
    ]
    return replace(
        stated,
        text="\n\n".join(tidy([line for line in text.split("\n") if line.strip()], tree)),
        title=title,
        author=stated.author or inferred.author,
        published=stated.published or inferred.published,
        guessed=tuple(guessed),
    )


def _infer(stated: Reading, tree: HtmlElement, address: str | None) -> Reading:
    """Title, author and day, where they are not stated, as trafilatura infers them from the page.

    One by one, since all of its metadata takes as long as a third of finding the text.
    """
    from trafilatura.metadata import extract_author, extract_title, find_date, set_date_params

    day = None
    if not stated.published:
        found = find_date(tree, **set_date_params(False), url=address)
        day = parse_date(found) or _visible_date(tree)
    return Reading(
        text="",
        title=stated.title or extract_title(tree) or "",
        author=stated.author or extract_author(tree),
        published=Published(day.time, day.precision, guessed=True) if day else None,
    )


def _visible_date(tree: HtmlElement) -> Published | None:
    """The date that stands by itself below the heading."""
    below = tree.xpath("(//h1)[1]/following::text()[normalize-space()]")[:_BELOW]
    return next(filter(None, (parse_date_line(" ".join(line.split())) for line in below)), None)


def _without_outlet(title: str, outlet: str | None, address: str | None) -> str:
    """The headline without the outlet's name behind it, which its host may spell out too."""
    headline = re.fullmatch(r"(.{10,})\s+[|·»–—-]\s+([^|·»–—]+)", title)
    if headline is None:
        return title
    host = (urlsplit(address).hostname or "").removeprefix("www.") if address else ""
    names = {_plain(outlet or ""), _plain(host), _plain(host.partition(".")[0])} - {""}
    return headline[1].rstrip() if _plain(headline[2]) in names else title


def _plain(name: str) -> str:
    return re.sub(r"\W", "", name.casefold()).removeprefix("the")
