"""A check with each claim beside its evidence, for the page: two columns, or one on a phone."""

from __future__ import annotations

import html
from collections import Counter

from bot.entities import ArticleDetails, Check, Citation, Claim, Verdict
from bot.rendering.markup import Html, sanitise
from bot.rendering.notation import clean
from bot.rendering.parts import Parts
from bot.rendering.phrases import count, describe_origin

_SAID = {
    Verdict.SUPPORTED: "supported",
    Verdict.PARTLY: "partly supported",
    Verdict.UNSUPPORTED: "not supported",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.NOT_CHECKED: "not checked",
}
_KINDS = {
    Verdict.SUPPORTED: "supported",
    Verdict.PARTLY: "partly",
    Verdict.UNSUPPORTED: "unsupported",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.NOT_CHECKED: "unchecked",
}


def lay_out_verdicts(check: Check) -> str:
    """The score, then each sentence with its verdict beside the sentences that it rests on."""
    numbers: dict[Citation, int] = {}
    articles = {article.id: article for article in check.articles}
    parts = Parts(Html(), check.articles)
    rows = "".join(_row(claim, numbers, articles) for claim in check.claims)
    heads = "<p>What the text says</p><p>What the articles say</p>"
    notices = "".join(parts.notices(check.notices))
    return sanitise(
        f'<article class="nb-result nb-check">{_score(check)}{notices}'
        f'<div class="nb-columns">{heads}</div><ul class="nb-verdicts">{rows}</ul>'
        f"{parts.conflicts(check.conflicts)}</article>"
    )


def _score(check: Check) -> str:
    numbers = Counter(claim.verdict for claim in check.claims)
    chips = "".join(
        f'<span class="nb-note nb-{_KINDS[verdict]}">{numbers[verdict]} {_SAID[verdict]}</span> '
        for verdict in Verdict
        if numbers[verdict]
    )
    said = f"{check.score:.0%} supported as a whole"
    return f'<h3>{said}</h3><p class="nb-tally">{count(len(check.claims), "sentence")}: {chips}</p>'


def _row(claim: Claim, numbers: dict[Citation, int], articles: dict[str, ArticleDetails]) -> str:
    kind = _KINDS[claim.verdict]
    reasons = html.escape(clean("; ".join(claim.reasons)))
    why = f'<p class="nb-reasons">{reasons}</p>' if reasons else ""
    evidence = "".join(_evidence(one, numbers, articles) for one in claim.citations)
    said = html.escape(clean(claim.text))
    return (
        f'<li class="nb-row nb-is-{kind}"><div class="nb-said"><p>{said}</p>'
        f'<span class="nb-note nb-{kind}">{_SAID[claim.verdict]}</span>{why}</div>'
        f'<div class="nb-evidence">{evidence or _NOTHING}</div></li>'
    )


_NOTHING = '<p class="nb-facts">No sentence of the articles comes near it.</p>'


def _evidence(
    citation: Citation, numbers: dict[Citation, int], articles: dict[str, ArticleDetails]
) -> str:
    number = numbers.setdefault(citation, len(numbers) + 1)
    article = articles.get(citation.article)
    origin = describe_origin(article) if article else ""
    about = ", ".join(filter(None, (article.title if article else "", origin)))
    mark = Html().mark(citation, number, about)
    return (
        f"<p><q><bdi>{html.escape(clean(citation.quote))}</bdi></q> {mark}</p>"
        f'<p class="nb-facts">{html.escape(clean(about))}</p>'
    )
