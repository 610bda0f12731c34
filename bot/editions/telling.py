"""A briefing and what was told before -> the stories of an edition, each claim with its change.

Pure: the same briefing and the same past give the same stories, which is what `replay` relies on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.archive.amendments import Amendment
from bot.archive.memory import Thread, Told
from bot.chronicle import Change, Novelty, ToldClaim, ToldStory
from bot.editions.changes import (
    SAME_WORDS,
    Published,
    Read,
    day_of,
    find_changes,
    find_threads,
    jaccard,
)
from bot.editions.corrections import Correction, Corrections
from bot.editions.remembering import Embed, Past, amend, remember
from bot.editions.standing import HEADLINES, LEAVE_OUT, StandingBriefing
from bot.editions.timelines import tell_so_far
from bot.entities import ArticleDetails, Claim, Story
from bot.grounding.echoes import are_echoes
from bot.grounding.injection import is_instruction, is_statement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The stories of an edition, and what later ones will look back on."""

    stories: tuple[ToldStory, ...]
    told: tuple[Told, ...]
    threads: tuple[Thread, ...]
    amended: tuple[Amendment, ...]


def tell(
    stories: Sequence[Story],
    corrections: Corrections,
    past: Past,
    standing: StandingBriefing,
    *,
    embed: Embed,
    read: Read,
    articles: Mapping[str, ArticleDetails],
    published: Published,
) -> Telling:
    """The stories as an edition tells them; those with nothing new last, or not at all."""
    corrected = corrections.corrected
    stories = [*stories, *_own_stories(stories, corrected, past, articles)]
    vectors = [_story_vector(story, embed) for story in stories]
    changed = _compare(stories, corrected, past, embed, published, read)
    story_of = {(one.edition, one.text): one.story for one in past.told}
    pairs = [
        (vector, [claim.change for claim in claims])
        for vector, claims in zip(vectors, changed, strict=True)
    ]
    threads = find_threads(pairs, past.threads, story_of)
    made = [
        _told_story(story, claims, thread, past, standing, articles)
        for story, claims, thread in zip(stories, changed, threads, strict=True)
    ]
    told = remember(made, past.number, embed)
    amended = tuple(amend(made, corrections.withdrawn, [*told, *past.told], past.number))
    lately = {**past.amended, **{one.place: one for one in amended}}
    made = [
        replace(one, timeline=tell_so_far(one.id, past.told, lately)) if thread else one
        for one, thread in zip(made, threads, strict=True)
    ]
    kept = [one for one in made if one.claims or standing.repeated != LEAVE_OUT]
    return Telling(
        stories=tuple(sorted(kept, key=lambda one: not one.claims)),
        told=told,
        amended=amended,
        threads=tuple(
            Thread(
                id=story.id,
                edition=past.number,
                since=story.since,
                headline=story.headline,
                vector=vector,
            )
            for story, vector in zip(made, vectors, strict=True)
        ),
    )


def _compare(
    stories: Sequence[Story],
    corrected: Sequence[Correction],
    past: Past,
    embed: Embed,
    published: Published,
    read: Read,
) -> list[list[ToldClaim]]:
    """Each story's claims with their changes; what a story before has said counts as told."""
    told = list(past.told)
    found = []
    for number, story in enumerate(stories):
        claims = _with_corrections(story, corrected)
        vectors = embed([claim.text for claim in claims])
        changes = find_changes(claims, vectors, told, published, read)
        found.append(
            [
                claim
                if isinstance(claim, ToldClaim)
                else _to_told(claim, _as_read(change, claim, past), day_of(claim, published))
                for claim, change in zip(claims, changes, strict=True)
            ]
        )
        told += [
            Told(
                edition=past.number,
                n=0,
                story=str(number),
                text=claim.text,
                day=None,
                citation=claim.citations[0] if claim.citations else None,
                vector=vector,
            )
            for claim, vector in zip(claims, vectors, strict=True)
        ]
    return found


