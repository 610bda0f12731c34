"""A feed -> its entries: RSS, RDF, Atom and JSON Feed, well-formed or not.

The formats differ in names only; `xmlfeeds` and `jsonfeeds` know them. An entry keeps what the feed
says as it stands; whether that is the article or only a teaser of it is judged here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from bot.errors import EmptySourceError
from bot.sources import jsonfeeds, xmlfeeds
from bot.sources.entries import Entry, Feed
from bot.sources.reading import Reading
from bot.sources.wanted import EVERYTHING, Wanted

_FULL_CONTENT = 800  # characters of text, from which on an entry's content is its article
_FULL_SUMMARY = 2_000  # the same of a summary, which is rarely the whole
_CUT = re.compile(
    r"(?:\[?(?:…|\.\.\.|&hellip;|&#8230;)\]?"
    r"|(?:^|(?<=[.!?…:»)\]] )|(?<=[\n\[(]))"
    r"(?:read (?:more|the (?:full|rest))\b.{0,60}|continue reading.{0,60}))[\s.»→>]*$",
    re.IGNORECASE,
)

# What WordPress puts below every entry.
_CREDIT = re.compile(
    r"\s*^The (?:post|article) [^\n]{1,300} appeared first on [^\n]{1,200}\s*\Z", re.MULTILINE
)


def parse_feed(text: str, *, address: str) -> Feed:
    """The feed that `text` is. Raises a `SourceError` for what is none, or has no entries."""
    read = jsonfeeds.parse if text.lstrip().startswith("{") else xmlfeeds.parse
    feed = read(text, address=address)
    if not feed.entries:
        raise EmptySourceError(f"The feed {address} holds no entries; nothing was read.")
    return feed


def text_of(entry: Entry) -> str:
    """What the feed carries of the article, as text."""
    from bot.sources.markup import to_text

    source = entry.content or entry.summary
    if entry.is_plain:
        return source
    text = to_text(source if "<" in source else source.replace("\n", "<br>"))
    return _CREDIT.sub("", text) if "appeared first on" in text[-600:] else text


def reading_of(entry: Entry, text: str, feed: str) -> Reading:
    """The article that an entry of the feed at that address carries whole, as `text`."""
    return Reading(
        text=text,
        title=entry.title,
        author=entry.author,
        url=entry.link,
        published=entry.published,
        key=None if entry.link else f"{feed}#{entry.key}",
    )


def is_teaser(entry: Entry, text: str) -> bool:
    """Whether `text`, which the feed carries, is less than the article that it links to."""
    return is_cut_off(text) or len(text) < (_FULL_CONTENT if entry.content else _FULL_SUMMARY)


def is_cut_off(text: str) -> bool:
    """Whether a text ends by saying that there is more of it."""
    return _CUT.search(re.sub(r"[ \t\xa0]+", " ", text[-600:])) is not None


def digest(entry: Entry) -> str:
    """What tells two versions of an entry apart: all that the feed says, not its date alone."""
    said = "\x00".join([entry.title, entry.content, entry.summary, entry.link or "", entry.updated])
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Choice:
    """The entries of a feed that are to be read; `over` the maximum and `unwanted` are not."""

    entries: tuple[Entry, ...]
    over: int = 0
    unwanted: int = 0


def choose(feed: Feed, known: dict[str, str], most: int, wanted: Wanted = EVERYTHING) -> Choice:
    """The newest `most` wanted entries of those that `known`, their digests by key, lacks."""
    kept = [entry for entry in feed.entries if wanted.has(entry)]
    fresh = [entry for entry in kept if known.get(entry.key) != digest(entry)]
    if all(entry.published for entry in fresh):
        fresh.sort(key=lambda entry: entry.published.time, reverse=True)  # type: ignore[union-attr]
    unwanted = len(feed.entries) - len(kept)
    return Choice(tuple(fresh[:most]), max(len(fresh) - most, 0), unwanted)
