"""Claims: what Newsbot says, the sentences that carry it, and what checking it found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of a stored revision: `text[start:end] == quote`."""

    article: str
    revision: int
    start: int
    end: int
    quote: str


class Verdict(StrEnum):
    """What checking a claim against its sentences found.

    `NOT_CHECKED` (language, time-out or budget) is shown as such and never counts as supported.
    """

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    NOT_CHECKED = "not checked"


class Origin(StrEnum):
    """Where the wording of a claim comes from."""

    VERBATIM = "verbatim"  # the article's own sentence, chosen by the extractive writer
    WRITTEN = "written"  # a chat model's sentence
    REPAIRED = "repaired"  # a chat model's second attempt, after the first was unsupported
    REPLACED = "replaced"  # the article's own sentence, in place of an unsupported one
    GIVEN = "given"  # somebody else's text, given to `check`


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence that Newsbot shows, with the sentences that carry it.

    `score` in [0, 1] is the support found, None when not checked. `reasons` are for people ("the
    article says 12, not 21"). `outlets` counts the independent outlets among the citations.
    `days` are when it happened, by the claim's own words ("yesterday", "on Monday", "in May"),
    resolved from the publication of the first cited article: ISO 8601 days, or intervals of them.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    verdict: Verdict = Verdict.NOT_CHECKED
    score: float | None = None
    reasons: tuple[str, ...] = ()
    origin: Origin = Origin.WRITTEN
    outlets: int = 1
    days: tuple[str, ...] = ()


class ConflictKind(StrEnum):
    """Which part of two sentences cannot both be true."""

    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    ROLE = "role"
    NEGATION = "negation"
    ATTRIBUTION = "attribution"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two sentences that cannot both be true, within one article or between two.

    `first` comes earlier (in the article, or by publication); `reason` says what differs.
    """

    kind: ConflictKind
    first: Citation
    second: Citation
    reason: str
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the claims that a writer drafted."""

    drafted: int = 0
    repaired: int = 0
    replaced: int = 0
    dropped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            drafted=self.drafted + other.drafted,
            repaired=self.repaired + other.repaired,
            replaced=self.replaced + other.replaced,
            dropped=self.dropped + other.dropped,
        )
