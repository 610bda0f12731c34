"""The rules of each host's robots.txt, fetched when first needed and remembered for an hour.

Where there is no robots.txt everything is allowed; while a host cannot give the one it may have,
nothing is (RFC 9309, 2.3.1).
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable

from bot.errors import (
    FetchTimeoutError,
    HostUnreachableError,
    RedirectError,
    ResponseError,
    RobotsRefusedError,
    ServerFailedError,
    SourceNotFoundError,
    UnreadableSourceError,
    UnsupportedFormatError,
)
from bot.sources.retries import PassingFailure
from bot.sources.robots import EVERYTHING, Robots, parse_robots

_LAST = 3600.0  # seconds
_ABSENT = (
    RedirectError,
    ResponseError,
    SourceNotFoundError,
    UnreadableSourceError,
    UnsupportedFormatError,
)


class Permissions:
    """What hosts permit the reader that names itself `agent`. `fetch` gives a host's robots.txt."""

    def __init__(self, fetch: Callable[[str], bytes], agent: str) -> None:
        self._fetch = fetch
        self._agent = agent
        self._known: dict[str, tuple[float, Robots]] = {}
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def rules(self, origin: str) -> Robots:
        """The rules of a host, named as in "https://example.org".

        Raises a `PassingFailure` while the host is in trouble, and what `fetch` raises when it is
        refused or not reached.
        """
        with self._locks[origin]:
            known = self._known.get(origin)
            if known is None or known[0] < time.monotonic():
                known = (time.monotonic() + _LAST, self._read(origin))
                self._known[origin] = known
        return known[1]

    def _read(self, origin: str) -> Robots:
        try:
            text = self._fetch(origin).decode("utf-8", "replace")
        except PassingFailure as failure:
            if isinstance(failure.cause, HostUnreachableError | FetchTimeoutError):
                raise
            raise PassingFailure(_trouble(origin), failure.wait) from failure
        except ServerFailedError as error:
            raise _trouble(origin) from error
        except _ABSENT:
            return EVERYTHING
        return parse_robots(text, self._agent)


def _trouble(origin: str) -> RobotsRefusedError:
    return RobotsRefusedError(
        f"{origin}/robots.txt cannot be read at present, so nothing is fetched from there; "
        "try again later."
    )
