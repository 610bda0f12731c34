"""What every feed format is read into: a `Feed` and its `Entry`s."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sources.dates import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as the feed says it. `key` is its own identifier, else its link, else its text.

    `content` is meant to be the article, `summary` to introduce it; both are HTML unless
    `is_plain`. `updated` is the date of the latest change as it is written; `topics` are the feed's
    categories.
    """

    key: str
    link: str | None = None
    title: str = ""
    content: str = ""
    summary: str = ""
    is_plain: bool = False
    author: str | None = None
    published: Published | None = None
    updated: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed. `is_cut`: its end is missing; `ignored` counts entries beyond what is ever read."""

    title: str = ""
    entries: tuple[Entry, ...] = ()
    is_cut: bool = False
    ignored: int = 0
