"""Checks text against articles, sentence by sentence: in code, and with a judge where there is one.

A sentence that stands in the evidence word for word is supported at once. Any other is laid beside
its nearest sentences (`alignment`); facts are compared in code (`facts`); `indicators` adds how
near its words, and pairs of them, come to the evidence; `weights` turns all that into a score. A
judge (`judging`) adds its opinion to the score, and can never undo what the facts have found.

    checker = Checker(OnnxEmbeddings())
    checker.check_text(summary, [article]).score

It reads English; anything else is "not checked". It knows nothing about who wrote the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from bot.entities import Article, Check, Citation, Claim, Estimate, Origin, Passage, Verdict
from bot.grounding import weights
from bot.grounding.alignment import Alignment, Carrier, Evidence, align, carriers
from bot.grounding.facts import carried, compare
from bot.grounding.findings import Finding
from bot.grounding.foreign import unread
from bot.grounding.indicators import coverage, measure
from bot.grounding.injection import find_instructions
from bot.grounding.judging import NOT_JUDGED, Bench, Judge, Opinion, not_judged
from bot.grounding.language import Language, TokenEmbeddings, stem
from bot.grounding.liberties import find_liberties
from bot.grounding.reasons import SCATTERED, missing
from bot.grounding.sentences import split
from bot.grounding.verbatim import tokens

CITED = 3  # sentences at most
NEW_SHARE = 0.15  # of the claim's words, that a further sentence must bring to be cited


class Checker:
    """Says how well articles support a sentence or a text; loads its models when first needed.

    `embeddings` gives token vectors (`vectorstore.embeddings.OnnxEmbeddings`); `language_path`
    replaces the packaged language model. Raises `WeightsError` when that has vanished. `language`
    reads sentences, for whoever else needs them read. `judge` is asked about every claim that does
    not stand in the evidence word for word.
    """

    def __init__(
        self,
        embeddings: TokenEmbeddings,
        language_path: Path | None = None,
        judge: Judge | None = None,
    ) -> None:
        self.language = Language(embeddings, language_path)
        self._bench = Bench(judge) if judge else None

    def charged_to(self, account: Any) -> Self:
        """The same checker for one run: what its judge takes is charged to this account."""
        checker = copy(self)
        checker._bench = self._bench and self._bench.charged_to(account)
        return checker

    def estimate(self, claims: int) -> Estimate:
        """About what the judge will take for so many sentences that a model wrote."""
        return self._bench.estimate(claims) if self._bench else Estimate()

    def check_sentence(
        self, text: str, evidence: Sequence[Passage], *, cited: Sequence[int] = ()
    ) -> Claim:
        """One sentence against passages: first those whose numbers are `cited`, then all.

        What an uncited passage carries better is cited instead, and the reasons say so.
        """
        found = carriers(evidence)
        if verbatim := _verbatim(text, found, cited):
            return _claim(text, [verbatim.citation], Verdict.SUPPORTED, 1.0)
        if not_read := unread(text, found, cited):
            return not_read
        if not found:
            return _claim(text, [], Verdict.UNSUPPORTED, 0.0, ["there is no evidence"])
        first = [carrier for carrier in found if carrier.passage.number in cited]
        if not first or len(first) == len(found):
            return self._check(text, Evidence(found, self.language))
        return self._widen(self._check(text, Evidence(first, self.language)), found)

    def check_closely(
        self, text: str, evidence: Sequence[Passage], *, cited: Sequence[int] = ()
    ) -> Claim:
        """As `check_sentence`, and unsupported where its cited sentences lack a detail."""
        claim = self.check_sentence(text, evidence, cited=cited)
        if claim.verdict not in (Verdict.SUPPORTED, Verdict.PARTLY) or _stands(claim):
            return claim
        reasons = claim.reasons
        if claim.verdict is Verdict.SUPPORTED or reasons == (SCATTERED,):
            reasons = self._liberties(claim, Evidence(carriers(evidence), self.language))
        return replace(claim, verdict=Verdict.UNSUPPORTED, reasons=reasons) if reasons else claim

    def _liberties(self, claim: Claim, evidence: Evidence) -> tuple[str, ...]:
        known = {carrier.citation: carrier for carrier in evidence.carriers}
        own = [known[citation] for citation in claim.citations]
        reading, chosen = self.language.read(claim.text), [(one, 0.0, 0.0) for one in own]
        alignment = align(reading, chosen, self.language, evidence)
        said = Evidence(own, self.language).text
        published = own[0].passage.article.published
        return find_liberties(alignment, said, evidence.text, carried(alignment, said, published))

    def check_text(self, text: str, articles: Sequence[Article]) -> Check:
        """Any text, sentence by sentence, against whole articles."""
        found = carriers([_whole(number, article) for number, article in enumerate(articles, 1)])
        evidence = Evidence(found, self.language)
        claims = tuple(self._check_given(sentence.text, evidence) for sentence in split(text))
        scores = [claim.score for claim in claims if claim.score is not None]
        contradicted = sum(claim.verdict is Verdict.CONTRADICTED for claim in claims)
        return Check(
            score=weights.overall(scores, contradicted),
            claims=claims,
            articles=tuple(article.details for article in articles),
            notices=(*_notices(len(claims), len(scores)), *not_judged(claims)),
        )

    def _check_given(self, text: str, evidence: Evidence) -> Claim:
        if verbatim := _verbatim(text, evidence.carriers, ()):
            return _claim(text, [verbatim.citation], Verdict.SUPPORTED, 1.0)
        if not_read := unread(text, evidence.carriers):
            return not_read
        if not evidence.carriers:
            return _claim(text, [], Verdict.UNSUPPORTED, 0.0, ["there is no evidence"])
        return self._check(text, evidence)

    def _check(self, text: str, evidence: Evidence) -> Claim:
        chosen = evidence.nearest(text)
        alignment = align(self.language.read(text), chosen, self.language, evidence)
        published = chosen[0][0].passage.article.published
        findings = compare(alignment, evidence.text, published)
        known = carried(alignment, evidence.text, published)
        measures = measure(alignment, findings, evidence.text, known)
        opinion = self._opinion(text, alignment)
        score = _score(measures, findings, opinion)
        share = 0.0 if opinion.probability is not None else coverage(alignment, known)
        verdict = _verdict(score, findings, share)
        reasons = [finding.reason for finding in findings] + _of_judge(opinion, verdict)
        if verdict in (Verdict.PARTLY, Verdict.UNSUPPORTED):
            reasons += missing(alignment, evidence.text, known, reasons)
        return _claim(text, _citations(alignment), verdict, score, reasons)

    def _opinion(self, text: str, alignment: Alignment) -> Opinion:
        """What the judge says of the claim and its nearest sentences, in their own order.

        Whatever addresses a model is kept from it, be it in the evidence or the claim itself.
        """
        if self._bench is None or find_instructions(text):
            return Opinion(None)
        ordered = sorted(alignment.carriers, key=lambda one: (one.passage.number, one.start))
        return self._bench.ask(
            text, [one.text for one in ordered if not find_instructions(one.text)]
        )

    def _widen(self, claim: Claim, found: Sequence[Carrier]) -> Claim:
        """The claim against all passages, where that is better than against the cited ones."""
        if claim.verdict is Verdict.SUPPORTED:
            return claim
        wider = self._check(claim.text, Evidence(found, self.language))
        if _ORDER.index(wider.verdict) <= _ORDER.index(claim.verdict):
            return claim
        return replace(wider, reasons=(*wider.reasons, "another passage than the cited carries it"))


def _stands(claim: Claim) -> bool:
    """Whether it is a sentence of the evidence word for word."""
    return any(tokens(claim.text) == tokens(one.quote) for one in claim.citations)


_ORDER = (Verdict.CONTRADICTED, Verdict.UNSUPPORTED, Verdict.PARTLY, Verdict.SUPPORTED)


def _whole(number: int, article: Article) -> Passage:
    return Passage(
        number=number, article=article.details, start=0, end=len(article.text), text=article.text
    )


def _notices(claims: int, checked: int) -> tuple[str, ...]:
    missed = claims - checked
    if not missed:
        return ()
    return (
        f"{missed} of {claims} sentences were not checked: they or their source are not English",
    )


def _of_judge(opinion: Opinion, verdict: Verdict) -> list[str]:
    if opinion.failure:
        return [NOT_JUDGED]
    doubted = opinion.probability is not None and opinion.probability < weights.DOUBTED
    if doubted and verdict is not Verdict.SUPPORTED:
        return ["the judge does not find all of it in the evidence"]
    return []


def _claim(
    text: str,
    citations: Sequence[Citation],
    verdict: Verdict,
    score: float | None,
    reasons: Sequence[str] = (),
) -> Claim:
    return Claim(
        text=text,
        citations=tuple(citations),
        verdict=verdict,
        score=score,
        reasons=tuple(dict.fromkeys(reasons)),
        origin=Origin.GIVEN,
    )


def _score(measures: Mapping[str, float], findings: Sequence[Finding], opinion: Opinion) -> float:
    """Where the facts object, a judge's opinion can only lower the score."""
    contradicted = any(finding.contradicts for finding in findings)
    alone = weights.score(measures, contradicted=contradicted)
    if opinion.probability is None:
        return alone
    judged = weights.score(measures, contradicted=contradicted, judged=opinion.probability)
    return min(alone, judged) if findings else judged


