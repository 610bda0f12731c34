"""What is kept and found again: the archive, the index of its chunks, and the embeddings.

`Newsbot` opens one `Library` on its data directory. Everything is opened when it is first needed;
failures of `vectorstore`, which knows nothing of ours, leave here as our errors.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from bot.entities import (
    Article,
    ArticleDetails,
    Citation,
    Filters,
    IngestReport,
    Passage,
    Report,
)
from bot.errors import (
    ArchiveLockedError,
    IndexMismatchError,
    SearchIndexError,
    SettingsError,
    WeightsError,
)
from bot.intake import Intake, Source
from bot.settings import EMBEDDED_EMBEDDINGS, Settings
from bot.writing.failures import embedding_failure
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
_LEAD = 600  # characters of an article that say what its story is
_COMPARED = 2_000  # chunks whose likeness to a topic is asked for
_log = logging.getLogger(__name__)


@contextmanager
def translated() -> Iterator[None]:
    """Failures of the vector store as ours; also usable as a decorator."""
    from vectorstore import errors

    try:
        yield
    except (errors.WeightsMissingError, errors.WeightsAlteredError) as error:
        raise WeightsError(str(error)) from error
    except errors.EmbeddingsError as error:
        raise SettingsError(str(error)) from error
    except errors.ChunkIndexMismatchError as error:
        raise IndexMismatchError(str(error)) from error
    except errors.VectorStoreError as error:
        raise SearchIndexError(str(error)) from error
    except Exception as error:
        if failure := embedding_failure(error):
            raise failure from error
        raise


def open_english(settings: Settings) -> OnnxEmbeddings:
    """The embedded English model, loaded: the writer's and the checker's, whatever is indexed."""
    from vectorstore.embeddings import OnnxEmbeddings

    with translated():
        embeddings = OnnxEmbeddings(settings.embeddings_path)
        embeddings.load()
    return embeddings


def open_index_embeddings(settings: Settings) -> Embeddings:
    """The embeddings that the settings name for the index; they have a `name`."""
    from vectorstore.embeddings import open_embeddings

    key = settings.openai_api_key
    with translated():
        return open_embeddings(
            settings.embeddings,
            settings.embeddings_path,
            key.get_secret_value() if key else None,
            settings.openai_base_url,
        )


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

    # What a briefing needs (`bot.briefings.Shelf`)

    def details(self) -> Sequence[ArticleDetails]:
        """Every live article, newest first."""
        return self.archive.details()

    def alternates(self) -> Mapping[str, str]:
        """Articles whose text is another's, or nearly: the id of each, and of what it repeats."""
        return self.archive.alternates()

    def load(self, ids: Sequence[str]) -> Sequence[Article]:
        """The articles with their text, in the order of the ids."""
        return self.archive.articles(ids)

    @translated()
    def vectors(self, articles: Sequence[Article]) -> Vectors:
        """A unit row for each article, of its headline and lead: that of its first chunk if kept.

        Always the embedded English model's: what groups stories was fixed on its cosines.
        """
        import numpy as np

        known = self._lead_vectors(articles)
        rows = [known.get(article.id) for article in articles]
        missing = [i for i, row in enumerate(rows) if row is None]
        leads = [f"{articles[i].title}\n\n{articles[i].text[:_LEAD]}" for i in missing]
        for i, row in zip(missing, self._english().embed(leads), strict=True):
            rows[i] = row
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)  # type: ignore[arg-type]

    @translated()
    def on_topic(self, topic: str, articles: Sequence[Article]) -> frozenset[str]:
        """The ids of the articles that are about the topic."""
        from bot.topics import is_about

        comparable = getattr(self._embeddings, "comparable", float)
        vector = self._embeddings.embed_query(topic)
        likeness: dict[str, float] = {}
        for chunk, similarity in self._store.nearest(vector, _COMPARED):
            likeness.setdefault(chunk.rsplit(":", 2)[0], comparable(similarity))
        about = (one for one in articles if is_about(topic, one, likeness.get(one.id, 0.0)))
        return frozenset(article.id for article in about)

    def topic_vector(self, topic: str) -> Vectors:
        """The unit vector of a topic, to be compared with those of articles."""
        vector: Vectors = self._english().embed([topic])[0]
        return vector

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

    @cached_property
    def archive(self) -> Archive:
        """The articles in SQLite."""
        from bot.archive import Archive

        archive = Archive(self._settings.directory / DATABASE, _split, self._clock)
        _catch_up(archive)
        return archive

    @cached_property
    def _store(self) -> ChunkStore:
        from vectorstore.store import open_store

        directory, url = self._settings.directory / INDEX, self._settings.chroma_url
        return open_store(directory, self._embeddings, url, _MEND)

    @cached_property
    def _embeddings(self) -> Embeddings:
        if self._is_embedded:
            return self._english()
        return open_index_embeddings(self._settings)

    @cached_property
    def _index(self) -> Index:
        from bot.archive.indexing import Index

        return Index(self.archive, self._store, self._embeddings)

    @property
    def _is_embedded(self) -> bool:
        return self._settings.embeddings == EMBEDDED_EMBEDDINGS

    def _lead_vectors(self, articles: Sequence[Article]) -> dict[str, Any]:
        """The vectors of first chunks, by article, as far as they were made by the same model."""
        from bot.archive.chunks import hash_chunk

        ids = [f"{article.id}:{article.revision}:0" for article in articles]
        firsts = self.archive.chunks.load(ids)
        hashes = {chunk.metadata["article"]: hash_chunk(chunk) for chunk in firsts}
        kept = self.archive.chunks.vectors(self._english().name, list(hashes.values()))
        return {article: kept[one] for article, one in hashes.items() if one in kept}


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
