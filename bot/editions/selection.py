"""Which articles an edition is about: those new to its standing briefing, and what it watches.

"Since the last edition" goes by what the archive received, not by dates of publication alone: an
article that was published before the last edition and came in after it is not lost. It is a `Shelf`
for `bot.briefings`, as the archive is, with fewer articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.briefings import Shelf
from bot.chronicle import Reference
from bot.editions.standing import Watchlist
from bot.entities import Article, ArticleDetails, Precision

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FIRST = timedelta(days=7)  # how far back a first edition goes at the least
DELAY = timedelta(days=7)  # how old an article may be when it comes in, and still be news


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an edition takes: articles not `covered` yet that are of its time.

    `since` None: as far back as there are articles. `arrived` gives when an article came in; it
    decides for those without a date.
    """

    since: datetime | None
    until: datetime
    covered: frozenset[Reference] = frozenset()
    arrived: Mapping[str, datetime]


def select(articles: Sequence[ArticleDetails], wanted: Wanted) -> list[ArticleDetails]:
    """The articles that an edition is about, in the order given."""
    return [
        article
        for article in articles
        if Reference(article.id, article.revision) not in wanted.covered
        and _is_of_its_time(article, wanted)
    ]


def _is_of_its_time(article: ArticleDetails, wanted: Wanted) -> bool:
    start = article.published
    if start is None:
        arrived = wanted.arrived.get(article.id)
        return arrived is None or wanted.since is None or arrived >= wanted.since
    end = start + timedelta(days=article.precision is Precision.DAY)
    return (wanted.since is None or end >= wanted.since) and start <= wanted.until


def is_watched(article: Article, watch: Watchlist) -> bool:
    """Whether an article names a term or a person of the list, or comes from an outlet of it."""
    if article.outlet and article.outlet.casefold() in {one.casefold() for one in watch.outlets}:
        return True
    text = f"{article.title}\n{article.text}"
    return any(_names(one).search(text) for one in (*watch.terms, *watch.people))


def _names(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in phrase.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EditionShelf:
    """The chosen articles of a shelf; `about` says which of them the topic and watchlist take."""

    shelf: Shelf
    chosen: Sequence[ArticleDetails]
    about: Callable[[str, Sequence[Article]], frozenset[str]]

    def details(self) -> Sequence[ArticleDetails]:
        """The chosen articles."""
        return self.chosen

    def alternates(self) -> Mapping[str, str]:
        """As on the whole shelf."""
        return self.shelf.alternates()

    def load(self, ids: Sequence[str]) -> Sequence[Article]:
        """As on the whole shelf."""
        return self.shelf.load(ids)

    def vectors(self, articles: Sequence[Article]) -> NDArray[np.float32]:
        """As on the whole shelf."""
        return self.shelf.vectors(articles)

    def on_topic(self, topic: str, articles: Sequence[Article]) -> frozenset[str]:
        """Those that the topic or the watchlist takes."""
        return self.about(topic, articles)

    def topic_vector(self, topic: str) -> NDArray[np.float32]:
        """As on the whole shelf."""
        return self.shelf.topic_vector(topic)
