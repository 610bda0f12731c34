"""Web addresses -> articles, many at a time: pages, feeds, lists of subscriptions, sites.

    with open_web(settings, states) as web:
        for found in web.read("https://example.org/feed.xml", "https://example.com/"):
            ...

Visits run on threads; what they give comes as soon as it is there, so that a slow source holds up
nobody. Fetching goes on while the caller works on what it got, a few visits ahead of it.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.entities import Article, Ingested
from bot.sources.feedstates import FeedReading, FeedState, FeedStates
from bot.sources.fetching import Fetcher, open_fetcher
from bot.sources.identity import canonical_url
from bot.sources.visits import Step, Visit, visit

if TYPE_CHECKING:
    from bot.settings import Settings

_Done = SimpleQueue[tuple[Visit, Step] | None]

_AT_ONCE = 16  # visits, at all hosts together
_UNKEPT = 5.0  # seconds of reading a feed that an interruption may cost


def open_web(settings: Settings | None = None, states: FeedStates | None = None) -> Web:
    """The web as the settings permit it, those of the environment when none are given."""
    if settings is None:
        from bot.settings import read_settings

        settings = read_settings()
    return Web(open_fetcher(settings), states=states, most=settings.feed_articles)


class Web(AbstractContextManager["Web"]):
    """Reads web addresses through one `Fetcher`, which it closes.

    `states` keeps what is remembered of each feed. An entry enters it once its article was taken,
    and the next was asked for; at the feed's end it says that all were. `most` is the number of
    articles that one fetch of a feed reads.
    """

    def __init__(
        self, fetcher: Fetcher, *, states: FeedStates | None = None, most: int = 100
    ) -> None:
        self._fetcher = fetcher
        self._states: FeedStates = {} if states is None else states
        self._most = most
        self._is_closed = False
        self._reads: list[_Done] = []
        self._kept: dict[str, float] = {}  # when a feed's state was last written

    def read(self, *addresses: str) -> Iterator[Article | Ingested]:
        """The articles at the addresses, in the order in which they arrive.

        What failed, was left out or has nothing new comes as an `Ingested` that says so.
        """
        agenda = _Agenda(self._fetcher.at_once)
        for address in dict.fromkeys(addresses):
            agenda.add(Visit(address))
        for one, step in self._visits(agenda):
            agenda.end(one)
            yield from step.found
            self._take(one, step, agenda)

    def close(self) -> None:
        """End what is under way, from any thread: `read` ends at once."""
        self._is_closed = True
        for done in self._reads:
            done.put(None)
        self._fetcher.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _visits(self, agenda: _Agenda) -> Iterator[tuple[Visit, Step]]:
        """The visits of the agenda as they are made, until it is empty or the web is closed."""
        done: _Done = SimpleQueue()
        self._reads.append(done)
        running = 0
        while not self._is_closed and (agenda or running):
            for one in agenda.take(_AT_ONCE - running):
                self._start(one, done)
                running += 1
            made = done.get()
            if made is None:
                return
            running -= 1
            yield made

    def _start(self, one: Visit, done: _Done) -> None:
        """Make a visit on a thread, which does not keep the program from ending."""
        known = self._states.get(one.url) if one.entry is None else None
        state = FeedState.from_dict(known or {})

        def run() -> None:
            done.put((one, visit(one, self._fetcher, state, self._most)))

        Thread(target=run, name=f"visit {_host(one)}", daemon=True).start()

    def _take(self, one: Visit, step: Step, agenda: _Agenda) -> None:
        """Note what follows from a visit whose articles the caller has taken."""
        for following in step.next:
            if not agenda.add(following) and following.reading and following.entry:
                following.reading.finish(following.entry.key, done=True)
        if one.reading and one.entry:
            one.reading.finish(one.entry.key, done=step.done)
        for reading in filter(None, (one.reading, step.reading)):
            self._keep(reading)

    def _keep(self, reading: FeedReading) -> None:
        """Write a feed's state at its end, and now and then before."""
        now = time.monotonic()
        begun = self._kept.setdefault(reading.address, now)
        if reading.is_over or now - begun > _UNKEPT:
            self._states[reading.address] = reading.state.to_dict()
            self._kept[reading.address] = now


class _Agenda:
    """Visits to be made, by host, so that at no host more than `at_once` are under way."""

    def __init__(self, at_once: Callable[[str], int]) -> None:
        self._at_once = at_once
        self._waiting: dict[str, deque[Visit]] = {}
        self._running: Counter[str] = Counter()
        self._seen: set[str] = set()

    def add(self, one: Visit) -> bool:
        """Note a visit; False when the same is made or noted already."""
        key: str | None = one.url  # with its filter, for a feed
        if one.entry is not None:
            key = canonical_url(one.url) if one.entry.link else None
        if key in self._seen:
            return False
        if key is not None:
            self._seen.add(key)
        self._waiting.setdefault(_host(one), deque()).append(one)
        return True

    def take(self, most: int) -> Iterator[Visit]:
        """At most so many visits to make now, the hosts by turns."""
        for host in [*self._waiting]:
            free = self._at_once(self._waiting[host][0].url) - self._running[host]
            while most > 0 and free > 0 and self._waiting[host]:
                free -= 1
                self._running[host] += 1
                most -= 1
                yield self._waiting[host].popleft()
            if not self._waiting[host]:
                del self._waiting[host]

    def end(self, one: Visit) -> None:
        """A visit was made."""
        self._running[_host(one)] -= 1

    def __bool__(self) -> bool:
        return bool(self._waiting)


def _host(one: Visit) -> str:
    try:
        return urlsplit(one.url).netloc.lower()
    except ValueError:
        return ""
