"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 -> a `Feed`.

Elements are known by their plain name where they are of the feed's own vocabulary, whatever
namespace it is given, and by a prefix where they are of Dublin Core and the like; a `title` of the
vocabulary of pictures is not the entry's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from bot.errors import UnsupportedFormatError
from bot.sources.dates import Published, parse_date
from bot.sources.entries import Entry, Feed
from bot.sources.feedxml import parse_xml, root_name
from bot.sources.fields import without_markup
from bot.sources.identity import identity, web_address

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROOTS = ("rss", "feed", "rdf", "channel", "entry")
_OTHERS = {  # namespaces by a part of their address; all that is not here is the feed's own
    "purl.org/dc": "dc",
    "modules/content": "content",
    "feedburner": "feedburner",
    "w3.org/1999/xhtml": "xhtml",
    "search.yahoo.com": "media",
    "video.search.yahoo": "media",
    "itunes": "itunes",
    "slash": "slash",
    "wellformedweb": "wfw",
    "georss": "geo",
    "purl.org/syndication": "thr",
    "modules/": "module",
    "podcast": "podcast",
    "googleplay": "play",
    "opensearch": "search",
}
_PUBLISHED = ("published", "pubdate", "issued", "dc:date", "created", "dc:created", "date")
_UPDATED = ("updated", "modified", "dc:modified", "atom:updated")
_AUTHOR = ("author", "dc:creator", "dc:author", "creator", "managingeditor")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ENTRY_TAG = re.compile(r"<(/?)(?:[\w-]+:)?(?:item|entry)\b", re.IGNORECASE)
_MOST_ENTRIES = 10_000

_Children = Mapping[str, list["_Element"]]


def is_feed(text: str) -> bool:
    """Whether a text reads as the beginning of a feed in XML."""
    return root_name(text) in _ROOTS


def parse(text: str, *, address: str) -> Feed:
    """The feed, with as many entries as can be made out."""
    root, is_cut = parse_xml(text, name=address)
    if _name(root) not in _ROOTS:
        raise UnsupportedFormatError(f"{address} is XML, but no feed.")
    elements = [one for one in root.iter("*") if _name(one) in ("item", "entry")]
    if is_cut and elements and _ends_within_entry(text):
        elements.pop()
    ignored = len(elements[_MOST_ENTRIES:])
    entries = [_entry(one, address) for one in elements[:_MOST_ENTRIES]]
    channel = next((one for one in root.iter("*") if _name(one) == "channel"), root)
    titles = (one for one in channel if _name(one) == "title")
    title = next((_title(one) for one in titles), "")
    return Feed(title=title, entries=tuple(_distinct(entries)), is_cut=is_cut, ignored=ignored)


def _ends_within_entry(text: str) -> bool:
    """Whether the last entry that begins does not end."""
    tags = [tag[1] for tag in _ENTRY_TAG.finditer(text)]
    return bool(tags) and not tags[-1]


def _entry(element: _Element, address: str) -> Entry:
    children = _children(element)
    link = _link(children, _base(element, address))
    contents, summaries = _contents(children)
    title = next(map(_title, children.get("title", [])), "")
    identifiers = [_text(one) for name in ("guid", "id") for one in children.get(name, [])]
    key = next(filter(None, [*identifiers, link]), None)
    topics = [*children.get("category", []), *children.get("dc:subject", [])]
    content, summary = next(contents, ""), next(summaries, "")
    return Entry(
        key=key or identity("text", title + content + summary),
        link=link,
        title=title,
        content=content,
        summary=summary,
        author=_author(children),
        published=_date(children, _PUBLISHED) or _date(children, _UPDATED),
        updated=next((_text(one) for name in _UPDATED for one in children.get(name, [])), ""),
        topics=tuple(filter(None, map(_topic, topics[:50]))),
    )


def _topic(element: _Element) -> str:
    return element.get("label") or element.get("term") or _text(element)


def _distinct(entries: list[Entry]) -> Iterator[Entry]:
    """The entries without repetitions; some feeds give different entries one identifier."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        key = entry.key
        if key in seen and (entry.link, entry.title) != (seen[key].link, seen[key].title):
            key = identity("text", "\x00".join([key, entry.link or "", entry.title]))
        if key not in seen:
            seen[key] = entry
            yield replace(entry, key=key)


def _contents(children: _Children) -> tuple[Iterator[str], Iterator[str]]:
    """The contents and the summaries of an entry that are not empty."""
    bodies = ("content:encoded", "encoded", "content", "xhtml:body", "xhtml:div", "fulltext")
    briefs = ("description", "summary", "dc:description", "abstract")
    contents = (_html(one) for name in bodies for one in children.get(name, []))
    summaries = (_html(one) for name in briefs for one in children.get(name, []))
    return filter(str.strip, contents), filter(str.strip, summaries)


def _link(children: _Children, base: str) -> str | None:
    """The address of the article: feedburner's original, else the alternate link, else the guid."""
    originals = [_text(one) for one in children.get("feedburner:origlink", [])]
    alternates = [
        one.get("href") or _text(one)
        for one in children.get("link", [])
        if (one.get("rel") or "alternate").rpartition("/")[2] == "alternate"
    ]
    guids = [
        _text(one)
        for one in (*children.get("guid", []), *children.get("id", []))
        if (one.get("isPermaLink") or one.get("ispermalink") or "true").lower() == "true"
        and _text(one).startswith(("http://", "https://"))
    ]
    found = (link.strip() for link in (*originals, *alternates, *guids) if link and link.strip())
    return next(filter(None, (_joined(base, link) for link in found)), None)


def _joined(base: str, link: str) -> str | None:
    try:
        return web_address(html.unescape(urljoin(base, link)))
    except ValueError:
        return None


def _base(element: _Element, address: str) -> str:
    """The address that relative links begin at: the feed's, moved by each `xml:base` around."""
    bases = [one.get(_BASE) for one in (element, *element.iterancestors())]
    base = address
    for part in reversed([part for part in bases if part]):
        try:
            base = urljoin(base, part)
        except ValueError:
            continue
    return base


def _author(children: _Children) -> str | None:
    for name in _AUTHOR:
        names = []
        for element in children.get(name, [])[:10]:
            named = next((_text(one) for one in element if _name(one) == "name"), "")
            names.append(named or _text(element))
        if any(names):
            return without_markup(", ".join(filter(None, names)))
    return None


def _date(children: _Children, names: tuple[str, ...]) -> Published | None:
    dates = (parse_date(_text(one)) for name in names for one in children.get(name, []))
    return next(filter(None, dates), None)


def _title(element: _Element) -> str:
    if element.get("type", "") == "text":
        return _text(element)
    return " ".join(without_markup(_html(element)).split())


def _children(element: _Element) -> _Children:
    children: dict[str, list[_Element]] = {}
    for child in element:
        children.setdefault(_name(child), []).append(child)
    return children


def _name(element: _Element) -> str:
    """The plain name in lower case, with a prefix where it is of another vocabulary."""
    tag = str(element.tag)  # a function, for what is no element: an entity
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    address = namespace.lower()
    prefix = next((short for part, short in _OTHERS.items() if part in address), "")
    return f"{prefix}:{name}".lower() if prefix and ":" not in name else name.lower()


def _text(element: _Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _html(element: _Element) -> str:
    """What an element holds, as HTML: its text is markup that was escaped, its children are not."""
    if not len(element):
        return element.text or ""
    from lxml import etree

    parts = [html.escape(element.text or "", quote=False)]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return "".join(parts)
