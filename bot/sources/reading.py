"""What a format finds in a text, and the article that it makes.

A `Reading` has no identity yet: formats know texts, not addresses. `to_article` cleans it, fills
what is missing by guesses that it names, and gives it the id that its caller derived.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.entities import Article, Precision
from bot.errors import EmptySourceError
from bot.sources.cleaning import clean, clean_line
from bot.sources.dates import Published
from bot.sources.identity import identity, outlet_of
from bot.sources.wires import credited

LONGEST_HEADLINE = 300  # characters; a longer "headline" is a paragraph
_BEGINNING = 1000  # characters in which they are looked for
_DATELINE = re.compile(r"^(?:\S+\s*){1,3}$|[—–-]$")  # "CNN —", "By Ada Brook"
_BYLINE = re.compile(r"^by:?\s+", re.IGNORECASE)
_OPENING = 90  # characters of the opening words that stand in for a headline


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The parts of one article as a format found them; `guessed` names those not stated outright.

    `key` is an identifier that the source itself gives.
    """

    text: str
    title: str = ""
    outlet: str | None = None
    author: str | None = None
    url: str | None = None
    published: Published | None = None
    key: str | None = None
    guessed: tuple[str, ...] = ()


def to_article(
    reading: Reading,
    *,
    address: str,
    article_id: str | None = None,
    guessed_text: bool = False,
    headline_alone: bool = False,
) -> Article:
    """The article that `reading` describes. Without `article_id`, its text is its identity.

    Raises `EmptySourceError` when no text is left after cleaning, unless it may be a
    `headline_alone`.
    """
    text = clean(reading.text)
    if not text and not headline_alone:
        raise EmptySourceError(f"{address or 'The text'} holds no article text; nothing was read.")
    title, outlet = clean_line(reading.title), clean_line(reading.outlet or "")
    text = text.removeprefix(f"{title}\n").lstrip("\n") if title else text
    guessed = set(reading.guessed)
    if not title:
        title = opening_words(text)
        guessed.add("title")
    if outlet.startswith(("http://", "https://")):
        outlet = outlet_of(outlet) or ""
    if not outlet and reading.url:
        outlet = outlet_of(reading.url) or ""
        guessed.add("outlet")
    if reading.published and reading.published.guessed:
        guessed.add("published")
    if guessed_text:
        guessed.add("text")
    author = _BYLINE.sub("", clean_line(reading.author or ""))
    return Article(
        id=article_id or identity("text", text),
        title=title[:LONGEST_HEADLINE],
        text=text,
        outlet=outlet or None,
        author=credited(author or None, text, outlet or None),
        url=reading.url,
        published=reading.published.time if reading.published else None,
        precision=reading.published.precision if reading.published else Precision.TIME,
        retrieved=datetime.now(UTC),
        address=address,
        guessed=tuple(sorted(guessed)),
    )


def opening_words(text: str) -> str:
    """The first words of a text, to stand in for a headline that it does not have."""
    paragraphs = [clean_line(paragraph) for paragraph in text[:_BEGINNING].split("\n\n")]
    line = next((one for one in paragraphs if not _DATELINE.search(one)), paragraphs[0])
    sentence = re.match(r".{20,}?[.!?](?=\s|$)", line)
    opening = sentence.group().rstrip(".") if sentence else line
    if len(opening) <= _OPENING:
        return opening
    words = opening[:_OPENING].rsplit(" ", 1)[0]
    return words.rstrip(" ,;:–—-") + "…"
