"""One visit to a web address: what it gives at once, and which further visits it leads to.

A page gives its article; a feed leads to its entries, a list of subscriptions to its feeds, a
site's front page to the feed that it names. What a server declares is not believed: the bytes tell.
Nothing here waits for another visit; `web` runs them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Protocol

from bot.entities import Article, Ingested, Outcome
from bot.errors import (
    AddressRefusedError,
    EmptySourceError,
    FetchTimeoutError,
    HostUnreachableError,
    ServerFailedError,
    SourceError,
    UnsupportedFormatError,
)
from bot.sources import feeds, jsonfeeds, pages, plain, subscriptions, xmlfeeds
from bot.sources.cleaning import decode
from bot.sources.enclosed import read_document, read_letters
from bot.sources.entries import Entry, Feed
from bot.sources.feedstates import FeedReading, FeedState, body_digest
from bot.sources.identity import canonical_url, identity
from bot.sources.reading import Reading, to_article
from bot.sources.responses import NONE, Fetched, Validators
from bot.sources.retries import PassingFailure
from bot.sources.sites import is_same_site
from bot.sources.wanted import wanted_at

_PASSING = (FetchTimeoutError, HostUnreachableError, ServerFailedError)
_LEAST_CONTENT = 200  # characters of content that may stand for a page that is not given
_MOST_FEEDS = 1_000  # of a list of subscriptions
_log = logging.getLogger(__name__)


class Source(Protocol):
    """What fetches: a `Fetcher`."""

    def fetch(
        self, url: str, validators: Validators = NONE, *, linked_from: str | None = None
    ) -> Fetched:
        """What the server gives for `url`."""
        ...


@dataclass(frozen=True, slots=True)
class Visit:
    """An address to visit. `reading` and `entry`: the feed that led there, and its entry."""

    url: str
    linked_from: str | None = None
    is_feed: bool = False  # a feed or nothing
    reading: FeedReading | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a visit gave; `done` says that nothing is gained by visiting again."""

    found: tuple[Article | Ingested, ...] = ()
    next: tuple[Visit, ...] = ()
    reading: FeedReading | None = None  # of a feed that was opened by this visit
    done: bool = True


def visit(one: Visit, source: Source, state: FeedState, most: int) -> Step:
    """Make a visit. Failures come as an `Ingested` that says why."""
    try:
        if one.entry is not None:
            return _visit_entry(one, one.entry, source)
        return _visit_address(one, source, state, most)
    except SourceError as error:
        _log.debug("%s", error, exc_info=True)
        failed = Ingested(one.url, Outcome.FAILED, message=str(error))
        return Step((failed,), done=not _may_pass(error))
    except Exception:
        _log.exception("reading %s failed", one.url)
        message = f"{one.url} could not be read: its bytes are not as expected."
        return Step((Ingested(one.url, Outcome.FAILED, message=message),))


def _may_pass(error: SourceError) -> bool:
    """Whether another fetch, later, may succeed."""
    return isinstance(error, _PASSING) or isinstance(error.__cause__, PassingFailure)


def _visit_address(one: Visit, source: Source, state: FeedState, most: int) -> Step:
    fetched = source.fetch(one.url, state.validators, linked_from=one.linked_from)
    body = body_digest(fetched.body)
    if fetched.unchanged or (state.body and state.body == body):
        return Step((Ingested(one.url, Outcome.UNCHANGED, message=f"{one.url} is unchanged."),))
    if not one.is_feed and (document := read_document(fetched.body, fetched.url)):
        return Step((_to_article(document, fetched.url),))
    if not one.is_feed and (letters := read_letters(fetched.body, fetched.url)):
        return Step(tuple(letters))
    text = _text(fetched)
    if xmlfeeds.is_feed(text) or jsonfeeds.is_feed(text):
        feed = feeds.parse_feed(text, address=fetched.url)
        return _open_feed(one, fetched, feed, state, most)
    if jsonfeeds.is_json(text):
        raise UnsupportedFormatError(f"{one.url} is JSON, but no JSON Feed; nothing was read.")
    if subscriptions.is_list(text):
        return _open_list(one, fetched, text)
    if one.is_feed:
        raise UnsupportedFormatError(f"{one.url} is no feed; give the address of one.")
    return _read_page(one, fetched, text)


