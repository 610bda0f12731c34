"""What a result says, and in which order, whatever the notation.

Every claim carries its marks and its verdict: a tick where its sentences support it, words
everywhere else. Nothing is left out of a result without being counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.entities import (
    Answer,
    ArticleDetails,
    Briefing,
    Check,
    Citation,
    Claim,
    Conflict,
    CoverageEntry,
    Origin,
    SearchRecord,
    Story,
    Summary,
    Tally,
    Use,
    Verdict,
)
from bot.rendering.notation import Notation
from bot.rendering.phrases import (
    count,
    describe_origin,
    describe_period,
    describe_scope,
    describe_time,
)

LISTED = 40  # articles listed for each use in a coverage list; the rest are counted

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


def lay_out(result: Answer | Summary | Briefing | Check, notation: Notation) -> str:
    """The result in `notation`."""
    layout = _Layout(notation, result.articles)
    match result:
        case Answer():
            return notation.whole(layout.answer(result), "answer")
        case Summary():
            return notation.whole(layout.summary(result), "summary")
        case Briefing():
            return notation.whole(layout.briefing(result), "briefing")
        case Check():
            return notation.whole(layout.check(result), "check")


def lay_out_claims(claims: Sequence[Claim], notation: Notation) -> str:
    """The claims alone, with their marks and verdicts."""
    return notation.blocks(_Layout(notation, ()).paragraphs(claims))


class _Layout:
    """One pass over one result; numbers the cited sentences as it meets them."""

    def __init__(self, notation: Notation, articles: Sequence[ArticleDetails]) -> None:
        self._in = notation
        self._articles = {(article.id, article.revision): article for article in articles}
        self._newest = {article.id: article for article in articles}
        self._numbers: dict[Citation, int] = {}

    # The four results

    def answer(self, answer: Answer) -> list[str]:
        return [
            *(self._abstention(answer) if answer.abstained else self.paragraphs(answer.claims)),
            *self._notices(answer.notices),
            self._conflicts(answer.conflicts),
            self._sources(),
            self._footer("" if answer.abstained else answer.writer, answer.tally, answer.search),
        ]

    def summary(self, summary: Summary) -> list[str]:
        return [
            self._in.title(self._in.text(summary.title), 1),
            self._claims(summary.claims),
            *self._notices(summary.notices),
            self._conflicts(summary.conflicts),
            self._quarantined(summary.quarantined),
            self._sources(),
            self._footer(summary.writer, summary.tally),
        ]

    def briefing(self, briefing: Briefing) -> list[str]:
        topic = f"Briefing: {briefing.topic}" if briefing.topic else "Briefing"
        return [
            self._in.title(self._in.text(topic), 1),
            self._in.paragraph(self._in.text(self._extent(briefing)), "extent"),
            *self._notices(briefing.notices),
            *(self._story(story) for story in briefing.stories),
            self._conflicts(briefing.conflicts),
            self._quarantined(briefing.quarantined),
            self._sources(),
            self._coverage(briefing.coverage),
            self._footer(briefing.writer, briefing.tally),
        ]

    def check(self, check: Check) -> list[str]:
        return [
            self._in.title(f"Check: {check.score:.0%} supported", 1),
            self._claims(check.claims),
            *self._notices(check.notices),
            self._conflicts(check.conflicts),
            self._sources(),
        ]

    # Claims

    def paragraphs(self, claims: Sequence[Claim]) -> list[str]:
        return [self._in.paragraph(self._claim(claim), "claim") for claim in claims]

    def _claims(self, claims: Sequence[Claim]) -> str:
        return self._in.bullets([self._claim(claim) for claim in claims], "claims")

    def _claim(self, claim: Claim) -> str:
        marks = "".join(self._mark(citation) for citation in claim.citations)
        parts = [self._in.text(claim.text), marks]
        if claim.verdict is Verdict.SUPPORTED:
            parts.append(self._in.note("✓", "tick"))
        shown = self._in.glue.join(filter(None, parts))
        return " ".join(filter(None, (shown, self._verdict(claim), self._origin_of(claim))))

    def _mark(self, citation: Citation) -> str:
        number = self._numbers.setdefault(citation, len(self._numbers) + 1)
        return self._in.mark(citation, number, self._origin(citation))

    def _verdict(self, claim: Claim) -> str:
        if claim.verdict is Verdict.SUPPORTED:
            return ""
        label, kind = _VERDICTS[claim.verdict]
        reasons = self._in.text("; ".join(claim.reasons))
        return self._in.note(f"{label}: {reasons}" if reasons else label, kind)

    def _origin_of(self, claim: Claim) -> str:
        origin = _ORIGINS.get(claim.origin)
        return self._in.note(origin, "origin") if origin else ""

    # Articles and sources

    def _article(self, citation: Citation) -> ArticleDetails | None:
        exact = self._articles.get((citation.article, citation.revision))
        return exact or self._newest.get(citation.article)

    def _origin(self, citation: Citation) -> str:
        article = self._article(citation)
        return describe_origin(article) if article else f"article {citation.article}"

    def _line(self, article: ArticleDetails) -> str:
        title = self._in.headline(article.title or article.address or article.id, article.url)
        reader = self._in.reader(article.id, article.revision)
        return f"{title}, {self._in.text(describe_origin(article))}{reader}"

    def _line_of(self, article: str) -> str:
        details = self._newest.get(article)
        return self._line(details) if details else self._in.text(f"article {article}")

    def _sources(self) -> str:
        if not self._numbers:
            return ""
        grouped: dict[tuple[str, int], list[Citation]] = {}
        for citation in self._numbers:
            grouped.setdefault((citation.article, citation.revision), []).append(citation)
        lines = [self._source(citations) for citations in grouped.values()]
        return self._in.section("Sources", self._in.bullets(lines, "sources"), "from", folded=True)

    def _source(self, citations: Sequence[Citation]) -> str:
        article = self._article(citations[0])
        line = self._line(article) if article else self._in.text(self._origin(citations[0]))
        quotes = [f"{self._mark(each)} {self._in.quote(each.quote)}" for each in citations]
        return self._in.nested(line, self._in.bullets(quotes, "quotes"))

    def _attributed(self, citation: Citation) -> str:
        origin = self._in.text(self._origin(citation))
        return f"{self._in.quote(citation.quote)} {self._mark(citation)} ({origin})"

    # What is not plain

    def _conflicts(self, conflicts: Sequence[Conflict]) -> str:
        if not conflicts:
            return ""
        lines = [self._conflict(conflict) for conflict in conflicts]
        return self._in.section("What does not fit together", self._in.bullets(lines), "conflicts")

    def _conflict(self, conflict: Conflict) -> str:
        first, second = conflict.first, conflict.second
        who = "Within one article" if first.article == second.article else "Between two articles"
        said = f"{who} ({conflict.kind}): {conflict.reason}"
        sides = [self._attributed(first), self._attributed(second)]
        return self._in.nested(self._in.text(said), self._in.bullets(sides, "sides"))

    def _quarantined(self, citations: Sequence[Citation]) -> str:
        if not citations:
            return ""
        lines = [self._attributed(citation) for citation in citations]
        said = self._in.paragraph(
            "These sentences address a model; they were neither obeyed nor used."
        )
        body = self._in.blocks([said, self._in.bullets(lines)])
        return self._in.section("Set aside", body, "quarantined", folded=True)

    def _notices(self, notices: Iterable[str]) -> list[str]:
        return [
            self._in.paragraph(self._in.note(self._in.text(notice), "notice")) for notice in notices
        ]

    def _abstention(self, answer: Answer) -> list[str]:
        said = self._in.strong("The articles do not answer this.")
        lines = [self._line(article) for article in answer.nearest]
        nearest = self._in.section("Nearest articles", self._in.bullets(lines), "nearest")
        return [
            self._in.paragraph(f"{said} {self._in.text(answer.reason)}".rstrip(), "abstained"),
            nearest if lines else "",
        ]

    def _coverage(self, entries: Sequence[CoverageEntry]) -> str:
        if not entries:
            return ""
        groups = [
            self._group(use, [entry for entry in entries if entry.use is use])
            for use, _ in Counter(entry.use for entry in entries).most_common()
        ]
        title = f"Coverage: {count(len(entries), 'article')}"
        return self._in.section(title, self._in.bullets(groups), "coverage", folded=True)

    def _group(self, use: Use, entries: Sequence[CoverageEntry]) -> str:
        lines = [
            self._line_of(entry.article)
            + (f" {self._in.note(self._in.text(entry.reason), 'why')}" if entry.reason else "")
            for entry in entries[:LISTED]
        ]
        if len(entries) > LISTED:
            lines.append(f"and {len(entries) - LISTED} more")
        said = self._in.strong(f"{use}: {len(entries)}")
        return self._in.nested(said, self._in.bullets(lines))

    def _story(self, story: Story) -> str:
        also = "; ".join(self._line_of(article) for article in story.alternates)
        return self._in.blocks(
            [
                self._in.title(self._in.text(story.headline), 2),
                self._in.paragraph(self._in.text(self._reporters(story)), "reporters"),
                self._claims(story.claims),
                self._in.paragraph(f"The same text again: {also}", "also") if also else "",
            ]
        )

    # Lines about the whole

    def _reporters(self, story: Story) -> str:
        """Which outlets report a story, and how many articles they gave it."""
        articles = [self._newest[each] for each in story.articles if each in self._newest]
        outlets = dict.fromkeys(article.outlet for article in articles if article.outlet)
        number = count(len(story.articles) + len(story.alternates), "article")
        return " · ".join(filter(None, (", ".join(outlets), number)))

    def _extent(self, briefing: Briefing) -> str:
        used = sum(entry.use in (Use.USED, Use.ALTERNATE) for entry in briefing.coverage)
        period = describe_period(briefing.period)
        stories, articles = count(len(briefing.stories), "story"), count(used, "article")
        parts = [f"{stories} from {articles}", period, describe_time(briefing.created)]
        return " · ".join(filter(None, parts))

    def _footer(self, writer: str, tally: Tally, searched: SearchRecord | None = None) -> str:
        who = "Chosen from the articles, word for word" if writer == "extractive" else writer
        parts = [self._in.text(who)] if who else []
        if searched and searched.queries:
            queries = ", ".join(map(self._in.quote, searched.queries))
            among = self._in.text(describe_scope(searched))
            parts.append(f"searched for {queries} {among}")
        parts.extend(
            f"{number} {what}"
            for number, what in (
                (tally.repaired, "reworded"),
                (tally.replaced, "replaced"),
                (tally.dropped, "dropped"),
            )
            if number
        )
        return self._in.paragraph(" · ".join(parts), "footer")
