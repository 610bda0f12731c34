"""The one door to HTTP: an address -> the bytes that its server gives, within limits.

    with open_fetcher(settings) as fetcher:
        page = fetcher.fetch("https://example.org/news")

Only http and https; only public hosts, and those that the user allows (`hosts`), judged anew at
every redirect and pinned when connecting (`sockets`); robots.txt is honoured; a host gets few
requests at once; size, decompressed size, time and redirects are limited; what may pass is tried
again. Proxies of the environment are not used: through one, no address could be judged.
This module knows nothing about pages and feeds.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import (
    AddressRefusedError,
    FetchError,
    FetchTimeoutError,
    RedirectError,
    RobotsRefusedError,
)
from bot.sources import robots
from bot.sources.bodies import ENCODINGS
from bot.sources.hosts import PUBLIC, Hosts
from bot.sources.identity import web_address
from bot.sources.permissions import Permissions
from bot.sources.politeness import Turns
from bot.sources.responses import (
    NONE,
    Fetched,
    Validators,
    conditions,
    host_of,
    lost,
    read_response,
)
from bot.sources.retries import PassingFailure, seconds_to_wait

if TYPE_CHECKING:
    from bot.settings import Settings

AGENT = "Newsbot"  # the product token that robots.txt may name
_ACCEPT = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
    "application/feed+json, application/json;q=0.9, application/xml;q=0.9, */*;q=0.5"
)
_LONGEST_DELAY = 10.0  # seconds between requests that a robots.txt may ask for
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take: bytes, seconds, redirects, attempts.

    `total` is for one attempt with its redirects; `wait` the longest time to wait for another
    attempt; `pause` the time between two requests to a public host, of which `at_once` may run,
    and `at_once_at_own` at a host that the user allowed.
    """

    size: int = 10_000_000
    connect: float = 10.0
    read: float = 15.0
    total: float = 30.0
    redirects: int = 5
    attempts: int = 3
    wait: float = 20.0
    at_once: int = 2
    at_once_at_own: int = 8
    pause: float = 0.5


def open_fetcher(settings: Settings | None = None) -> Fetcher:
    """A fetcher that may also fetch from the private hosts that the settings allow."""
    if settings is None:
        from bot.settings import read_settings

        settings = read_settings()
    return Fetcher(Hosts.named(settings.allowed_hosts))


