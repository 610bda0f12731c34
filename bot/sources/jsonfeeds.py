"""JSON Feed (jsonfeed.org, versions 1 and 1.1) -> a `Feed`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from bot.errors import UnreadableSourceError, UnsupportedFormatError
from bot.sources.dates import parse_date
from bot.sources.entries import Entry, Feed
from bot.sources.identity import identity, web_address


def is_feed(text: str) -> bool:
    """Whether a text reads as the beginning of a JSON Feed."""
    opening = text.lstrip()[:1000]
    return opening.startswith("{") and "jsonfeed.org/version" in opening.replace("\\/", "/")


def is_json(text: str) -> bool:
    """Whether a text is an object or a list of JSON, whatever it holds."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def parse(text: str, *, address: str) -> Feed:
    """The feed; items that are no objects are left out."""
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise UnreadableSourceError(f"{address} is no JSON that can be read: {error}.") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise UnsupportedFormatError(f"{address} is JSON, but no JSON Feed: it has no items.")
    entries = tuple(_entry(one, address) for one in items if isinstance(one, dict))
    return Feed(title=_text(feed, "title"), entries=entries)


def _entry(fields: dict[str, Any], address: str) -> Entry:
    link = next(filter(None, (_text(fields, "url"), _text(fields, "external_url"))), "")
    url = web_address(urljoin(address, link)) if link else None
    html, plain = _text(fields, "content_html"), _text(fields, "content_text")
    summary = _text(fields, "summary")
    stated = fields.get("id")
    tags = fields["tags"] if isinstance(fields.get("tags"), list) else []
    key = str(stated) if isinstance(stated, str | int | float) and stated != "" else url
    return Entry(
        key=key or identity("text", html + plain + summary + _text(fields, "title")),
        link=url,
        title=_text(fields, "title"),
        content=html or plain,
        summary=summary,
        is_plain=not html,
        author=", ".join(_authors(fields)) or None,
        published=parse_date(fields.get("date_published")),
        updated=_text(fields, "date_modified"),
        topics=tuple(one for one in tags[:50] if isinstance(one, str)),
    )


def _authors(fields: dict[str, Any]) -> Iterator[str]:
    stated = fields.get("authors")
    for author in stated[:10] if isinstance(stated, list) else [fields.get("author")]:
        if isinstance(author, dict) and _text(author, "name"):
            yield _text(author, "name")


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""
