"""Ranks the chunks that two searches found: closeness and words fused, then article and date.

Scores are normalised and added, which kept more of what each search knows than their ranks alone
(Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). A chunk gains
by opening its article, by a second good chunk of it, and by being recent: a question to a news
archive that names no time is mostly about its present. The numbers below were chosen on RealTime
QA's questions of 2022, both halves in view; they lie on a plateau.

This module knows nothing about where chunks come from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from langchain_core.documents import Document

DAY = 86_400
KEYWORDS = 0.5  # the share of the words in a score; the rest is closeness
LEAD = 0.1  # what a chunk gains that opens its article, where news says what it is about
SECOND = 0.2  # the share of the best other chunk of the same article
RECENCY = 0.35  # what the newest chunk gains; an old one that fits clearly better still wins
BETTER = 0.1  # what a copy must fit better than the original, to be shown in its place
HALF_GAIN = 30 * DAY  # the age at which a chunk gains half of that

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_PAST = re.compile(
    r"\b(?:last|previous) (?:year|decade|century)\b|\b(?:years|decades) ago\b", re.IGNORECASE
)


def fuse(similarities: Mapping[str, float], keywords: Mapping[str, float]) -> dict[str, float]:
    """One score in [0, 1] for each id of the two searches, best first.

    Cosines count from the least one found, BM25 scores from 0; an id that one search did not find
    has its least.
    """
    least = min(similarities.values(), default=0.0)
    width = max(similarities.values(), default=0.0) - least
    most = max(keywords.values(), default=0.0)
    scores = {
        identity: (1 - KEYWORDS) * _share(similarities.get(identity, least) - least, width)
        + KEYWORDS * _share(keywords.get(identity, 0.0), most)
        for identity in [*similarities, *keywords]
    }
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))


def rank(
    query: str, chunks: Sequence[Document], scores: Mapping[str, float], now: int | None = None
) -> list[tuple[Document, float]]:
    """The chunks with their final scores, best first. `scores` are those that `fuse` gave.

    Ages count from `now` (epoch seconds), or from the newest chunk found when that is older, so
    that an archive that is fed no more has a present too. A query that names a past year gets no
    recency.
    """
    own = {chunk.metadata["id"]: _own(chunk, scores) for chunk in chunks}
    best = _best_two(chunks, own)
    newest = _present(chunks, now)
    recency = RECENCY if newest is not None and not _names_the_past(query, newest) else 0.0
    final = [
        (1 - SECOND) * score
        + SECOND * _other(best[chunk.metadata["article"]], score)
        + recency * _freshness(chunk, newest or 0)
        for chunk in chunks
        for score in (own[chunk.metadata["id"]],)
    ]
    return sorted(zip(chunks, final, strict=True), key=lambda pair: -pair[1])


def without_copies(
    chunks: Sequence[Document], similarities: Mapping[str, float], keywords: Mapping[str, float]
) -> list[Document]:
    """The chunks of one article of each `group`: of that which gave the group its name.

    A copy stands in its place where the original was not found, or the copy fits clearly better,
    in cosine and share of the best BM25 score, since it then holds what the original does not.
    """
    most = max(keywords.values(), default=0.0)
    best: dict[str, dict[str, float]] = {}
    for chunk in chunks:
        article, identity = chunk.metadata["article"], chunk.metadata["id"]
        score = similarities.get(identity, 0.0) + _share(keywords.get(identity, 0.0), most)
        members = best.setdefault(_group(chunk), {})
        members[article] = max(score, members.get(article, 0.0))
    shown = {_shown(group, members) for group, members in best.items()}
    return [chunk for chunk in chunks if chunk.metadata["article"] in shown]


def _group(chunk: Document) -> str:
    group: str = chunk.metadata.get("group", chunk.metadata["article"])
    return group


def _shown(original: str, members: Mapping[str, float]) -> str:
    first = max(members, key=lambda article: members[article])
    return original if members.get(original, -1.0) >= members[first] - BETTER else first


def _own(chunk: Document, scores: Mapping[str, float]) -> float:
    return scores[chunk.metadata["id"]] + (LEAD if chunk.metadata.get("n") == 0 else 0.0)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _best_two(chunks: Sequence[Document], own: Mapping[str, float]) -> dict[str, list[float]]:
    """The two best scores of each article; the second is 0 when it has one chunk here."""
    found: dict[str, list[float]] = {}
    for chunk in chunks:
        found.setdefault(chunk.metadata["article"], [0.0]).append(own[chunk.metadata["id"]])
    return {article: sorted(scores, reverse=True)[:2] for article, scores in found.items()}


def _other(best_two: Sequence[float], score: float) -> float:
    """The best score of the article's other chunks."""
    first, second = best_two
    return second if score == first else first


def _present(chunks: Sequence[Document], now: int | None) -> int | None:
    """`now` or the newest date found, whichever is earlier; None when no chunk has a date."""
    dates = [published for chunk in chunks if (published := chunk.metadata.get("published"))]
    past = [published for published in dates if now is None or published <= now]
    return max(past, default=now) if dates else None


def _freshness(chunk: Document, newest: int) -> float:
    """1 for what is as new as can be, a half after 30 days, near 0 after years or without date."""
    published: int | None = chunk.metadata.get("published")
    if published is None or published > newest + DAY:
        return 0.0
    return HALF_GAIN / (HALF_GAIN + max(0, newest - published))


def _names_the_past(query: str, newest: int) -> bool:
    """Whether the query is about a time before the present year."""
    this_year = datetime.fromtimestamp(newest, UTC).year
    years = [int(year) for year in _YEAR.findall(query)]
    return bool(_PAST.search(query)) or (bool(years) and max(years) < this_year)
