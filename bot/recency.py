"""Which of two claims is the news: where sources differ in time, the newer comes first.

Sentences that conflict may both have been true when they were written. The newer one is put before
the older, or in its place where it was not chosen, and the older is named with its date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from bot.entities import (
    ArticleDetails,
    Citation,
    Claim,
    Conflict,
    ConflictKind,
    Origin,
    Passage,
    Verdict,
)
from bot.grounding.injection import is_statement
from bot.grounding.sentences import split
from bot.grounding.vocabulary import content_words
from bot.rendering.phrases import describe_origin

_SAME = 0.7  # of the words of two sentences that tell the same, figures left aside
_FIGURE = re.compile(
    r"\d[\d,.]*\d|\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?"
    r"|hundreds?|thousands?|millions?|billions?)\b",
    re.IGNORECASE,
)
_MOST_COMPARED = 3  # articles that no claim cites, the likeliest to say otherwise by now
_APART = timedelta(hours=12)  # between two publications, from which time may explain a difference


def prefer_newer(
    claims: Sequence[Claim], conflicts: Sequence[Conflict], articles: Sequence[ArticleDetails]
) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The claims with the newer of two that differ first, and a notice of each older one."""
    known = {article.id: article for article in articles}
    ordered, notices = list(claims), []
    for conflict in conflicts:
        sides = _by_time(conflict, known)
        if sides is None:
            continue
        older, newer = sides
        if _put_first(ordered, older, newer):
            notices.append(_notice(older, newer, known))
    return tuple(ordered), tuple(dict.fromkeys(notices))


def find_updates(claims: Sequence[Claim], passages: Sequence[Passage]) -> list[Conflict]:
    """Sentences of the passages that tell what a claim's quote tells, at another time, with other
    figures: a toll that has risen is no contradiction, but only one of the two is the news."""
    return [
        Conflict(kind=ConflictKind.NUMBER, first=quote, second=other, reason="other figures")
        for claim in claims
        for quote in claim.citations
        for other in _sentences(passages)
        if other.article != quote.article and _is_update(quote.quote, other.quote)
    ]


def _sentences(passages: Sequence[Passage]) -> Iterator[Citation]:
    for passage in passages:
        for sentence in split(passage.text):
            if "   " in sentence.text:  # an instruction was blanked out: not word for word
                continue
            start = passage.start + sentence.start
            yield Citation(
                passage.article.id,
                passage.article.revision,
                start,
                start + len(sentence.text),
                sentence.text,
            )


def _is_update(one: str, other: str) -> bool:
    """Whether two sentences differ in their figures and in hardly anything else."""
    figures, others = set(_FIGURE.findall(one)), set(_FIGURE.findall(other))
    if not figures or not others or figures == others:
        return False
    ours, theirs = (set(content_words(_FIGURE.sub(" ", text))) for text in (one, other))
    return len(ours & theirs) >= _SAME * len(ours | theirs)


def cited(claims: Sequence[Claim]) -> list[str]:
    """The ids of the articles that the claims cite."""
    return list(dict.fromkeys(one.article for claim in claims for one in claim.citations))


def newer_than_cited(claims: Sequence[Claim], articles: Sequence[ArticleDetails]) -> list[str]:
    """The ids of the first few articles, cited by no claim, that are newer than one that is."""
    ids = set(cited(claims))
    times = [one.published for one in articles if one.id in ids and one.published]
    if not times:
        return []
    newer = [
        one.id
        for one in articles
        if one.id not in ids and one.published and one.published - min(times) >= _APART
    ]
    return newer[:_MOST_COMPARED]


def _by_time(
    conflict: Conflict, known: Mapping[str, ArticleDetails]
) -> tuple[Citation, Citation] | None:
    """The older and the newer side of a conflict between articles of different times."""
    times = [
        known[side.article].published if side.article in known else None
        for side in (conflict.first, conflict.second)
    ]
    if times[0] is None or times[1] is None or abs(times[1] - times[0]) < _APART:
        return None
    sides = (conflict.first, conflict.second)
    return sides if times[0] < times[1] else (sides[1], sides[0])


def _put_first(claims: list[Claim], older: Citation, newer: Citation) -> bool:
    """Whether the older side was claimed, so that the newer now stands before it."""
    old = next((place for place, claim in enumerate(claims) if _cites(claim, older)), None)
    if old is None:
        return False
    new = next((place for place, claim in enumerate(claims) if _cites(claim, newer)), None)
    if new is not None:
        if new > old:
            claims.insert(old, claims.pop(new))
    elif is_statement(newer.quote):
        claims.insert(old, _verbatim(newer))
    return True


def _verbatim(citation: Citation) -> Claim:
    return Claim(
        text=citation.quote,
        citations=(citation,),
        verdict=Verdict.SUPPORTED,
        score=1.0,
        origin=Origin.VERBATIM,
    )


def _cites(claim: Claim, side: Citation) -> bool:
    return any(
        (one.article, one.revision) == (side.article, side.revision)
        and one.start < side.end
        and side.start < one.end
        for one in claim.citations
    )


def _notice(older: Citation, newer: Citation, known: Mapping[str, ArticleDetails]) -> str:
    before, after = known[older.article], known[newer.article]
    return (
        f"Sources differ, and the newer one goes first ({describe_origin(after)}). Older, "
        f"{describe_origin(before)}: “{older.quote}”"
    )
