"""What an edition looks back on, and what it leaves for later ones to look back on. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.archive.amendments import Amendment, Place
from bot.archive.memory import Thread, Told
from bot.chronicle import Novelty, ToldStory, Withdrawal
from bot.entities import Claim
from bot.grounding.verbatim import stands

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Embed = Callable[[list[str]], "NDArray[np.float32]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the editions before number `number` told, and what they had read.

    `amended` says which of their claims later ones amended; `known` are earlier texts of revised
    articles by the article's id.
    """

    number: int
    told: Sequence[Told] = ()
    threads: Sequence[Thread] = ()
    amended: Mapping[Place, Amendment] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)

    def knew(self, claim: Claim) -> bool:
        """Whether its sentences stood so in what earlier editions had read of their articles."""
        return bool(claim.citations) and all(
            stands(one.quote, self.known.get(one.article, "")) for one in claim.citations
        )

    def is_put_in(self, claim: Claim) -> bool:
        """Whether its sentences are all of revised articles, in which they did not stand so."""
        return bool(claim.citations) and all(
            one.article in self.known and not stands(one.quote, self.known[one.article])
            for one in claim.citations
        )


def remember(stories: Sequence[ToldStory], number: int, embed: Embed) -> tuple[Told, ...]:
    """The claims that were shown; what was folded is remembered from when it was told."""
    shown = [(story.id, claim) for story in stories for claim in story.claims]
    vectors = embed([claim.text for _, claim in shown])
    return tuple(
        Told(
            edition=number,
            n=n,
            story=story,
            text=claim.text,
            day=claim.day,
            citation=claim.citations[0] if claim.citations else None,
            vector=vector,
        )
        for n, ((story, claim), vector) in enumerate(zip(shown, vectors, strict=True))
    )


def amend(
    stories: Sequence[ToldStory],
    withdrawn: Sequence[Withdrawal],
    told: Sequence[Told],
    number: int,
) -> Iterator[Amendment]:
    """What this edition says of claims that were told."""
    places = {(one.edition, one.text): (one.edition, one.n) for one in told if one.text}
    said = [
        (claim.change.edition, claim.change.before, claim.change.novelty.value)
        for story in stories
        for claim in story.claims
        if claim.change.novelty in (Novelty.UPDATED, Novelty.CORRECTED)
    ]
    said += [(one.edition, one.text, "withdrawn") for one in withdrawn]
    found: dict[Place, Amendment] = {}
    for edition, text, how in said:
        if edition is not None and (place := places.get((edition, text))):
            found[place] = Amendment(told=place[0], n=place[1], how=how, number=number)
    yield from found.values()
