"""Reads articles and stores them in a thread of its own, while another embeds their chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread

from bot.archive.archive import Archive
from bot.entities import Article, Ingested, Outcome, Progress, Report
from bot.errors import ArchiveError

READING = "reading articles"

_PULSE = 0.2  # seconds between two reports while nothing is stored
_PATIENCE = 1.5  # seconds for the article at hand when the reading is stopped


@dataclass(frozen=True, slots=True)
class Arrival:
    """Ids of chunks that wait to be indexed, and how many have come so far."""

    ids: Sequence[str]
    total: int


class Reading:
    """The thread that reads and stores articles, and what it has come to.

    `stop` ends what `found` waits for, such as a slow server.
    """

    def __init__(
        self,
        archive: Archive,
        found: Iterable[Article | Ingested],
        restore: bool,
        stop: Callable[[], object],
    ) -> None:
        self.outcomes: list[Ingested] = []
        self.gone: list[str] = []
        self.stopped = Event()
        self._archive = archive
        self._found = found
        self._restore = restore
        self._stop = stop
        self._stored: SimpleQueue[Sequence[str] | None] = SimpleQueue()
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._read, name="newsbot-reading", daemon=True)

    def arrivals(self, report: Report) -> Iterator[Arrival]:
        """The ids of new chunks, as articles are stored; ends when all are."""
        total = 0
        ended = False
        self._thread.start()
        while not ended:
            ids, ended = self._take()
            total += len(ids)
            done = len(self.outcomes)
            at = self.outcomes[-1].address if done else ""
            report(Progress(READING, done, done if ended else None, note=at))
            if ids:
                yield Arrival(ids, total)

    def stop(self) -> None:
        """Ends the thread after the article that it is at."""
        self.stopped.set()
        self._stop()
        if self._thread.ident is not None:
            self._thread.join(timeout=_PATIENCE)

    def raise_failure(self) -> None:
        """Raises what ended the reading early, if anything did."""
        if self._failure is not None:
            raise self._failure

    def _take(self) -> tuple[list[str], bool]:
        """All chunks that are there by now, and whether there will be more.

        Waits a little for the first, so that progress is told also when there is none.
        """
        ids: list[str] = []
        try:
            some = self._stored.get(timeout=_PULSE)
            while some is not None:
                ids += some
                some = self._stored.get_nowait()
        except Empty:
            return ids, False
        return ids, True

    def _read(self) -> None:
        try:
            for found in self._found:
                self.outcomes.append(self._store(found) if isinstance(found, Article) else found)
                if self.stopped.is_set():
                    return
        except BaseException as error:  # raised again in the thread that waits for this one
            self._failure = error
        finally:
            self._stored.put(None)

    def _store(self, article: Article) -> Ingested:
        try:
            kept = self._archive.put(article, restore=self._restore)
        except ArchiveError:
            raise
        except (ValueError, TypeError) as error:  # such as characters that UTF-8 cannot encode
            message = f"cannot be stored: {error}"
            return Ingested(article.address, Outcome.FAILED, article.id, message)
        self.gone += kept.gone
        if kept.added:
            self._stored.put(kept.added)
        return Ingested(article.address, kept.outcome, kept.article, kept.message)
