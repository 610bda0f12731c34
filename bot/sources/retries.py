"""Which failures of a fetch may pass, and how long to wait before the next attempt.

Overload (429, 502, 503, 504) and broken or slow connections may pass. Nothing else does: asking
again for what is forbidden, gone or too large only burdens the server.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

PASSING = frozenset({429, 502, 503, 504})
_FIRST = 0.5  # seconds; doubled at each further attempt


@dataclass(slots=True)
class PassingFailure(Exception):  # noqa: N818 - it is told to nobody: the cause is
    """An attempt failed in a way that may pass; `cause` is told when no attempt is left.

    `wait` is the number of seconds that the server asks for, if it does.
    """

    cause: Exception
    wait: float | None = None


def seconds_to_wait(attempt: int, asked: float | None) -> float:
    """How long to wait after the attempt of this number, from 1, in seconds.

    What the server asks for, or twice as long each time, spread so that many do not return at once.
    """
    backoff: float = _FIRST * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311
    return backoff if asked is None else max(asked, 0.0)


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """The seconds that a Retry-After header asks for, whether as a number or as a date."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0)
