"""Editions as text: what is new first, each change beside what was told before.

What was told before and is the same is counted, not said again. An edition without news is one
line. The text of an error is in no edition: a run that failed is named, the history says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.chronicle import Change, Edition, Milestone, Novelty, Setback, ToldClaim, ToldStory
from bot.entities import Claim, Conflict
from bot.rendering.layout import Layout, share_out
from bot.rendering.notation import Notation
from bot.rendering.phrases import count, describe_period, describe_time
from bot.timezones import find_zone

_SHOWN = (Novelty.NEW, Novelty.UPDATED, Novelty.CORRECTED, Novelty.REPEATED)
_MILESTONES = 12  # of a timeline, the latest


def lay_out_edition(edition: Edition, notation: Notation) -> str:
    """The edition in `notation`; what is stored has the offset of a time, and not its name."""
    if zone := find_zone(edition.timezone):
        edition = edition.told_in(zone)
    return notation.whole(EditionLayout(notation, edition.articles).edition(edition), "edition")


class EditionLayout(Layout):
    """One pass over one edition."""

    def edition(self, edition: Edition) -> list[str]:
        """The blocks of an edition."""
        if not edition.is_news:
            return [self._nothing_new(edition)]
        conflicts = [found for _, found in share_out(edition)]
        told = zip((*edition.stories, None), conflicts, strict=True)
        return [
            self._in.title(self._in.text(f"{edition.title}, edition {edition.number}"), 1),
            self._in.paragraph(self._in.text(_head(edition)), "extent"),
            *self.notices([*map(_describe_setback, edition.setbacks), *edition.notices]),
            *(self._told(story, found) for story, found in told if not story or story.claims),
            self._withdrawn(edition),
            self._quiet(edition),
            self.quarantined(edition.quarantined),
            self.sources(),
            self.coverage(edition.coverage),
            self.footer(edition.writer, edition.tally),
        ]

    def claim(self, claim: Claim) -> str:
        """A claim with what it is beside what was told before."""
        shown = super().claim(claim)
        if not isinstance(claim, ToldClaim) or claim.change.novelty is Novelty.NEW:
            return shown
        return f"{self._in.strong(claim.change.novelty.capitalize())}: {shown} " + self._in.note(
            self._before(claim.change), "before"
        )

    def _nothing_new(self, edition: Edition) -> str:
        since = f" since edition {edition.number - 1}" if edition.number > 1 else ""
        read = count(len(edition.coverage), "article")
        said = self._in.text(
            f", edition {edition.number}, {describe_time(edition.slot)}{_lateness(edition)}: "
            f"nothing new{since} ({read} read)."
        )
        told = [*map(_describe_setback, edition.setbacks), *edition.notices]
        rest = "".join(f" {self._in.note(self._in.text(one), 'notice')}" for one in told)
        return self._in.paragraph(f"{self._in.strong(self._in.text(edition.title))}{said}{rest}")

    def _told(self, story: ToldStory | None, conflicts: Sequence[Conflict]) -> str:
        if story is None:
            return self.conflicts(conflicts)
        line = self.reporters(story)
        if story.timeline:
            line += f" · told since edition {story.since}"
        folded = f"Told or read before, and the same: {count(len(story.folded), 'sentence')}."
        body = self._in.blocks(
            [
                self._in.paragraph(self._in.text(line), "reporters"),
                self.claims(story.claims),
                self.conflicts(conflicts, level=3),
                self._in.paragraph(folded, "folded") if story.folded else "",
                self._timeline(story.timeline),
            ]
        )
        return self._in.section(self._in.text(story.headline), body, "story")

    def _timeline(self, milestones: Sequence[Milestone]) -> str:
        if not milestones:
            return ""
        lines = [self._milestone(one) for one in milestones[-_MILESTONES:]]
        earlier = len(milestones) - len(lines)
        title = "So far" + (f", after {count(earlier, 'earlier sentence')}" if earlier else "")
        bullets = self._in.bullets(lines, "milestones")
        return self._in.section(title, bullets, "so-far", folded=True, level=3)

    def _milestone(self, milestone: Milestone) -> str:
        day = f"{milestone.day.day} {milestone.day:%B %Y}"
        said = self._in.text(f"{milestone.text} ({milestone.told_in})")
        return f"{self._in.strong(day)}: {said}"

    def _before(self, change: Change) -> str:
        told = f"edition {change.edition} told" if change.edition else "it was told"
        reasons = f"; {'; '.join(change.reasons)}" if change.reasons else ""
        return f"{told}: {self._in.quote(change.before)}{self._in.text(reasons)}"

    def _withdrawn(self, edition: Edition) -> str:
        if not edition.withdrawn:
            return ""
        lines = [
            f"{self._in.quote(one.text)} "
            + self._in.note(self._in.text(f"edition {one.edition}; {one.reason}"), "why")
            for one in edition.withdrawn
            if one.text
        ]
        # No word of a removed article stays, so that what it had carried can only be counted.
        gone = Counter((one.edition, one.reason) for one in edition.withdrawn if not one.text)
        lines += [
            self._in.text(f"{count(number, 'sentence')} of edition {told}: {reason}.")
            for (told, reason), number in gone.items()
        ]
        title = "No longer carried by its source"
        return self._in.section(title, self._in.bullets(lines), "withdrawn")

    def _quiet(self, edition: Edition) -> str:
        """How many stories have articles again, and nothing that was not told."""
        quiet = [story for story in edition.stories if not story.claims]
        if not quiet:
            return ""
        articles = sum(len(story.articles) for story in quiet)
        said = f"{count(articles, 'article')} on {count(len(quiet), 'story')}: nothing new."
        return self._in.paragraph(self._in.text(said), "folded")


def _head(edition: Edition) -> str:
    numbers: list[tuple[int, str]] = [(edition.count(one), one.value) for one in _SHOWN]
    numbers.append((len(edition.withdrawn), "withdrawn"))
    claims = ", ".join(f"{number} {word}" for number, word in numbers if number)
    due = f"{describe_time(edition.slot)}{_lateness(edition)}"
    return " · ".join(filter(None, (due, claims, _describe_span(edition))))


def _describe_span(edition: Edition) -> str:
    """The edition's period; the first one has no edition before it, since which it could be."""
    period = edition.period
    if not period.words.startswith("since") or period.since is None:
        return describe_period(period)
    span = describe_period(replace(period, words=""))
    return span if edition.number == 1 else span.replace("since", f"{period.words},", 1)


def _lateness(edition: Edition) -> str:
    """Whether it came late, and for how many slots it stands."""
    if edition.missed:
        missed = count(len(edition.missed), "edition")
        return f" (late, made {describe_time(edition.created)}; stands for {missed} missed before)"
    return f" (late, made {describe_time(edition.created)})" if edition.late else ""


def _describe_setback(setback: Setback) -> str:
    times = "once" if setback.attempts == 1 else f"{setback.attempts} times"
    return f"The run for {describe_time(setback.slot)} failed {times}; the history says why."