def _as_read(change: Change, claim: Claim, past: Past) -> Change:
    """The change, beside what earlier editions had read of an article that was revised since.

    Nothing is new that they chose not to tell; and a sentence that was put in is told, however much
    it has in common with one that was told.
    """
    if change.novelty is Novelty.NEW and past.knew(claim):
        return Change(novelty=Novelty.REPEATED, before=claim.text)
    if change.novelty is Novelty.REPEATED and past.is_put_in(claim):
        if are_echoes(claim.text, change.before):
            return change
        return replace(change, novelty=Novelty.UPDATED, reasons=("the article was revised",))
    return change


def _with_corrections(story: Story, corrected: Sequence[Correction]) -> list[Claim | ToldClaim]:
    """The story's claims, those that correct an earlier one first."""
    own = [one.claim for one in corrected if _concerns(story, one)]
    rest = [
        claim
        for claim in story.claims
        if not any(set(claim.citations) & set(each.citations) for each in own)
    ]
    return [*own, *rest]


def _concerns(story: Story, correction: Correction) -> bool:
    return correction.claim.citations[0].article in story.articles


def _own_stories(
    stories: Sequence[Story],
    corrected: Sequence[Correction],
    past: Past,
    articles: Mapping[str, ArticleDetails],
) -> list[Story]:
    """A story for each corrected article that is in no story of this edition."""
    alone = dict.fromkeys(
        one.claim.citations[0].article
        for one in corrected
        if not any(_concerns(story, one) for story in stories)
    )
    return [
        Story(
            headline=_title(articles[article]) or "A source changed its text",
            headline_article=article,
            articles=(article,),
        )
        for article in alone
        if article in articles
    ]


def _title(article: ArticleDetails) -> str:
    return "" if is_instruction(article.title) else article.title


def _to_told(claim: Claim, change: Change, day: date | None) -> ToldClaim:
    values = {each.name: getattr(claim, each.name) for each in fields(Claim)}
    return ToldClaim(**values, change=change, day=day)


def _story_vector(story: Story, embed: Embed) -> NDArray[np.float32]:
    import numpy as np

    rows = embed([story.headline, *(claim.text for claim in story.claims)])
    mean = rows.mean(axis=0)
    unit: NDArray[np.float32] = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return unit


def _told_story(
    story: Story,
    claims: Sequence[ToldClaim],
    thread: Thread | None,
    past: Past,
    standing: StandingBriefing,
    articles: Mapping[str, ArticleDetails],
) -> ToldStory:
    shown = [claim for claim in claims if claim.change.novelty is not Novelty.REPEATED]
    folded = [claim for claim in claims if claim.change.novelty is Novelty.REPEATED]
    identity = thread.id if thread else _identity(standing.name, past.number, story)
    headline, article = _headline(story, shown, identity, past, articles)
    return ToldStory(
        **{
            each.name: getattr(story, each.name)
            for each in fields(Story)
            if each.name not in ("claims", "headline", "headline_article")
        },
        id=identity,
        since=thread.since if thread else past.number,
        headline=headline,
        headline_article=article,
        claims=_fit(shown, _bullets(standing)),
        folded=tuple(folded[: _bullets(standing)]),
    )


def _bullets(standing: StandingBriefing) -> int:
    return 1 if standing.style == HEADLINES else standing.bullets


def _fit(shown: Sequence[ToldClaim], bullets: int) -> tuple[ToldClaim, ...]:
    """The first claims, corrections beyond the limit too: none may go untold."""
    corrections = sum(claim.change.novelty is Novelty.CORRECTED for claim in shown)
    return tuple(shown[: max(bullets, corrections)])


def _identity(standing: str, number: int, story: Story) -> str:
    text = f"{standing} {number} {story.headline_article}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _headline(
    story: Story,
    shown: Sequence[ToldClaim],
    identity: str,
    past: Past,
    articles: Mapping[str, ArticleDetails],
) -> tuple[str, str]:
    """The headline and whose it is: not one that an earlier edition had for this story."""
    earlier = [one.headline for one in past.threads if one.id == identity]
    titles = [(story.headline, story.headline_article)]
    titles += [
        (articles[name].title, name)
        for name in story.articles
        if name in articles and is_statement(articles[name].title)
    ]
    titles += [(claim.text, claim.citations[0].article) for claim in shown if claim.citations]
    for title, article in titles:
        if title and all(jaccard(title, one) < SAME_WORDS for one in earlier):
            return title, article
    return titles[0]
