"""Spending: what calls of chat models took, or will take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the calls of one chat model for one purpose took in a day of the user's timezone.

    `cached_tokens`, read from the server's own cache, are among `input_tokens`. `from_cache` counts
    the calls that Newsbot's cache answered without the model. `cost` is in the money that
    NEWSBOT_PRICES is set in, None where a price is not known.
    """

    day: date
    model: str
    purpose: str
    calls: int
    failed: int = 0
    from_cache: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """About what some work will take of a chat model; nothing at all for the extractive writer.

    Sentences that have to be rewritten are not foreseen. `judged` of the calls are the judge's.
    `cost` is None where no price is set.
    """

    calls: int = 0
    judged: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Estimate) -> Estimate:
        if not self.calls or not other.calls:
            return self if self.calls else other
        known = self.cost is not None and other.cost is not None
        return Estimate(
            calls=self.calls + other.calls,
            judged=self.judged + other.judged,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost=(self.cost or 0) + (other.cost or 0) if known else None,
        )
