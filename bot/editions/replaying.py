"""An edition made again from its manifest: the same articles as they were, with the same past.

With the extractive writer it is the same again, as long as every article is still there. What has
been removed since is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.archive.rows import to_chunk, to_row
from bot.archive.runs import Run
from bot.briefings import write_briefing
from bot.chronicle import Edition, Manifest, Reference, Replay
from bot.editions.composing import Sources, compose, read_past
from bot.editions.corrections import REMOVED
from bot.editions.drafting import (
    Draft,
    make_request,
    open_desk,
    open_writer,
    recorded_about,
)
from bot.editions.manifest import compare
from bot.editions.newsroom import Newsroom
from bot.editions.selection import EditionShelf
from bot.editions.standing import Limit, StandingBriefing, Watchlist
from bot.entities import Article, ArticleDetails, unheard
from bot.errors import ArticleNotFoundError
from bot.grounding.sentences import split
from bot.settings import EMBEDDED_EMBEDDINGS
from bot.timezones import find_zone
from vectorstore.chunking import SentenceSplitter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def replay(room: Newsroom, run: Run, edition: Edition, settled: Sequence[Reference]) -> Replay:
    """The edition of a run made again. `settled` is what the edition before relied on."""
    standing = standing_of(edition, room.settings.writer)
    articles, removed = _load(room, edition.manifest.articles)
    shelf = EditionShelf(
        _Kept(room, articles, edition.manifest.repeats),
        [article.details for article in articles.values()],
        recorded_about(edition),
    )
    writer = open_writer(room, standing)
    request = make_request(standing, writer, edition.created)
    read = tuple(one for one in edition.manifest.articles if one.article in articles)
    past = read_past(room, edition.standing, edition.number, read)
    desk = open_desk(room, writer, past.known, unheard)
    briefing = write_briefing(request, shelf, desk)
    draft = Draft(
        briefing=replace(briefing, period=edition.period),
        read=read,
        repeats=edition.manifest.repeats,
        outside=edition.outside,
        writer=writer.name,
        parameters=edition.manifest.parameters,
    )
    composed = compose(
        room,
        standing,
        run,
        draft,
        past,
        _sources(room, edition.manifest.relied),
        settled=settled,
        setbacks=edition.setbacks,
    )
    difference = compare(edition, composed.edition)
    return Replay(edition=composed.edition, difference=difference, removed=removed)


def standing_of(edition: Edition, usual: str) -> StandingBriefing:
    """The standing briefing as it was when the edition was made; `usual` writes where none else."""
    wanted = edition.manifest.parameters

    def listed(name: str) -> tuple[str, ...]:
        return tuple(filter(None, str(wanted.get(name) or "").split(", ")))

    return StandingBriefing(
        name=edition.standing,
        title=edition.title,
        topic=str(wanted["topic"]) if wanted.get("topic") else None,
        watch=Watchlist(listed("terms"), listed("outlets"), listed("people")),
        period=str(wanted["period"]),
        stories=int(wanted["stories"] or 1),
        bullets=int(wanted["bullets"] or 1),
        style=str(wanted["style"]),
        repeated=str(wanted["repeated"]),
        zone=find_zone(edition.timezone) or edition.slot.tzinfo or UTC,
        model=None if wanted["model"] == usual else str(wanted["model"]),
        budget=_limit(edition.manifest),
    )


def _limit(manifest: Manifest) -> Limit:
    tokens, money = (manifest.parameters.get(f"budget {name}") for name in ("tokens", "money"))
    return Limit(int(tokens) if tokens else None, float(money) if money else None)


def _load(
    room: Newsroom, references: Sequence[Reference]
) -> tuple[dict[str, Article], tuple[str, ...]]:
    """The revisions that were read, by article, and the ids of those that are gone."""
    found: dict[str, Article] = {}
    gone = []
    for one in references:
        try:
            found[one.article] = room.library.archive.article(one.article, one.revision)
        except ArticleNotFoundError:
            gone.append(one.article)
    return found, tuple(gone)


def _sources(room: Newsroom, relied: Sequence[Reference]) -> Sources:
    """The articles that were relied on as they were then; what is gone since stays as it was."""
    current, _ = _load(room, [one for one in relied if one.revision != REMOVED])
    gone = [one.article for one in relied if one.revision == REMOVED]
    when = {name: room.library.archive.removed_at(name) for name in gone}
    removed: dict[str, datetime] = {name: at for name, at in when.items() if at is not None}
    return Sources(current=current, removed=removed)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The recorded revisions as a shelf, with the vectors that they had."""

    room: Newsroom
    articles: Mapping[str, Article]
    repeats: Mapping[str, str]

    def details(self) -> Sequence[ArticleDetails]:
        return [article.details for article in self.articles.values()]

    def alternates(self) -> Mapping[str, str]:
        return self.repeats

    def load(self, ids: Sequence[str]) -> Sequence[Article]:
        return [self.articles[name] for name in ids]

    def on_topic(self, topic: str, articles: Sequence[Article]) -> frozenset[str]:
        return frozenset(article.id for article in articles)

    def topic_vector(self, topic: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self.room.embed([topic])[0]
        return vector

    def vectors(self, articles: Sequence[Article]) -> NDArray[np.float32]:
        import numpy as np

        shelf = self.room.library.shelf
        live = {one.id: one.revision for one in shelf.load([article.id for article in articles])}
        rows = [
            shelf.vectors([article])[0]
            if live.get(article.id) == article.revision
            else self.room.embed([self._opening(article)])[0]
            for article in articles
        ]
        return np.stack(rows)

    def _opening(self, article: Article) -> str:
        """What was embedded of a revision that is no longer searched: its first chunk."""
        if self.room.settings.embeddings != EMBEDDED_EMBEDDINGS:
            return f"{article.title}\n\n{article.text[:600]}"
        splitter = SentenceSplitter(lambda text: [(one.start, one.end) for one in split(text)])
        spans = splitter.split_spans(article.text)
        row = {**to_row(article), "article": article.id, "revision": article.revision}
        return to_chunk(row, spans[0] if spans else (0, 0), 0).page_content
