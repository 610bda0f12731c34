"""What a result says, and in which order, whatever the notation.

Nothing is left out of a result without being counted. What a claim or a source looks like is in
`parts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.chronicle import Edition
from bot.entities import (
    Answer,
    Briefing,
    Check,
    Claim,
    Conflict,
    CoverageEntry,
    SearchRecord,
    Story,
    Summary,
    Tally,
    Use,
)
from bot.rendering.notation import Notation
from bot.rendering.parts import Parts
from bot.rendering.phrases import (
    count,
    describe_dates,
    describe_period,
    describe_scope,
    describe_time,
)

NAMED = 8  # outlets of a story that are named
LISTED = 40  # articles listed for each use in a coverage list; the rest are counted
_COUNTED = (Use.OUTSIDE_PERIOD,)  # uses whose articles nobody asked about; JSON lists them all


def lay_out(result: Answer | Summary | Briefing | Check, notation: Notation) -> str:
    """The result in `notation`."""
    layout = Layout(notation, result.articles)
    match result:
        case Answer():
            return notation.whole(layout.answer(result), "answer")
        case Summary():
            return notation.whole(layout.summary(result), "summary")
        case Edition():
            from bot.rendering.editions import lay_out_edition  # which is built on this module

            return lay_out_edition(result, notation)
        case Briefing():
            return notation.whole(layout.briefing(result), "briefing")
        case Check():
            return notation.whole(layout.check(result), "check")


def lay_out_claims(claims: Sequence[Claim], notation: Notation) -> str:
    """The claims alone, with their marks and verdicts."""
    return notation.blocks(Layout(notation, ()).paragraphs(claims))


class Layout(Parts):
    """One pass over one result."""

    def answer(self, answer: Answer) -> list[str]:
        """The blocks of an answer."""
        return [
            *(self._abstention(answer) if answer.abstained else self.paragraphs(answer.claims)),
            *self.notices(answer.notices),
            self.conflicts(answer.conflicts),
            self.sources(),
            self.footer(
                "" if answer.abstained else answer.writer,
                answer.tally,
                answer.search,
                describe_dates(answer.claims, answer.articles),
            ),
        ]

    def summary(self, summary: Summary) -> list[str]:
        """The blocks of a summary."""
        return [
            self._in.title(self._in.text(summary.title), 1),
            self.claims(summary.claims),
            *self.notices(summary.notices),
            self.conflicts(summary.conflicts),
            self.quarantined(summary.quarantined),
            self.sources(),
            self.footer(summary.writer, summary.tally),
        ]

    def briefing(self, briefing: Briefing) -> list[str]:
        """The blocks of a briefing."""
        topic = f"Briefing: {briefing.topic}" if briefing.topic else "Briefing"
        return [
            self._in.title(self._in.text(topic), 1),
            self._in.paragraph(self._in.text(self._extent(briefing)), "extent"),
            *self.notices(briefing.notices),
            *(self._story(story, conflicts) for story, conflicts in share_out(briefing)),
            self.quarantined(briefing.quarantined),
            self.sources(),
            self.coverage(briefing.coverage),
            self.footer(briefing.writer, briefing.tally),
        ]

    def check(self, check: Check) -> list[str]:
        """The blocks of a check."""
        return [
            self._in.title(f"Check: {check.score:.0%} supported as a whole", 1),
            self.claims(check.claims),
            *self.notices(check.notices),
            self.conflicts(check.conflicts),
            self.sources(),
        ]

    def _abstention(self, answer: Answer) -> list[str]:
        said = self._in.strong("No answer was found in the articles.")
        lines = [self.line(article) for article in answer.nearest]
        nearest = self._in.section("Nearest articles", self._in.bullets(lines), "nearest")
        return [
            self._in.paragraph(f"{said} {self._in.text(answer.reason)}".rstrip(), "abstained"),
            nearest if lines else "",
        ]

    def _story(self, story: Story | None, conflicts: Sequence[Conflict]) -> str:
        """A story with what does not fit together in it; without one, the conflicts of none."""
        if story is None:
            return self.conflicts(conflicts)
        also = "; ".join(self.line_of(article) for article in story.alternates)
        body = self._in.blocks(
            [
                self._in.paragraph(self._in.text(self.reporters(story)), "reporters"),
                self.claims(story.claims),
                self.conflicts(conflicts, level=3),
                self._in.paragraph(f"The same text again: {also}", "also") if also else "",
            ]
        )
        return self._in.section(self._in.text(story.headline), body, "story")

    def coverage(self, entries: Sequence[CoverageEntry]) -> str:
        """Every article of the list by what became of it."""
        if not entries:
            return ""
        uses = Counter(entry.use for entry in entries).most_common()
        groups = [
            self._group(use, [entry for entry in entries if entry.use is use]) for use, _ in uses
        ]
        numbers = ", ".join(f"{number} {use}" for use, number in uses)
        title = f"Coverage: {count(len(entries), 'article')} ({numbers})"
        return self._in.section(title, self._in.bullets(groups), "coverage", folded=True)

    def _why(self, entry: CoverageEntry) -> str:
        """The reason, with the headline of the article that it names in place of its id."""
        said, _, last = entry.reason.rpartition(" ")
        named = self._newest.get(last)
        if named is None or not named.title:
            return self._in.text(entry.reason)
        return f"{self._in.text(said)} {self._in.quote(named.title)}"

    def _group(self, use: Use, entries: Sequence[CoverageEntry]) -> str:
        said = self._in.strong(f"{use}: {len(entries)}")
        if use in _COUNTED:
            return said
        lines = [
            self.line_of(entry.article)
            + (f" {self._in.note(self._why(entry), 'why')}" if entry.reason else "")
            for entry in entries[:LISTED]
        ]
        if len(entries) > LISTED:
            lines.append(f"and {len(entries) - LISTED} more")
        return self._in.nested(said, self._in.bullets(lines))

    def reporters(self, story: Story) -> str:
        """Which outlets report a story, how many independently, and in how many articles."""
        articles = [self._newest[each] for each in story.articles if each in self._newest]
        outlets = [*dict.fromkeys(article.outlet for article in articles if article.outlet)]
        more = len(outlets) - NAMED
        named = ", ".join(outlets[:NAMED]) + (f" and {more} more" if more > 0 else "")
        alone = f"{story.outlets} independent" if story.outlets > 1 else ""
        number = count(len(story.articles) + len(story.alternates), "article")
        return " · ".join(filter(None, (named, alone, number)))

    def _extent(self, briefing: Briefing) -> str:
        used = sum(entry.use in (Use.USED, Use.ALTERNATE) for entry in briefing.coverage)
        period = describe_period(briefing.period)
        stories, articles = count(len(briefing.stories), "story"), count(used, "article")
        parts = [f"{stories} from {articles}", period, describe_time(briefing.created)]
        return " · ".join(filter(None, parts))

    def footer(
        self, writer: str, tally: Tally, searched: SearchRecord | None = None, dates: str = ""
    ) -> str:
        """Who wrote, from articles of when, what was searched, and what became of failed drafts."""
        who = "Chosen from the articles, word for word" if writer == "extractive" else writer
        parts = [self._in.text(who)] if who else []
        if dates:
            parts.append(self._in.text(f"from articles of {dates}"))
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


def share_out(briefing: Briefing) -> list[tuple[Story | None, list[Conflict]]]:
    """Each story with the conflicts between its articles, and last the conflicts of no story."""
    left = list(briefing.conflicts)
    shared: list[tuple[Story | None, list[Conflict]]] = []
    for story in briefing.stories:
        own = [one for one in left if one.first.article in story.articles]
        left = [one for one in left if one not in own]
        shared.append((story, own))
    return [*shared, (None, left)]