class Fetcher(AbstractContextManager["Fetcher"]):
    """Fetches addresses, from several threads at once. Close it after use.

    `sleep` waits so many seconds; without one, waiting ends when the fetcher is closed.
    """

    def __init__(
        self,
        hosts: Hosts = PUBLIC,
        limits: Limits = Limits(),
        *,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        import httpx

        from bot.sources.sockets import open_transport

        self.limits = limits
        self._hosts = hosts
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._turns = Turns(sleep=self._sleep)
        self._permissions = Permissions(self._fetch_robots, AGENT)
        self._client = httpx.Client(
            transport=open_transport(hosts),
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # they tell visits apart
            timeout=httpx.Timeout(limits.read, connect=limits.connect, pool=limits.total),
            headers={
                "User-Agent": user_agent(),
                "Accept": _ACCEPT,
                "Accept-Encoding": ENCODINGS,
            },
        )

    def fetch(
        self,
        url: str,
        validators: Validators = NONE,
        *,
        linked_from: str | None = None,
    ) -> Fetched:
        """What the server gives for `url`; with `validators`, only when it has changed.

        `linked_from` is the address that named this one: a public page must not lead to a private
        host, even to one that the user may fetch from. Raises a `SourceError` that says why.
        """
        attempt = 1
        while True:
            try:
                return self._follow(url, validators, linked_from)
            except PassingFailure as failure:
                wait = seconds_to_wait(attempt, failure.wait)
                if attempt >= self.limits.attempts or wait > self.limits.wait:
                    raise failure.cause from failure
                _log.info("%s Trying again in %.1f s.", failure.cause, wait)
            self._sleep(wait)
            attempt += 1

    def at_once(self, url: str) -> int:
        """How many requests run at the host of `url` at the same time."""
        return self.limits.at_once_at_own if self._is_allowed(url) else self.limits.at_once

    def close(self) -> None:
        """End what is under way, and close the connections."""
        self._closed.set()
        self._client.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _follow(self, url: str, validators: Validators, linked_from: str | None) -> Fetched:
        """Fetch once, through the redirects."""
        seen: list[str] = []
        left = self.limits.total  # not spent by waiting for a turn
        while True:
            url = self._judge(url, linked_from)
            if url in seen:
                raise RedirectError(f"{seen[0]} redirects in a circle; it was not read.")
            if len(seen) > self.limits.redirects:
                raise RedirectError(
                    f"{seen[0]} redirects more than {self.limits.redirects} times; it was not read."
                )
            seen.append(url)
            rules = self._permissions.rules(_origin(url))
            if not rules.allows(url):
                raise RobotsRefusedError(f"The robots.txt of {host_of(url)} forbids {url}.")
            pause, at_once = self._pause(url, rules), self.at_once(url)
            with self._turns.turn(_origin(url), at_once=at_once, pause=pause):
                begun = time.monotonic()
                found = self._get(url, validators, left)
                left -= time.monotonic() - begun
            if isinstance(found, Fetched):
                return found
            linked_from, url = url, found

    def _judge(self, url: str, linked_from: str | None) -> str:
        address = web_address(url)
        if address is None:
            raise AddressRefusedError(
                f"{url[:200]} is no http or https address that leads anywhere; check it."
            )
        address = address.partition("#")[0]
        if linked_from is None or self._is_allowed(linked_from) or not self._is_allowed(address):
            return address
        raise AddressRefusedError(
            f"{linked_from} leads to {host_of(address)}, a host that only the user may name; "
            f"give {address} itself to read it."
        )

    def _get(
        self, url: str, validators: Validators, seconds: float, *, cut: int | None = None
    ) -> Fetched | str:
        """One request: what was fetched, or where it redirects to. `cut`: read so many bytes."""
        import httpx

        from bot.sources.sockets import within

        if self._closed.is_set():
            raise FetchError(f"{url} was not fetched: the work was stopped.")
        try:
            with (
                within(seconds),
                self._client.stream("GET", url, headers=conditions(validators)) as response,
            ):
                limit = cut or self.limits.size
                return read_response(response, url, validators, limit, cut=cut is not None)
        except httpx.TimeoutException as error:
            slow = FetchTimeoutError(f"{host_of(url)} is too slow: {url} did not come in time.")
            if isinstance(error, httpx.ConnectTimeout):
                raise PassingFailure(slow) from error
            raise slow from error
        except httpx.TransportError as error:
            raise lost(url, error) from error
        except (httpx.InvalidURL, httpx.DecodingError, ValueError) as error:
            raise AddressRefusedError(
                f"{host_of(url)} cannot be fetched: {str(error).rstrip('.')}; check the address."
            ) from error

    def _fetch_robots(self, origin: str) -> bytes:
        """The robots.txt of a host, through its redirects; raises as `fetch` does."""
        url, linked_from = f"{origin}/robots.txt", None
        for _ in range(self.limits.redirects + 1):
            url = self._judge(url, linked_from)
            found = self._get(url, NONE, self.limits.total, cut=robots.SIZE)
            if isinstance(found, Fetched):
                return found.body
            linked_from, url = url, found
        raise RedirectError(f"{origin}/robots.txt redirects too often.")

    def _pause(self, url: str, rules: robots.Robots) -> float:
        """A host that the user allowed is the user's own, and needs no rest."""
        usual = 0.0 if self._is_allowed(url) else self.limits.pause
        return max(usual, min(rules.delay, _LONGEST_DELAY))

    def _is_allowed(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:  # such as a port beyond 65535: `_judge` tells of it
            return False
        return self._hosts.is_allowed(parts.hostname or "", port)


def user_agent() -> str:
    """The honest name that Newsbot gives itself, with its version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"{AGENT}/{version('newsbot')} (news reader; honours robots.txt)"
    except PackageNotFoundError:
        return f"{AGENT} (news reader; honours robots.txt)"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"
