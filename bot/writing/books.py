"""What all runs of one Newsbot share: the ledger, cached replies, prices, and today's budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.archive.calls import Ledger, Spent
from bot.archive.replies import Replies
from bot.writing.budgets import UNLIMITED, Allowance, Price, day_budget, read_prices

if TYPE_CHECKING:
    from bot.archive.database import Database
    from bot.settings import Settings


def _nowhere() -> None:
    """There is no archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What all runs of one Newsbot share: the ledger, cached replies, prices, and today's budget.

    `database` gives the archive's database, None while there is none: then nothing is written down.
    """

    database: Callable[[], Database | None] = _nowhere
    prices: Mapping[str, Price] = field(default_factory=dict)
    day: Allowance = field(default_factory=lambda: Allowance(UNLIMITED))
    caches: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def ledger(self) -> Ledger | None:
        """Where calls are written down."""
        database = self.database()
        return Ledger(database) if database else None

    @property
    def replies(self) -> Replies | None:
        """The cached replies, None where they are switched off."""
        database = self.database() if self.caches else None
        return Replies(database) if database else None


def open_books(
    settings: Settings, database: Callable[[], Database | None], now: Callable[[], datetime]
) -> Books:
    """The books of the settings; `now` is the present in the user's timezone.

    Raises SettingsError when the prices cannot be read.
    """

    def spent_today() -> Spent:
        opened = database()
        midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
        return Ledger(opened).spent(midnight) if opened else Spent()

    return Books(
        database=database,
        prices=read_prices(settings.prices),
        day=Allowance(day_budget(settings), spent_today),
        caches=settings.reply_cache,
        now=now,
    )
