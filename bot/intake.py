"""What comes into a library: sources that a caller gives, and addresses of files and of the web.

    with Intake(settings, archive.feeds) as intake:
        index.ingest(intake.read([Path("articles")], ["https://example.org/feed.xml"]))

Everything is read only when it is asked for. The web is opened when the first address of it comes,
and closed by `stop`, from whichever thread, so that nobody waits for a slow server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot.entities import Article, Ingested, Outcome
from bot.errors import SourceError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.sources.feedstates import FeedStates
    from bot.sources.web import Web

Source = str | Path | Article | Ingested | Iterable["Source"]


class Intake(AbstractContextManager["Intake"]):
    """Reads sources and addresses once. `feeds` is what is remembered of feeds."""

    def __init__(self, settings: Settings, feeds: FeedStates) -> None:
        self._settings = settings
        self._feeds = feeds
        self._lock = Lock()
        self._web: Web | None = None
        self._is_stopped = False

    def read(
        self, sources: Iterable[Source], addresses: Sequence[str | Path] = ()
    ) -> Iterator[Article | Ingested]:
        """What the sources hold, then what is at the addresses; failures as outcomes.

        Among `sources` a `str` is always text; among `addresses` it names a file, a folder, a place
        on the web, or "-" for standard input. Each article says its language, where it can be told.
        Raises SourceError for what is no source at all.
        """
        for found in self._read(sources, addresses):
            yield _completed(found) if isinstance(found, Article) else found

    def stop(self) -> None:
        """End what is waited for on the web, from any thread."""
        with self._lock:
            self._is_stopped = True
            if self._web is not None:
                self._web.close()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _read(
        self, sources: Iterable[Source], addresses: Sequence[str | Path]
    ) -> Iterator[Article | Ingested]:
        from bot.sources.addresses import read_each

        for source in sources:
            if isinstance(source, Article | Ingested):
                yield source
            elif isinstance(source, str):
                yield from _text(source)
            elif isinstance(source, Path):
                yield from read_each([source], self._open)
            elif isinstance(source, Iterable):
                yield from self._read(source, ())
            else:
                raise SourceError(
                    f"{source!r} is no article; give text, a Path, an Article, or several."
                )
        yield from read_each(addresses, self._open)

    def _open(self) -> Web:
        from bot.sources.web import open_web

        with self._lock:
            if self._web is None:
                self._web = open_web(self._settings, self._feeds)
                if self._is_stopped:
                    self._web.close()
        return self._web


def _completed(article: Article) -> Article | Ingested:
    """The article with its language; an outcome for one that holds neither text nor headline.

    One with a headline alone is kept: a briefing says that it is there, and that it holds no text.
    """
    from bot.sources.languages import detect_language

    if not article.text.strip() and not article.title.strip():
        message = f"Article {article.id} holds an empty text; nothing was kept."
        return Ingested(article.address, Outcome.FAILED, message=message)
    said = article.text.strip() or article.title
    return replace(article, language=article.language or detect_language(said))


def _text(text: str) -> Iterator[Article | Ingested]:
    """The article that a text is; its failure as an outcome, so that it costs others nothing."""
    from bot.sources import articles_from

    try:
        yield from articles_from(text)
    except SourceError as error:
        yield Ingested("a text", Outcome.FAILED, message=str(error))
