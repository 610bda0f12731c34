"""From drafts to claims: what a writer drafted is checked before anyone sees it as true.

A draft that its passages do not support is rewritten once with the reasons; failing that, the
source's own sentence takes its place; failing that, it is dropped and counted. One bad draft never
costs the rest. This module knows neither archives nor models, only the writers' seam.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.entities import (
    Article,
    Citation,
    Claim,
    ClaimChecked,
    Conflict,
    DraftText,
    Estimate,
    Origin,
    Passage,
    Tally,
    Verdict,
)
from bot.errors import ModelError, ModelOutputError, ModelRefusedError
from bot.grounding import dates, weights
from bot.grounding.echoes import are_copies, are_echoes, find_echoes
from bot.grounding.foreign import foreign_notice
from bot.grounding.injection import disarm, is_statement, mask
from bot.grounding.judging import not_judged
from bot.grounding.sentences import split
from bot.grounding.verbatim import stands
from bot.grounding.witnesses import independent_outlets
from bot.writing.drafts import Draft, Purpose, Task, Writer, close

_MOST_CITED = 6  # articles that are cited for one sentence; all are counted
_FAILED = (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)


class SentenceChecker(Protocol):
    """What `bot.grounding.support.Checker` offers here."""

    def check_sentence(
        self, text: str, evidence: Sequence[Passage], *, cited: Sequence[int] = ()
    ) -> Claim:
        """The claim that `text` is, with the sentences that carry it and its verdict."""

    def check_closely(
        self, text: str, evidence: Sequence[Passage], *, cited: Sequence[int] = ()
    ) -> Claim:
        """The same for a writer that may say nothing but what its sentences say."""

    def estimate(self, claims: int) -> Estimate:
        """About what checking so many sentences that a model wrote will take of another."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The claims that survived, what became of the others, and what the reader should be told.

    `writer` names who wrote them in the end; `over_budget` says that a model's budget was spent.
    """

    claims: tuple[Claim, ...]
    tally: Tally
    notices: tuple[str, ...] = ()
    writer: str = ""
    over_budget: bool = False


def review(
    task: Task, writer: Writer, checker: SentenceChecker
) -> Generator[DraftText | ClaimChecked, None, Reviewed]:
    """Write the task and check each sentence as it is completed; returns what was reviewed.

    A sentence that several articles have is one claim that cites them all. A model that breaks off
    or refuses midway keeps the sentences it completed, with a notice; one that fails before its
    first claim raises its ModelError.
    """
    claims: list[Claim] = []
    drafted = 0
    notices: list[str] = []
    pieces = writer.write(task)
    try:
        for piece in pieces:
            if isinstance(piece, str):
                yield DraftText(piece)
                continue
            drafted += 1
            claim, reasons = _settle(piece, task, writer, checker, claims)
            if claim is not None and any(_says_again(claim, kept) for kept in claims):
                claim, reasons = None, ("it was said already",)
            if claim is not None:
                claims.append(claim)
            yield ClaimChecked(piece.text, claim, reasons)
    except ModelError as error:
        if not claims:
            raise
        notices.append(f"Incomplete: {error}")
    finally:  # also when the reader went away: a model then writes no more
        close(pieces)
    notices += getattr(pieces, "notices", ())  # what a chat model's context left out
    notices += foreign_notice(passage.article for passage in task.passages)
    notices += not_judged(claims)
    return Reviewed(
        tuple(claims),
        _tally(drafted, claims),
        tuple(notices),
        getattr(pieces, "writer", writer.name),
        getattr(pieces, "over_budget", False),
    )


def drain(events: Generator[DraftText | ClaimChecked, None, Reviewed]) -> Reviewed:
    """What `review` returns, its events left aside."""
    while True:
        try:
            next(events)
        except StopIteration as stop:
            reviewed: Reviewed = stop.value
            return reviewed


def passage_of(article: Article, number: int) -> Passage:
    """The whole article as one passage, its instructions to models blanked out.

    Blanks keep every other character at its offset, so that citations hold.
    """
    text = article.text
    return disarm(
        Passage(number=number, article=article.details, start=0, end=len(text), text=text)
    )


def leave_out(passage: Passage, known: str) -> Passage:
    """The passage with the sentences blanked out that stand in a text that was read before."""
    told = [one for one in split(passage.text) if stands(one.text, known)]
    return replace(passage, text=mask(passage.text, told))


def touching(conflicts: Sequence[Conflict], claims: Sequence[Claim]) -> tuple[Conflict, ...]:
    """The conflicts of which one side overlaps a sentence that a claim cites."""
    cited = [citation for claim in claims for citation in claim.citations]
    return tuple(
        conflict
        for conflict in conflicts
        if any(_overlap(side, one) for side in (conflict.first, conflict.second) for one in cited)
    )


def _overlap(one: Citation, other: Citation) -> bool:
    same = (one.article, one.revision) == (other.article, other.revision)
    return same and one.start < other.end and other.start < one.end


def _settle(
    draft: Draft, task: Task, writer: Writer, checker: SentenceChecker, claims: Sequence[Claim]
) -> tuple[Claim | None, tuple[str, ...]]:
    """The claim that a draft ends as (None: dropped), and what was wrong with the draft."""
    if draft.problem and task.purpose is Purpose.ANSWER:
        return None, (draft.problem,)
    if draft.citations:
        return _verbatim(draft, task)
    if not is_statement(draft.text):
        return None, ("the sentence states nothing to a reader",)
    check = checker.check_closely if draft.closely else checker.check_sentence
    claim = check(draft.text, task.passages, cited=draft.passages)
    if draft.problem:  # the articles are what is wanted: their nearest sentence is as good
        claim = replace(claim, verdict=Verdict.UNSUPPORTED, reasons=(draft.problem,))
    reasons = claim.reasons
    written = replace(claim, origin=Origin.WRITTEN)
    if claim.verdict not in _FAILED and not _is_weak(claim):
        return _carried(written, task), reasons
    if (mended := _rewrite(writer, task, draft, claim)) and is_statement(mended.text):
        again = check(mended.text, task.passages, cited=mended.passages)
        if again.verdict not in _FAILED and not _is_weak(again):
            return _carried(replace(again, origin=Origin.REPAIRED), task), reasons
    if claim.verdict not in _FAILED:
        return _carried(written, task), reasons
    return _source_sentence(claim, task, claims), reasons


def _is_weak(claim: Claim) -> bool:
    """Whether it is carried in part only, and badly: worth a second attempt, but no failure."""
    weak = claim.score is not None and claim.score < weights.PARTLY
    return weak and claim.verdict is Verdict.PARTLY


def _rewrite(writer: Writer, task: Task, draft: Draft, found: Claim) -> Draft | None:
    """A second attempt; None also where the model refuses or garbles it: others still follow."""
    try:
        return writer.rewrite(task, draft, found)
    except (ModelOutputError, ModelRefusedError):
        return None


def _says_again(claim: Claim, kept: Claim) -> bool:
    return claim.text == kept.text or are_echoes(claim.text, kept.text)


def _verbatim(draft: Draft, task: Task) -> tuple[Claim | None, tuple[str, ...]]:
    """An extractive draft: verified by looking its quotes up where they are said to stand."""
    if not all(_stands(citation, task) for citation in draft.citations):
        return None, ("the sentence does not stand where it was cited",)
    return _carried(_supported(draft.text, draft.citations, Origin.VERBATIM), task), ()


def _stands(citation: Citation, task: Task) -> bool:
    return any(
        (passage.article.id, passage.article.revision) == (citation.article, citation.revision)
        and passage.start <= citation.start
        and passage.text[citation.start - passage.start : citation.end - passage.start]
        == citation.quote
        for passage in task.passages
    )


def _source_sentence(claim: Claim, task: Task, claims: Sequence[Claim]) -> Claim | None:
    """The sentence of the source nearest to a failed claim, unless it is shown already."""
    shown = {citation for kept in claims for citation in kept.citations}
    for citation in claim.citations:
        if citation not in shown and is_statement(citation.quote):
            return _carried(_supported(citation.quote, (citation,), Origin.REPLACED), task)
    return None


def _supported(text: str, citations: tuple[Citation, ...], origin: Origin) -> Claim:
    return Claim(
        text=text, citations=citations, verdict=Verdict.SUPPORTED, score=1.0, origin=origin
    )


def _carried(claim: Claim, task: Task) -> Claim:
    """The claim with the other articles that have its sentence, and its independent outlets."""
    citations = list(claim.citations)
    if len(citations) == 1:
        citations += find_echoes(citations[0].quote, task.passages, citations)
    claim = replace(claim, citations=tuple(citations[:_MOST_CITED]))
    return replace(claim, outlets=_outlets(citations, task), days=_days(claim, task))


def _days(claim: Claim, task: Task) -> tuple[str, ...]:
    """When the claim says that it happened; days that cannot be resolved are left out."""
    first = next((citation.article for citation in claim.citations), None)
    told = next((p.article for p in task.passages if p.article.id == first), None)
    mentions = dates.find(claim.text, told.published if told else None)
    spans = [(one.first, one.last) for one in mentions if one.first and one.last]
    return tuple(
        dict.fromkeys(
            first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
            for first, last in spans
        )
    )


def _outlets(citations: Sequence[Citation], task: Task) -> int:
    """How many independent outlets the cited articles come from; copies of one text are one."""
    cited = dict.fromkeys(citation.article for citation in citations)
    passages = [passage for passage in task.passages if passage.article.id in cited]
    copies: dict[str, str] = {}
    for number, passage in enumerate(passages):
        for earlier in passages[:number]:
            same = earlier.article.id == passage.article.id
            if not same and are_copies(earlier.text, passage.text):
                original = copies.get(earlier.article.id, earlier.article.id)
                copies.setdefault(passage.article.id, original)
    details = {passage.article.id: passage.article for passage in passages}
    return independent_outlets(list(details.values()), copies) or 1


def _tally(drafted: int, claims: Sequence[Claim]) -> Tally:
    origins = [claim.origin for claim in claims]
    return Tally(
        drafted=drafted,
        repaired=origins.count(Origin.REPAIRED),
        replaced=origins.count(Origin.REPLACED),
        dropped=drafted - len(claims),
    )
