"""The parts that results are laid out of: claims with marks and verdicts, sources, conflicts.

Every claim carries its marks and its verdict: a tick where its sentences support it, words
everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.entities import ArticleDetails, Citation, Claim, Conflict, Origin, Verdict
from bot.rendering.notation import Notation
from bot.rendering.phrases import describe_origin

_VERDICTS = {
    Verdict.PARTLY: ("partly supported", "partly"),
    Verdict.UNSUPPORTED: ("not supported", "unsupported"),
    Verdict.CONTRADICTED: ("contradicted", "contradicted"),
    Verdict.NOT_CHECKED: ("not checked", "unchecked"),
}
_ORIGINS = {
    Origin.REPAIRED: "reworded after its first check failed",
    Origin.REPLACED: "the article's own words, in place of a sentence that failed its check",
}


class Parts:
    """The parts of one result in one notation; numbers the cited sentences as it meets them."""

    def __init__(self, notation: Notation, articles: Sequence[ArticleDetails]) -> None:
        self._in = notation
        self._articles = {(article.id, article.revision): article for article in articles}
        self._newest = {article.id: article for article in articles}
        self._numbers: dict[Citation, int] = {}

    def paragraphs(self, claims: Sequence[Claim]) -> list[str]:
        """Claims as paragraphs, for an answer."""
        return [self._in.paragraph(self.claim(claim), "claim") for claim in claims]

    def claims(self, claims: Sequence[Claim]) -> str:
        """Claims as bullets."""
        return self._in.bullets([self.claim(claim) for claim in claims], "claims")

    def claim(self, claim: Claim) -> str:
        """A claim with its marks, its verdict, and where its wording comes from if not plain."""
        marks = "".join(self._mark(citation) for citation in claim.citations)
        parts = [self._in.text(claim.text), marks]
        if claim.verdict is Verdict.SUPPORTED:
            parts.append(self._in.note("✓", "tick"))
        shown = self._in.glue.join(filter(None, parts))
        return " ".join(filter(None, (shown, self._verdict(claim), self._origin_of(claim))))

    def _mark(self, citation: Citation) -> str:
        return self._in.mark(citation, self._number(citation), self._origin(citation))

    def _number(self, citation: Citation) -> int:
        return self._numbers.setdefault(citation, len(self._numbers) + 1)

    def _verdict(self, claim: Claim) -> str:
        if claim.verdict is Verdict.SUPPORTED:
            return ""
        label, kind = _VERDICTS[claim.verdict]
        reasons = self._in.text("; ".join(claim.reasons))
        return self._in.note(f"{label}: {reasons}" if reasons else label, kind)

    def _origin_of(self, claim: Claim) -> str:
        origin = _ORIGINS.get(claim.origin)
        return self._in.note(origin, "origin") if origin else ""

    def _article(self, citation: Citation) -> ArticleDetails | None:
        exact = self._articles.get((citation.article, citation.revision))
        return exact or self._newest.get(citation.article)

    def _origin(self, citation: Citation) -> str:
        article = self._article(citation)
        return describe_origin(article) if article else f"article {citation.article}"

    def line(self, article: ArticleDetails) -> str:
        """An article in one line: headline, address, outlet, time."""
        title = self._in.headline(article.title or article.address or article.id, article.url)
        reader = self._in.reader(article.id, article.revision)
        return f"{title}, {self._in.text(describe_origin(article))}{reader}"

    def line_of(self, article: str) -> str:
        """The same by id, for an article that may not be among those described."""
        details = self._newest.get(article)
        return self.line(details) if details else self._in.text(f"article {article}")

    def sources(self) -> str:
        """Every cited sentence so far, grouped by article."""
        if not self._numbers:
            return ""
        grouped: dict[tuple[str, int], list[Citation]] = {}
        for citation in self._numbers:
            grouped.setdefault((citation.article, citation.revision), []).append(citation)
        lines = [self._source(citations) for citations in grouped.values()]
        return self._in.section("Sources", self._in.bullets(lines, "sources"), "from", folded=True)

    def _source(self, citations: Sequence[Citation]) -> str:
        article = self._article(citations[0])
        line = self.line(article) if article else self._in.text(self._origin(citations[0]))
        quotes = [self._quoted(each) for each in citations]
        return self._in.nested(line, self._in.bullets(quotes, "quotes"))

    def _quoted(self, citation: Citation) -> str:
        anchor = self._in.anchor(citation, self._number(citation), self._origin(citation))
        return f"{anchor} {self._in.quote(citation.quote)}"

    def _attributed(self, citation: Citation) -> str:
        origin = self._in.text(self._origin(citation))
        return f"{self._in.quote(citation.quote)} {self._mark(citation)} ({origin})"

    def conflicts(self, conflicts: Sequence[Conflict], level: int = 2) -> str:
        """Both sides of each conflict."""
        if not conflicts:
            return ""
        lines = self._in.bullets([self._conflict(conflict) for conflict in conflicts])
        return self._in.section("What does not fit together", lines, "conflicts", level=level)

    def _conflict(self, conflict: Conflict) -> str:
        first, second = conflict.first, conflict.second
        who = "Within one article" if first.article == second.article else "Between two articles"
        said = f"{who} ({conflict.kind}): {conflict.reason}"
        sides = [self._attributed(first), self._attributed(second)]
        return self._in.nested(self._in.text(said), self._in.bullets(sides, "sides"))

    def quarantined(self, citations: Sequence[Citation]) -> str:
        """Sentences that address a model, shown as such."""
        if not citations:
            return ""
        lines = [self._attributed(citation) for citation in citations]
        said = self._in.paragraph(
            "These sentences address a model; they were neither obeyed nor used."
        )
        body = self._in.blocks([said, self._in.bullets(lines)])
        return self._in.section("Set aside", body, "quarantined", folded=True)

    def notices(self, notices: Iterable[str]) -> list[str]:
        """What the reader should know of this result."""
        return [
            self._in.paragraph(self._in.note(self._in.text(notice), "notice")) for notice in notices
        ]
