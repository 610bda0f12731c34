"""Sources that changed or went after an edition had relied on them.

Pure functions: the current articles are given. What an earlier edition has corrected already is not
corrected again, as long as the article has not changed once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.archive.memory import Told
from bot.chronicle import Change, Novelty, Reference, ToldClaim, Withdrawal
from bot.editions.changes import Published, day_of, jaccard
from bot.editions.updates import find_updates
from bot.entities import Article, Citation, Origin, Sentence, Verdict
from bot.grounding.injection import is_statement
from bot.grounding.sentences import split
from bot.grounding.verbatim import stands

REMOVED = 0  # the revision of an article that is there no more

_INSTEAD = 0.3  # Jaccard similarity of the words from which a sentence stands in another's place


@dataclass(frozen=True, slots=True)
class Correction:
    """A claim that was told, and the sentence that stands in its article now."""

    told: Told
    claim: ToldClaim


@dataclass(frozen=True, slots=True)
class Corrections:
    """What earlier editions told and their sources no longer say."""

    corrected: tuple[Correction, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()


def find_corrections(
    told: Sequence[Told],
    current: Mapping[str, Article],
    removed: Mapping[str, datetime],
    settled: Sequence[Reference],
    published: Published,
) -> Corrections:
    """What was told from a revision that is not the current one, and stands there no more.

    `current` holds the current revisions of cited articles, `removed` when others were removed;
    `settled` the revisions that were current when the last edition was made.
    """
    known = set(settled)
    corrected: list[Correction] = []
    withdrawn: list[Withdrawal] = []
    seen: set[Citation] = set()
    for one in told:
        citation = one.citation
        if citation is None or citation in seen:
            continue
        seen.add(citation)
        article = current.get(citation.article)
        if Reference(citation.article, article.revision if article else REMOVED) in known:
            continue
        if article is None:
            when = removed.get(citation.article)
            if when is not None:
                withdrawn.append(_withdraw(one, f"the article was removed on {when:%Y-%m-%d}"))
        elif article.revision != citation.revision and not stands(citation.quote, article.text):
            claim = _corrected(one, citation, article, published)
            if claim is None:
                withdrawn.append(_withdraw(one, "the article no longer says so"))
            elif claim.citations not in [each.claim.citations for each in corrected]:
                corrected.append(Correction(one, claim))
    return Corrections(tuple(corrected), tuple(withdrawn))


def relied_on(
    told: Sequence[Told], current: Mapping[str, Article], removed: Mapping[str, datetime]
) -> tuple[Reference, ...]:
    """The articles that were relied on, each with its current revision."""
    cited = dict.fromkeys(one.citation.article for one in told if one.citation)
    return tuple(
        Reference(name, current[name].revision if name in current else REMOVED)
        for name in cited
        if name in current or name in removed
    )


def _corrected(
    told: Told, citation: Citation, article: Article, published: Published
) -> ToldClaim | None:
    """The sentence that stands where the quote stood, as a claim; None where there is none."""
    sentence = _instead(citation.quote, article)
    if sentence is None:
        return None
    reasons = find_updates(citation.quote, sentence.text, loosely=True)
    now = Citation(article.id, article.revision, sentence.start, sentence.end, sentence.text)
    claim = ToldClaim(
        text=sentence.text,
        citations=(now,),
        verdict=Verdict.SUPPORTED,
        score=1.0,
        origin=Origin.VERBATIM,
        change=Change(
            novelty=Novelty.CORRECTED,
            before=told.text,
            edition=told.edition,
            citation=citation,
            reasons=reasons or ("the article was reworded",),
        ),
    )
    return _dated(claim, published)


def _dated(claim: ToldClaim, published: Published) -> ToldClaim:
    return replace(claim, day=day_of(claim, published))


def _instead(quote: str, article: Article) -> Sentence | None:
    statements = [one for one in split(article.text) if is_statement(one.text)]
    nearest = max(statements, key=lambda one: jaccard(quote, one.text), default=None)
    if nearest is None or jaccard(quote, nearest.text) < _INSTEAD:
        return None
    return nearest


def _withdraw(told: Told, reason: str) -> Withdrawal:
    assert told.citation is not None  # noqa: S101 - only cited claims are looked at
    return Withdrawal(text=told.text, citation=told.citation, edition=told.edition, reason=reason)
