"""What flows from a standing briefing: its editions, each a `Briefing` that knows what came before.

    StandingBriefing -> slot -> Briefing -> Edition(stories with what is new, timeline, manifest)

Frozen dataclasses that hold facts and do nothing, as in `entities`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from bot.entities import Briefing, Citation, Claim, Story
from bot.timezones import tell_in


class Novelty(StrEnum):
    """What a claim of an edition is beside the editions before it."""

    NEW = "new"
    UPDATED = "updated"  # told before, and different now
    CORRECTED = "corrected"  # a source changed its text after an edition had relied on it
    REPEATED = "repeated"  # told before, and the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a claim relates to what was told before; a new one has `novelty` alone.

    `before` is the sentence that edition number `edition` told, `citation` what it relied on, and
    `reasons` say for people what differs ("12 became 14").
    """

    novelty: Novelty = Novelty.NEW
    before: str = ""
    edition: int | None = None
    citation: Citation | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldClaim(Claim):
    """A claim as an edition tells it; `day` is the day that it is about, where that is known."""

    change: Change = Change()
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One entry of a story's timeline: what an edition told of a day.

    `amended` is what edition number `amended_in` said of it: "updated", "corrected" or "withdrawn";
    "" where it stands.
    """

    day: date
    text: str
    citation: Citation
    edition: int
    amended: str = ""
    amended_in: int | None = None

    @property
    def told_in(self) -> str:
        """Which edition told it, and which one amended it."""
        told = f"edition {self.edition}"
        return f"{told}; {self.amended} in edition {self.amended_in}" if self.amended else told


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory(Story):
    """A story with its identity across editions.

    `claims` are shown; `folded` were told before and are not. `since` is the number of the edition
    that told the story first. `timeline` is dated, oldest first, and holds earlier editions only.
    """

    id: str
    since: int
    claims: tuple[ToldClaim, ...] = ()
    folded: tuple[ToldClaim, ...] = ()
    timeline: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A claim of an earlier edition whose source no longer carries it; `reason` says why."""

    text: str
    citation: Citation
    edition: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """Runs that failed for a slot. The error's text is kept in the history, never in an edition."""

    slot: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A revision of an article, by its number."""

    article: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an edition was made from and with: enough to make it again.

    `articles` were read, in their order; `relied` are the revisions that were current of articles
    which earlier editions cite (0: removed); `repeats` maps an alternate to its original; `chunks`
    are ids of the index that hold the cited sentences. `prompts` are digests by name.
    """

    standing: str
    version: str
    versions: dict[str, str] = field(default_factory=dict)
    writer: str = "extractive"
    parameters: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    articles: tuple[Reference, ...] = ()
    relied: tuple[Reference, ...] = ()
    repeats: dict[str, str] = field(default_factory=dict)
    chunks: tuple[str, ...] = ()
    verdicts: dict[str, int] = field(default_factory=dict)
    estimated_tokens: int = 0
    tokens: int = 0
    cost: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition(Briefing):
    """One stored run of a standing briefing; prints and goes to JSON as a `Briefing` does.

    Its own moments are told in `timezone`, a name, "" where the timezone has none.
    `slot` is when it was due, `late` that it came later, `missed` the earlier slots that it stands
    for. `coverage` lists the articles that were new to this standing briefing; `outside` counts
    the archive's others. Every claim of `stories` says what it is beside the editions before.
    """

    standing: str
    number: int
    slot: datetime
    timezone: str = ""
    title: str = ""
    late: bool = False
    missed: tuple[datetime, ...] = ()
    setbacks: tuple[Setback, ...] = ()
    stories: tuple[ToldStory, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()
    outside: int = 0
    manifest: Manifest

    @property
    def id(self) -> str:
        """The edition's identity for receivers: the standing briefing and its slot in UTC."""
        return f"{self.standing}/{self.slot.astimezone(UTC).isoformat(timespec='seconds')}"

    def told_in(self, zone: tzinfo) -> Edition:
        """The same edition with its own moments told in a timezone."""
        return replace(
            tell_in(zone, self),
            period=tell_in(zone, self.period),
            setbacks=tuple(tell_in(zone, one) for one in self.setbacks),
        )

    @property
    def is_news(self) -> bool:
        """Whether it tells anything that earlier editions did not."""
        return any(story.claims for story in self.stories) or bool(self.withdrawn)

    def count(self, novelty: Novelty) -> int:
        """How many claims are new, updated, corrected or repeated, folded ones included."""
        claims = (claim for story in self.stories for claim in (*story.claims, *story.folded))
        return sum(claim.change.novelty is novelty for claim in claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What tells two editions apart: claims in one alone, and values of the manifests."""

    first: str
    second: str
    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()
    values: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.only_first or self.only_second or self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """An edition made again; `removed` are ids of articles that are there no more."""

    edition: Edition
    difference: Difference
    removed: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether it tells exactly what the stored edition tells."""
        return not self.difference.only_first and not self.difference.only_second
