"""Which entries of a feed are wanted, as its address says.

    https://example.org/feed.xml#only=flood,river&without=sport

What stands behind "#" is never sent to a server, so a filter goes wherever an address can stand: on
the command line, in a list of subscriptions, in a schedule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag

from bot.sources.entries import Entry

_LONGEST = 20_000  # characters of an entry that words are looked for in


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words or phrases, one of which an entry must have (`only`), and that it must not have.

    `unknown` are the names of filters that there are none of, such as a mistyped one.
    """

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def has(self, entry: Entry) -> bool:
        """Whether the entry is wanted, by its title, its topics and what the feed says of it."""
        said = " ".join([entry.title, *entry.topics, entry.summary, entry.content])[:_LONGEST]
        if self.only and not _mentions(said, self.only):
            return False
        return not _mentions(said, self.without)


EVERYTHING = Wanted()


def wanted_at(address: str) -> Wanted:
    """The filter that an address of a feed carries; without one everything is wanted."""
    pairs = parse_qsl(urldefrag(address).fragment)
    return Wanted(
        only=tuple(_words(value for name, value in pairs if name == "only")),
        without=tuple(_words(value for name, value in pairs if name == "without")),
        unknown=tuple(name for name, _ in pairs if name not in ("only", "without")),
    )


def _words(values: Iterable[str]) -> Iterable[str]:
    return filter(None, (word.strip() for value in values for word in value.split(",")))


def _mentions(said: str, words: Iterable[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said, re.IGNORECASE) for word in words)
