"""A feed that was saved as a file -> the articles that it carries whole. Nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator

from bot.entities import Article, Ingested, Outcome
from bot.errors import UnsupportedFormatError
from bot.sources import jsonfeeds, subscriptions, xmlfeeds
from bot.sources.entries import Entry
from bot.sources.feeds import is_teaser, parse_feed, reading_of, text_of
from bot.sources.identity import canonical_url, identity
from bot.sources.reading import to_article

SUFFIXES = (".rss", ".atom", ".rdf", ".xml")


def is_feed(text: str) -> bool:
    """Whether a text reads as the beginning of a feed of any kind."""
    return xmlfeeds.is_feed(text) or jsonfeeds.is_feed(text)


def read_feed(text: str, *, address: str) -> Iterator[Article | Ingested]:
    """The articles of a feed, and an `Ingested` for each entry that does not carry its own.

    Raises a `SourceError` for what is no feed.
    """
    if subscriptions.is_list(text):
        raise UnsupportedFormatError(f"{address} is a list of feeds; name it .opml to read it.")
    if not is_feed(text):
        raise UnsupportedFormatError(f"{address} is no feed; it was not read.")
    feed = parse_feed(text, address=address)
    for number, entry in enumerate(feed.entries, start=1):
        yield _read_entry(entry, f"{address}#{number}", address)
    if feed.is_cut:
        message = f"{address} is cut short; the entries before its end were read."
        yield Ingested(address, Outcome.SKIPPED, message=message)


def _read_entry(entry: Entry, place: str, feed: str) -> Article | Ingested:
    text = text_of(entry)
    if not text or (entry.link and is_teaser(entry, text)):
        message = f"{place} carries no whole article; give {entry.link or 'its page'} to read it."
        return Ingested(place, Outcome.SKIPPED, message=message)
    canonical = canonical_url(entry.link) if entry.link else None
    known = identity("url", canonical) if canonical else identity("id", f"{feed}#{entry.key}")
    return to_article(reading_of(entry, text, feed), address=place, article_id=known)