def _verdict(score: float, findings: Sequence[Finding], share: float) -> Verdict:
    """The facts decide before the score: what the evidence states otherwise is contradicted.

    A low score alone is no proof that nothing carries the claim, where the evidence has nearly all
    of its words (`share`) in some form: people who sum up choose and join words anew.
    """
    if any(finding.contradicts for finding in findings):
        return Verdict.CONTRADICTED
    if score < weights.PARTLY and (score < weights.HARDLY or share < weights.CARRIED):
        return Verdict.UNSUPPORTED
    if findings or score < weights.SUPPORTED:
        return Verdict.PARTLY
    return Verdict.SUPPORTED


def _citations(alignment: Alignment) -> list[Citation]:
    """The nearest sentence, and those that bring words of the claim which it lacks."""
    said = [
        {match.word.index for match in alignment.matches if _says(carrier.text, match.word.stem)}
        for carrier in alignment.carriers
    ]
    chosen, covered = [0], set(said[0])
    for _ in range(CITED - 1):
        best = max(range(len(said)), key=lambda n: len(said[n] - covered))
        if len(said[best] - covered) < max(1.0, NEW_SHARE * len(alignment.matches)):
            break
        chosen.append(best)
        covered |= said[best]
    return [alignment.carriers[n].citation for n in chosen]


def _says(text: str, wanted: str) -> bool:
    return any(stem(word) == wanted for word in re.findall(r"\w+", text.lower()))


def _verbatim(text: str, found: Sequence[Carrier], cited: Sequence[int]) -> Carrier | None:
    """The whole sentence that has the same words, whatever its spaces and quotation marks."""
    wanted = tokens(text)
    same = [carrier for carrier in found if wanted and tokens(carrier.text) == wanted]
    return min(same, key=lambda carrier: carrier.passage.number not in cited, default=None)
