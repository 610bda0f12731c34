"""Checks text against articles, sentence by sentence, without a chat model.

A sentence that stands in the evidence word for word is supported at once. Any other is laid beside
its nearest sentences (`alignment`); facts are compared in code (`facts`); what is left is meaning:
how near each of its words comes to a word of the evidence. `weights` turns all that into a score.

    checker = Checker(OnnxEmbeddings())
    checker.check_text(summary, [article]).score

It reads English; anything else is "not checked". It knows nothing about who wrote the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bot.entities import Article, Check, Citation, Claim, Origin, Passage, Verdict
from bot.grounding.alignment import Carrier, Evidence, align, carriers
from bot.grounding.facts import Finding, compare
from bot.grounding.language import Language, TokenEmbeddings, is_english
from bot.grounding.sentences import split


class Checker:
    """Says how well articles support a sentence or a text; loads its models when first needed.

    `embeddings` gives token vectors (`vectorstore.embeddings.OnnxEmbeddings`); `language_path`
    replaces the packaged language model. Raises `WeightsError` when that has vanished.
    """

    def __init__(self, embeddings: TokenEmbeddings, language_path: Path | None = None) -> None:
        self._language = Language(embeddings, language_path)

    def check_sentence(
        self, text: str, evidence: Sequence[Passage], *, cited: Sequence[int] = ()
    ) -> Claim:
        """One sentence against passages; those whose numbers are `cited` are looked at first."""
        found = carriers(evidence)
        if verbatim := _verbatim(text, found, cited):
            return _claim(text, [verbatim.citation], Verdict.SUPPORTED, 1.0)
        if not is_english(text):
            return _claim(text, [], Verdict.NOT_CHECKED, None, ["it is not English"])
        if not found:
            return _claim(
                text, [], Verdict.UNSUPPORTED, 0.0, ["there is nothing to check it against"]
            )
        return self._check(text, found)

    def _check(self, text: str, found: Sequence[Carrier]) -> Claim:
        chosen = Evidence(found, self._language).nearest(text)
        alignment = align(self._language.read(text), chosen, self._language)
        whole = "\n".join(carrier.text for carrier in found)
        published = alignment.carriers[0].passage.article.published
        findings = compare(alignment, whole, published)
        matches = alignment.matches
        mean = sum(match.similarity for match in matches) / len(matches) if matches else 1.0
        score = mean * 0.6 ** sum(1 + finding.contradicts for finding in findings)
        return _claim(
            text,
            [carrier.citation for carrier in alignment.carriers[:1]],
            _verdict(score, findings),
            score,
            [finding.reason for finding in findings],
        )

    def check_text(self, text: str, articles: Sequence[Article]) -> Check:
        """Any text, sentence by sentence, against whole articles."""
        passages = [_whole(number, article) for number, article in enumerate(articles, 1)]
        claims = tuple(self.check_sentence(sentence.text, passages) for sentence in split(text))
        scores = [claim.score for claim in claims if claim.score is not None]
        score = sum(scores) / len(scores) if scores else 0.0
        return Check(
            score=score, claims=claims, articles=tuple(article.details for article in articles)
        )


def _whole(number: int, article: Article) -> Passage:
    return Passage(
        number=number, article=article.details, start=0, end=len(article.text), text=article.text
    )


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
        reasons=tuple(reasons),
        origin=Origin.GIVEN,
    )


def _verdict(score: float, findings: Sequence[Finding]) -> Verdict:
    if any(finding.contradicts for finding in findings):
        return Verdict.CONTRADICTED
    if score >= 0.6:
        return Verdict.SUPPORTED
    return Verdict.PARTLY if score >= 0.4 else Verdict.UNSUPPORTED


_TOKEN = re.compile(r"[£$€¥%]|(?<!\w)-(?=\d)|\d+(?:[.,]\d+)*|[^\W\d_]+")


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


def _verbatim(text: str, found: Sequence[Carrier], cited: Sequence[int]) -> Carrier | None:
    """The whole sentence that has the same words, whatever its spaces and quotation marks."""
    wanted = _tokens(text)
    same = [carrier for carrier in found if wanted and _tokens(carrier.text) == wanted]
    return min(same, key=lambda carrier: carrier.passage.number not in cited, default=None)
