"""Brings articles into the archive and the vectors of their chunks into the index.

A thread reads the articles and stores them, while this one embeds their chunks: an article is kept,
and found by its words, as soon as it was read. What was embedded is written every few seconds, so
that little is lost when the work is stopped; chunks without a vector are pending and come next
time. No lock is held while texts are read or embedded.

Any number of processes may do this at once. A chunk enters the index only under the index's lock
and while it is live, and whoever makes it dead removes it afterwards under the same lock: whichever
comes first, no dead chunk stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.archive.archive import COMPARED, Archive
from bot.archive.chunks import hash_chunk
from bot.archive.reading import Arrival, Reading
from bot.entities import Article, Ingested, IngestReport, Progress, Report, unheard
from bot.errors import InterruptedWorkError

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings

    from vectorstore.store import ChunkStore

    _Embedded = list[tuple[Document, Any]]

INDEXING = "indexing chunks"
COMPARING = "comparing articles"

_TOGETHER = 16  # chunks that are loaded and embedded before progress is told
_WRITTEN = 128  # chunks written at once: the index's lock is then held for a fraction of a second
_SECONDS = 5.0  # after which fewer are written


@dataclass(frozen=True, slots=True)
class Index:
    """An archive with the index of its chunks and the embeddings, which have a `name`."""

    archive: Archive
    store: ChunkStore
    embeddings: Embeddings

    def ingest(
        self,
        found: Iterable[Article | Ingested],
        report: Report = unheard,
        *,
        restore: bool = False,
        stop: Callable[[], object] = lambda: None,
    ) -> IngestReport:
        """Keeps articles and indexes them; what could not be read passes into the report.

        `restore` brings back what was removed; `stop` ends what `found` waits for. Raises
        `InterruptedWorkError` on Ctrl-C, and the vector store's errors, when all that was read and
        embedded by then has been kept.
        """
        _ = self.store.identity  # an index that cannot be used is told before anything is read
        reading = Reading(self.archive, found, restore, stop)
        with _stopping(reading):
            try:
                self._embed(reading.arrivals(report), report)
            finally:
                self._remove(reading.gone)
            reading.raise_failure()
            self.index_pending(report)
        return IngestReport(tuple(reading.outcomes))

    def index_pending(self, report: Report = unheard) -> int:
        """Indexes the chunks that the index lacks, such as those of a process that was killed.

        Returns how many there were. What an earlier Newsbot kept is first compared for
        near-duplicates.
        """
        self._compare(report)
        self._reconcile()
        pending = self.archive.chunks.pending(self.store.identity)
        self._embed(_counted(pending), report)
        return len(pending)

    def remove(self, identity: str) -> None:
        """Deletes an article for good. Raises `ArticleNotFoundError`."""
        kept = self.archive.remove(identity)
        self._remove(kept.gone)
        self._embed(_counted(kept.added), unheard)

    def rebuild(self, report: Report = unheard) -> int:
        """Makes the index anew from the archive, also a damaged one; how many chunks it holds.

        Vectors of the same model are taken from the archive, not computed again.
        """
        self.store.reset()
        try:
            self.index_pending(report)
        except KeyboardInterrupt as stop:
            raise InterruptedWorkError(
                "Stopped while the index was made anew; run newsbot rebuild again to finish it."
            ) from stop
        return self.store.count()

    def _compare(self, report: Report) -> None:
        total, done = self.archive.uncompared(), 0
        while done < total:
            count, gone = self.archive.compare(COMPARED)
            self._remove(gone)
            done += count
            total = total if count else done  # another process was faster
            report(Progress(COMPARING, done, total))

    def _embed(self, ids: Iterator[Arrival], report: Report) -> None:
        """Embeds and writes the chunks as they come; what is embedded is written in any case."""
        writing = _Writing(self._write)
        done = 0
        try:
            for some in ids:
                for part in _parts(some.ids, _TOGETHER):
                    writing.add(self._vectors_of(self.archive.chunks.load(part)))
                    done += len(part)
                    report(Progress(INDEXING, done, some.total))
        finally:
            writing.finish()

    def _vectors_of(self, chunks: Sequence[Document]) -> _Embedded:
        """Each chunk with its vector: the cached one, or a new one."""
        hashes = [hash_chunk(chunk) for chunk in chunks]
        known = self.archive.chunks.vectors(self.store.model, hashes)
        new = {
            one: chunk.page_content
            for one, chunk in zip(hashes, chunks, strict=True)
            if one not in known
        }
        vectors = dict(zip(new, self._embed_texts(list(new.values())), strict=True))
        known |= vectors
        return [(chunk, known[one]) for one, chunk in zip(hashes, chunks, strict=True)]

    def _embed_texts(self, texts: list[str]) -> Any:
        import numpy as np

        if not texts:
            return []
        return np.array(self.embeddings.embed_documents(texts), dtype=np.float32)

    def _write(self, ready: _Embedded) -> None:
        """Keeps the vectors, and puts the chunks that are still live into the index."""
        import numpy as np

        vectors = {hash_chunk(chunk): vector for chunk, vector in ready}
        self.archive.chunks.keep_vectors(self.store.model, vectors)
        with self.store.exclusive():
            live = self.archive.chunks.live([chunk.metadata["id"] for chunk, _ in ready])
            ready = [(chunk, vector) for chunk, vector in ready if chunk.metadata["id"] in live]
            if not ready:
                return
            ids = [chunk.metadata["id"] for chunk, _ in ready]
            metadatas = [_for_filters(chunk) for chunk, _ in ready]
            self.store.upsert(ids, np.stack([vector for _, vector in ready]), metadatas)
            self.archive.chunks.mark(ids, self.store.identity)

    def _remove(self, ids: Sequence[str]) -> None:
        if ids:
            self.store.delete(ids)

    def _reconcile(self) -> None:
        """Mends what a killed process left: vectors of dead chunks, or a lack of live ones."""
        with self.store.exclusive():
            index = self.store.identity
            if self.store.count() == self.archive.chunks.count(index):
                return
            present, indexed = self.store.ids(), self.archive.chunks.indexed(index)
            strangers = sorted(present - indexed)
            live = self.archive.chunks.live(strangers)
            self._remove([identity for identity in strangers if identity not in live])
            self.archive.chunks.mark(sorted(indexed - present), None)


class _Writing:
    """Collects embedded chunks and writes them in a thread, while the next are embedded."""

    def __init__(self, write: Callable[[_Embedded], None]) -> None:
        self._write = write
        self._ready: _Embedded = []
        self._since = time.monotonic()
        self._thread = ThreadPoolExecutor(1, "newsbot-writing")
        self._written: Future[None] | None = None

    def add(self, embedded: _Embedded) -> None:
        """Takes chunks; raises what went wrong when earlier ones were written."""
        self._ready += embedded
        if len(self._ready) >= _WRITTEN or time.monotonic() - self._since > _SECONDS:
            self._start()

    def finish(self) -> None:
        """Writes the rest and waits for it."""
        try:
            self._start()
            self._wait()
        finally:
            self._thread.shutdown()

    def _start(self) -> None:
        self._wait()
        ready, self._ready, self._since = self._ready, [], time.monotonic()
        if ready:
            self._written = self._thread.submit(self._write, ready)

    def _wait(self) -> None:
        written, self._written = self._written, None
        if written is not None:
            written.result()


@contextmanager
def _stopping(reading: Reading) -> Iterator[None]:
    """Stops the reading when the block ends, and tells of an interruption how to go on."""
    try:
        yield
    except KeyboardInterrupt as interruption:
        reading.stop()
        count = sum(one.article is not None for one in reading.outcomes)
        raise InterruptedWorkError(
            f"Stopped after {count} article{'s' * (count != 1)}; what was read is kept. "
            "Run the same command again to go on."
        ) from interruption
    finally:
        reading.stop()


def _counted(ids: Sequence[str]) -> Iterator[Arrival]:
    if ids:
        yield Arrival(ids, len(ids))


def _parts(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _for_filters(chunk: Document) -> dict[str, Any]:
    names = ("article", "outlet", "published", "published_until")
    return {name: chunk.metadata[name] for name in names if name in chunk.metadata}
