"""From a draft to an edition: what was told before, what sources changed, and the manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from bot.archive.memory import Told
from bot.archive.runs import Run
from bot.chronicle import Edition, Reference, Setback, ToldStory
from bot.editions.changes import Published
from bot.editions.corrections import Corrections, find_corrections, relied_on
from bot.editions.drafting import Draft
from bot.editions.manifest import make_manifest
from bot.editions.newsroom import Newsroom
from bot.editions.remembering import Past
from bot.editions.rereading import read_known
from bot.editions.standing import StandingBriefing
from bot.editions.telling import Telling, tell
from bot.entities import Article, ArticleDetails, Briefing, Citation, CoverageEntry, Use
from bot.timezones import name_zone

REMEMBERED = 60  # editions back to which claims are compared
GRACE = timedelta(minutes=10)  # after its slot, within which an edition is not late


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The articles that earlier editions relied on, as they are now."""

    current: Mapping[str, Article]
    removed: Mapping[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An edition, and what later ones will look back on."""

    edition: Edition
    telling: Telling


def read_past(room: Newsroom, standing: str, number: int, read: Sequence[Reference]) -> Past:
    """What the editions before a number told, and what they knew of the articles `read` now."""
    return Past(
        number=number,
        told=room.memory.told(standing, number, REMEMBERED),
        threads=room.memory.threads(standing, number, REMEMBERED),
        amended=room.memory.amended(standing, number),
        known=read_known(room, standing, read),
    )


def read_sources(room: Newsroom, told: Sequence[Told]) -> Sources:
    """The current revisions of cited articles, and when others were removed."""
    cited = list(dict.fromkeys(one.citation.article for one in told if one.citation))
    current = {article.id: article for article in room.library.shelf.load(cited)}
    archive = room.library.archive
    removed = {name: archive.removed_at(name) for name in cited if name not in current}
    return Sources(
        current=current,
        removed={name: when for name, when in removed.items() if when is not None},
    )


def compose(
    room: Newsroom,
    standing: StandingBriefing,
    run: Run,
    draft: Draft,
    past: Past,
    sources: Sources,
    *,
    settled: Sequence[Reference] = (),
    setbacks: tuple[Setback, ...] = (),
    seconds: Mapping[str, float] | None = None,
) -> Composed:
    """The edition of a run. `settled` is what the edition before relied on, as it was then."""
    articles = {one.id: one for one in draft.briefing.articles}
    articles = {name: one.details for name, one in sources.current.items()} | articles
    published = _published(articles)
    found = find_corrections(past.told, sources.current, sources.removed, settled, published)
    telling = tell(
        draft.briefing.stories,
        found,
        past,
        standing,
        embed=room.embed,
        read=room.read,
        articles=articles,
        published=published,
    )
    relied = relied_on(past.told, sources.current, sources.removed)
    manifest = make_manifest(
        room, standing.name, draft, telling.stories, relied, dict(seconds or {})
    )
    base = _shown(draft, telling.stories, found, articles)
    edition = Edition(
        **base,
        standing=standing.name,
        title=standing.title or standing.name,
        number=past.number,
        slot=run.slot,
        timezone=name_zone(standing.zone),
        late=is_late(run, draft.briefing.created),
        missed=run.missed,
        setbacks=setbacks,
        withdrawn=found.withdrawn,
        outside=draft.outside,
        manifest=manifest,
    )
    return Composed(edition=edition.told_in(standing.zone), telling=telling)


def is_late(run: Run, created: datetime) -> bool:
    """Whether an edition that was made at `created` came after its time."""
    return bool(run.missed) or created - run.slot > GRACE


def _published(articles: Mapping[str, ArticleDetails]) -> Published:
    def published(citation: Citation) -> datetime | None:
        article = articles.get(citation.article)
        return article.published if article else None

    return published


def _shown(
    draft: Draft,
    stories: tuple[ToldStory, ...],
    found: Corrections,
    articles: Mapping[str, ArticleDetails],
) -> dict[str, Any]:
    """The briefing's own fields, with the stories as they are told and what they cite."""
    briefing = draft.briefing
    values = {each.name: getattr(briefing, each.name) for each in fields(Briefing)}
    read = {one.article for one in draft.read}
    cited = {name for story in stories for name in story.articles}
    cited |= {one.citation.article for one in found.withdrawn}
    cited |= {milestone.citation.article for story in stories for milestone in story.timeline}
    extra = [article for name, article in articles.items() if name in cited - read]
    used = {entry.article: entry for entry in briefing.coverage}
    return values | {
        "stories": stories,
        "articles": (*(one for one in briefing.articles if one.id in read), *extra),
        "coverage": tuple(
            used.get(one.article, CoverageEntry(article=one.article, use=Use.FAILED))
            for one in draft.read
        ),
    }
