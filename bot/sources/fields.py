"""Named fields, as of a JSON object or of front matter -> the parts of an article.

Exporters name the same things differently: each part is looked for under its usual names, whatever
their case and punctuation. JSON-LD's NewsArticle and the news services' exports need nothing more.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.sources.dates import parse_date
from bot.sources.identity import web_address
from bot.sources.reading import Reading

_TEXT = ("text", "articlebody", "fulltext", "maintext", "content", "body", "article", "story")
_TITLE = ("title", "headline", "articletitle")
_PUBLISHED = (
    *("published", "datepublished", "publishdate", "publisheddate", "publishedat", "publishedtime"),
    *(
        "publicationdate",
        "pubdate",
        "date",
        "datetime",
        "time",
        "timestamp",
        "created",
        "createdat",
    ),
)
_OUTLET = (
    *("outlet", "source", "publisher", "sitename", "publication", "newspaper", "sourcename"),
    *("domain", "hostname", "sourcedomain"),
)
_AUTHOR = ("author", "authors", "byline", "creator")
_URL = ("url", "link", "canonicalurl", "articleurl", "webpage", "permalink", "mainentityofpage")
_KEY = ("id", "articleid", "guid", "uid", "uuid")
_MOST_NAMES = 10
_PARAGRAPH = re.compile(r"<(?:p|div|br|li)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:p|div|br|a|span|h[1-6]|ul|li|b|i|em|strong)\b[^<>]{0,500}>|<!--", re.IGNORECASE
)


def parse(fields: Mapping[Any, Any], *, text: str | None = None) -> Reading | None:
    """The article that `fields` describe; None when they hold no text and none is given."""
    named = _named(fields)
    if text is None:
        text = next(_each(named, _TEXT, _paragraphs), None)
    if text is None:
        return None
    return Reading(
        text=without_markup(text),
        title=without_markup(next(_each(named, _TITLE, _name), "")),
        outlet=next(_each(named, _OUTLET, _name), None),
        author=next(_each(named, _AUTHOR, _name), None),
        url=next(_each(named, _URL, _address), None),
        published=next(_each(named, _PUBLISHED, parse_date), None),
        key=next(_each(named, _KEY, _key), None),
    )


def has_text_field(fields: Mapping[Any, Any]) -> bool:
    """Whether there is a field for the text, be it empty."""
    return not _named(fields).keys().isdisjoint(_TEXT)


def without_markup(text: str) -> str:
    """`text` without HTML when it has any; its own line breaks count unless it has paragraphs."""
    if not _MARKUP.search(text):
        return html.unescape(text) if _ENTITY.search(text) else text
    from bot.sources.markup import to_text

    return to_text(text if _PARAGRAPH.search(text) else text.replace("\n", "<br>"))


def _named(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """The fields by their plain names; of two with one plain name, the first."""
    return {
        re.sub(r"[^a-z0-9]", "", str(name).lower()): fields[name] for name in reversed([*fields])
    }


def _each(named: Mapping[str, Any], names: Iterable[str], read: Any) -> Any:
    found = (read(named[name]) for name in names if name in named)
    return (value for value in found if value)


def _paragraphs(value: Any) -> str | None:
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return "\n\n".join(value)
    return None


def _name(value: Any) -> str | None:
    """A name that is given as text, as an object with a name, or as a list of either."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, Mapping):
        return next((_name(value[key]) for key in ("name", "title") if value.get(key)), None)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value[:_MOST_NAMES]))) or None
    return None


def _address(value: Any) -> str | None:
    return web_address(value.get("@id") or value.get("url") if isinstance(value, dict) else value)


def _key(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None