def _open_feed(one: Visit, fetched: Fetched, feed: Feed, state: FeedState, most: int) -> Step:
    wanted = wanted_at(one.url)
    if wanted.unknown:
        raise AddressRefusedError(
            f"{one.url} asks for a filter {wanted.unknown[0]!r}, which there is not; "
            "write #only=WORDS&without=WORDS, or leave it out."
        )
    reading = FeedReading(one.url, feed, fetched.validators, body_digest(fetched.body))
    choice = feeds.choose(feed, state.entries, most, wanted)
    reading.begin(state.entries, choice.entries, over=choice.over)
    found = []
    if choice.over:
        found.append(
            f"{one.url} has {choice.over} more new articles than the {most} that one fetch reads "
            "(NEWSBOT_FEED_ARTICLES); fetch it again for the next."
        )
    if choice.unwanted:
        found.append(f"{one.url} leaves out {choice.unwanted} of its entries by its filter.")
    if feed.ignored:
        found.append(f"{one.url} has {feed.ignored} entries too many; they were not looked at.")
    if feed.is_cut:
        found.append(f"{one.url} is cut short; the entries before its end were read.")
    told = tuple(Ingested(one.url, Outcome.SKIPPED, message=message) for message in found)
    if not choice.entries:
        unchanged = Ingested(one.url, Outcome.UNCHANGED, message=f"{one.url} has nothing new.")
        return Step((*told, unchanged), reading=reading)
    visits = tuple(
        Visit(entry.link or fetched.url, fetched.url, reading=reading, entry=entry)
        for entry in choice.entries
    )
    return Step(told, visits, reading=reading)


def _open_list(one: Visit, fetched: Fetched, text: str) -> Step:
    addresses = subscriptions.parse_list(text, address=fetched.url)
    over = len(addresses) - _MOST_FEEDS
    message = f"{one.url} names {over} feeds more than the {_MOST_FEEDS} that are read."
    told = (Ingested(one.url, Outcome.SKIPPED, message=message),) if over > 0 else ()
    visits = (Visit(url, fetched.url, is_feed=True) for url in addresses[:_MOST_FEEDS])
    return Step(told, tuple(visits))


def _read_page(one: Visit, fetched: Fetched, text: str) -> Step:
    if "<" not in text[:4000] and fetched.media_type in ("text/plain", "text/markdown"):
        reading = replace(plain.parse(text), url=fetched.url)
        return Step((_to_article(reading, fetched.url),))
    page = pages.parse_page(text, fetched.url)
    if page.feeds and one.linked_from is None:
        return Step(next=(Visit(page.feeds[0], fetched.url, is_feed=True),))
    return Step((_to_article(page.reading, fetched.url),))


def _visit_entry(one: Visit, entry: Entry, source: Source) -> Step:
    """The article of a feed's entry: the feed's own text when it is the whole, else the page.

    A feed of another site is not taken at its word: it could put its text in that site's mouth.
    """
    text = feeds.text_of(entry)
    feed = one.linked_from or one.url
    is_own = entry.link is None or is_same_site(entry.link, feed)
    if is_own and text and (entry.link is None or not feeds.is_teaser(entry, text)):
        return Step((_from_entry(entry, text, feed),))
    if entry.link is None:
        raise EmptySourceError(f"An entry of {feed} has neither text nor a link: {entry.title!r}.")
    try:
        fetched = source.fetch(entry.link, linked_from=feed)
        if document := read_document(fetched.body, fetched.url):
            return Step((_to_article(document, fetched.url),))
        page = pages.parse_page(_text(fetched), fetched.url)
        return Step((_to_article(_completed(page.reading, entry), fetched.url),))
    except SourceError as error:
        is_short = len(text) < _LEAST_CONTENT or feeds.is_cut_off(text)
        if not (is_own and entry.content) or is_short or _may_pass(error):
            raise
    return Step((_from_entry(entry, text, feed),))  # a short article whose page is not given


def _completed(reading: Reading, entry: Entry) -> Reading:
    """The page's article with what only its feed states; what the feed states is no guess."""
    published = reading.published
    if entry.published and (published is None or published.guessed):
        published = entry.published
    title, author = reading.title, reading.author
    if entry.title and (not title or "title" in reading.guessed):
        title = entry.title
    if entry.author and (not author or "author" in reading.guessed):
        author = entry.author
    stated = {name for name in ("title", "author") if getattr(entry, name)}
    guessed = tuple(name for name in reading.guessed if name not in stated)
    return replace(reading, title=title, author=author, published=published, guessed=guessed)


def _from_entry(entry: Entry, text: str, feed: str) -> Article:
    return _to_article(feeds.reading_of(entry, text, feed), entry.link or feed)


def _to_article(reading: Reading, address: str) -> Article:
    """The article, known by its canonical address, else by the identifier that the feed gives."""
    if not reading.text.strip():
        raise EmptySourceError(
            f"No article text was found at {address}: it may need a sign-in or scripts; "
            "save it in a browser and give the file."
        )
    canonical = canonical_url(reading.url) if reading.url else None
    known = identity("url", canonical) if canonical else None
    if known is None and reading.key:
        known = identity("id", reading.key)
    return to_article(reading, address=reading.url or address, article_id=known)


def _text(fetched: Fetched) -> str:
    """The text of a body in the encoding that it or its server names."""
    from bot.sources.formats import declared_encoding

    if not fetched.body.strip():
        raise EmptySourceError(f"{fetched.url} is empty; nothing was read.")
    encoding = fetched.charset or declared_encoding(fetched.body)
    return decode(fetched.body, name=fetched.url, declared=encoding)[0]
