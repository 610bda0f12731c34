"""What is kept and found again: the archive, the index of its chunks, and the embeddings.

`Newsbot` opens one `Library` on its data directory. Everything is opened when it is first needed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from bot.embeddings import open_index_embeddings, translated
from bot.entities import (
    ArticleDetails,
    Citation,
    Filters,
    IngestReport,
    Passage,
    Report,
)
from bot.errors import ArchiveLockedError
from bot.intake import Intake, Source
from bot.opening import opened_once
from bot.settings import EMBEDDED_EMBEDDINGS, Settings
from bot.shelf import LibraryShelf
from bot.writing.models import stop_telemetry

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

    from bot.archive import Archive
    from bot.archive.indexing import Index
    from vectorstore.embeddings import OnnxEmbeddings
    from vectorstore.retriever import HybridRetriever
    from vectorstore.store import ChunkStore

    Vectors = NDArray[np.float32]


DATABASE = "newsbot.db"
INDEX = "chroma"
_MEND = "Run newsbot rebuild to make it anew from the archive."
_CATCHING_UP = 2.0  # seconds of an opening
_log = logging.getLogger(__name__)


class Library:
    """The articles of one data directory, kept and searched. Threads may share it."""

    def __init__(
        self,
        settings: Settings,
        english: Callable[[], OnnxEmbeddings],
        clock: Callable[[], datetime],
    ) -> None:
        stop_telemetry()  # LangChain traces retrievers too
        self._settings = settings
        self._english = english
        self._clock = clock

    # Keeping

    @translated()
    def ingest(
        self,
        sources: Iterable[Source],
        report: Report,
        *,
        addresses: Sequence[str | Path] = (),
        restore: bool = False,
    ) -> IngestReport:
        """Keep what the sources hold; a source that gives nothing is told in the report."""
        from bot.archive.feeds import Feeds

        # what is asked back must be read, whether or not its feed has changed
        feeds = {} if restore else Feeds(self.archive.database, self._clock)
        with Intake(self._settings, feeds) as intake:
            found = intake.read(sources, addresses)
            return self._index.ingest(found, report, restore=restore, stop=intake.stop)

    def watch(
        self, folders: Sequence[Path], report: Report, stopped: Event | None = None
    ) -> Iterator[IngestReport]:
        """Keep what folders hold, and from then on what appears or changes in them."""
        from bot.sources.watching import watch

        folders = [folder.expanduser().resolve() for folder in folders]
        with watch(folders, stopped) as settled:
            yield self.ingest([one for one in folders if any(one.iterdir())], report)
            for paths in settled:
                yield self.ingest(paths, report)

    @translated()
    def remove(self, identity: str) -> None:
        """Delete an article for good. Raises ArticleNotFoundError."""
        self._index.remove(identity)

    @translated()
    def rebuild(self, report: Report) -> int:
        """Make the index anew; how many chunks it holds."""
        return self._index.rebuild(report)

    def resolve(self, citation: Citation) -> str:
        """The cited sentence as it is stored, or "removed on DATE"."""
        found = self.archive.resolve(citation)
        if isinstance(found, datetime):
            return f"removed on {found:%Y-%m-%d}"
        return found.text[citation.start : citation.end]

    @translated()
    def status(self) -> dict[str, Any]:
        """Counts of what is kept, of chunks not in the index yet, and of articles not compared."""
        pending = len(self.archive.chunks.pending(self._store.identity))
        return {
            **self.archive.counts(),
            "pending": pending,
            "uncompared": self.archive.uncompared(),
            "embeddings": self._settings.embeddings,
        }

    # Finding

    @translated()
    def search(
        self, query: str, filters: Filters, count: int, now: datetime
    ) -> tuple[Passage, ...]:
        """The passages that fit the query best, numbered from 1."""
        found = self.retriever(filters, count, now).invoke(query)
        ids = {chunk.metadata["article"] for chunk in found}
        details = self.archive.details(Filters(articles=tuple(ids))) if ids else []
        articles = {one.id: one for one in details}
        live = [chunk for chunk in found if chunk.metadata["article"] in articles]
        return tuple(
            _passage(number, chunk, articles[chunk.metadata["article"]])
            for number, chunk in enumerate(live, start=1)
        )

    def latest(self, filters: Filters, count: int) -> tuple[Passage, ...]:
        """The openings of the newest articles within the filters, one each."""
        copies, admitted = self.archive.alternates(), self.archive.details(filters)
        ids = {one.id for one in admitted}
        newest = [one for one in admitted if copies.get(one.id) not in ids][:count]
        firsts = self.archive.chunks.load([f"{one.id}:{one.revision}:0" for one in newest])
        articles = {one.id: one for one in newest}
        return tuple(
            _passage(number, chunk, articles[chunk.metadata["article"]])
            for number, chunk in enumerate(firsts, start=1)
        )

    def retriever(self, filters: Filters, count: int, now: datetime) -> HybridRetriever:
        """The hybrid search within the filters, as a LangChain retriever."""
        from bot.archive.nearest import Nearest
        from bot.archive.rows import to_where
        from vectorstore.retriever import HybridRetriever

        return HybridRetriever(
            embeddings=self._embeddings,
            nearest=Nearest(self._store, self.archive.chunks),
            keyword_search=self.archive.chunks.search,
            load=self.archive.chunks.load,
            k=count,
            where=to_where(filters),
            now=int(now.timestamp()),
        )

    @opened_once
    def shelf(self) -> LibraryShelf:
        """Where a briefing finds its articles."""
        return LibraryShelf(
            archive=self.archive,
            store=lambda: self._store,
            embeddings=lambda: self._embeddings,
            english=self._english,
        )

    @property
    def is_multilingual(self) -> bool:
        """Whether the embeddings of the index are known to find across languages."""
        from vectorstore.embeddings import MULTILINGUAL

        return self._settings.embeddings == MULTILINGUAL

    @translated()
    def likeness(self, question: str, texts: list[str]) -> Vectors:
        """The cosine of a question with each of the texts, by the embeddings of the index."""
        import numpy as np

        rows = np.array(self._embeddings.embed_documents(texts), dtype=np.float32)
        likeness: Vectors = rows @ np.array(self._embeddings.embed_query(question), np.float32)
        return likeness

    def close(self) -> None:
        """Let go of the archive and the index."""
        for name in ("_store", "archive"):
            if name in self.__dict__:
                self.__dict__[name].close()

    @opened_once
    def archive(self) -> Archive:
        """The articles in SQLite."""
        from bot.archive import Archive

        archive = Archive(self._settings.directory / DATABASE, _split, self._clock)
        _catch_up(archive)
        return archive

    @opened_once
    def _store(self) -> ChunkStore:
        from vectorstore.store import open_store

        directory, url = self._settings.directory / INDEX, self._settings.chroma_url
        return open_store(directory, self._embeddings, url, _MEND)

    @opened_once
    def _embeddings(self) -> Embeddings:
        if self._is_embedded:
            return self._english()
        return open_index_embeddings(self._settings)

    @opened_once
    def _index(self) -> Index:
        from bot.archive.indexing import Index

        return Index(self.archive, self._store, self._embeddings)

    @property
    def _is_embedded(self) -> bool:
        return self._settings.embeddings == EMBEDDED_EMBEDDINGS


def _catch_up(archive: Archive) -> None:
    """Compares what an earlier Newsbot kept with the rest, for a moment, so that copies count once.

    One that another process is at work in is used as it is; its next opening goes on.
    """
    with suppress(ArchiveLockedError):
        if archive.uncompared() and (left := archive.catch_up(_CATCHING_UP)):
            _log.warning(
                "%s articles of an earlier Newsbot are not compared yet, so that copies among them "
                "count as articles of their own; newsbot rebuild compares them.",
                left,
            )


def _split(text: str) -> Sequence[tuple[int, int]]:
    """The spans of a text's chunks: whole sentences, about 180 words."""
    from bot.grounding.sentences import split
    from vectorstore.chunking import SentenceSplitter

    splitter = SentenceSplitter(lambda text: [(one.start, one.end) for one in split(text)])
    return splitter.split_spans(text)


def _passage(number: int, chunk: Document, article: ArticleDetails) -> Passage:
    from vectorstore.chunking import chunk_text

    facts = chunk.metadata
    return Passage(
        number=number,
        article=replace(article, revision=facts["revision"]),
        start=facts["start"],
        end=facts["end"],
        text=chunk_text(chunk),
        score=facts.get("score", 0.0),
        similarity=facts.get("similarity"),
    )
