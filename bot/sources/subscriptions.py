"""An OPML list of subscriptions -> the addresses of its feeds."""

from __future__ import annotations

from urllib.parse import urljoin

from bot.errors import EmptySourceError
from bot.sources.feedxml import parse_xml, root_name
from bot.sources.identity import web_address


def is_list(text: str) -> bool:
    """Whether a text reads as the beginning of an OPML file."""
    return root_name(text) == "opml"


def parse_list(text: str, *, address: str) -> tuple[str, ...]:
    """The addresses of the feeds, each once, in order; a relative one begins at `address`.

    Raises `EmptySourceError` when the list names no feed.
    """
    root, _ = parse_xml(text, name=address)
    feeds: dict[str, None] = {}
    for element in root.iter("*"):
        attributes = {str(name).lower(): str(value) for name, value in element.attrib.items()}
        named = attributes.get("xmlurl", "").strip()
        url = web_address(_joined(address, named)) if named else None
        if url:
            feeds[url] = None
    if not feeds:
        raise EmptySourceError(f"{address} names no feed; nothing was read.")
    return tuple(feeds)


def _joined(address: str, named: str) -> str:
    named = f"https:{named[5:]}" if named.startswith("feed://") else named
    try:
        return urljoin(address, named)
    except ValueError:
        return ""
