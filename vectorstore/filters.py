"""Which chunks a search may find: by period, outlet and article.

A date that is known to the day only is an interval: a chunk's metadata then holds `published` (its
first second, as an epoch) and `published_until` (the second after its last). A chunk is inside a
period when the two intervals overlap; an undated chunk is in no period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Where:
    """A period `[since, until)` in epoch seconds, and the outlets and articles asked for.

    None and () exclude nothing.
    """

    since: int | None = None
    until: int | None = None
    outlets: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def to_chroma(self) -> dict[str, Any] | None:
        """The same as Chroma's `where`, or None when nothing is excluded.

        Chroma finds no metadata that is absent, so that the end of an exact time is `published`.
        """
        clauses: list[dict[str, Any]] = []
        if self.until is not None:
            clauses.append({"published": {"$lt": self.until}})
        if self.since is not None:
            exact = {"published": {"$gte": self.since}}
            clauses.append({"$or": [exact, {"published_until": {"$gt": self.since}}]})
        if self.outlets:
            clauses.append({"outlet": {"$in": list(self.outlets)}})
        if self.articles:
            clauses.append({"article": {"$in": list(self.articles)}})
        return {"$and": clauses} if len(clauses) > 1 else next(iter(clauses), None)

    def matches(self, metadata: Mapping[str, Any]) -> bool:
        """Whether a chunk with this metadata may be found."""
        if self.outlets and metadata.get("outlet") not in self.outlets:
            return False
        if self.articles and metadata.get("article") not in self.articles:
            return False
        return self._holds(metadata.get("published"), metadata.get("published_until"))

    def _holds(self, published: int | None, published_until: int | None) -> bool:
        if self.since is None and self.until is None:
            return True
        if published is None or (self.until is not None and published >= self.until):
            return False
        last = published if published_until is None else published_until - 1
        return self.since is None or last >= self.since


ANYWHERE = Where()
