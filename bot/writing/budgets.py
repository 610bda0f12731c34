"""What calls of chat models may take, in tokens and in money, and what they cost.

    allowance = Allowance(Budget("an answer", "ANSWER", tokens=20_000))
    reserved = allowance.reserve(Spent(1_500, 0.002))   # BudgetExceededError when there is no room
    allowance.settle(reserved, Spent(1_200, 0.0016))

What a call may take at most is set aside before it begins, so that calls that run at once cannot
overdraw a budget together.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.archive.calls import Spent
from bot.errors import BudgetExceededError, SettingsError
from bot.settings import Settings

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Money for a million tokens, in whatever money the user thinks in."""

    input: float
    cached: float
    output: float

    def cost(self, input_tokens: int, output_tokens: int, cached_tokens: int = 0) -> float:
        """What a call costs; `cached_tokens` are among the input."""
        fresh = input_tokens - cached_tokens
        money = fresh * self.input + cached_tokens * self.cached + output_tokens * self.output
        return money / _MILLION


FREE = Price(0.0, 0.0, 0.0)  # a model on this machine


def read_prices(text: str | None) -> dict[str, Price]:
    """The prices by model of NEWSBOT_PRICES, as in `gpt-5.4-mini=0.25/0.025/2, other=1/4`.

    Raises SettingsError where it cannot be read.
    """
    prices = {}
    for part in filter(None, (part.strip() for part in (text or "").split(","))):
        model, _, numbers = part.rpartition("=")
        try:
            input_, *cached, output = (float(number) for number in numbers.split("/"))
        except ValueError as error:
            raise _unreadable(part) from error
        if not model.strip() or len(cached) > 1 or min(input_, output, *cached) < 0:
            raise _unreadable(part)
        prices[model.strip()] = Price(input_, cached[0] if cached else input_, output)
    return prices


@dataclass(frozen=True, slots=True)
class Budget:
    """What something may take; None limits nothing.

    `name` is the middle of its settings' names, "" where no setting says so.
    """

    what: str
    name: str
    tokens: int | None = None
    cost: float | None = None

    def __bool__(self) -> bool:
        return self.tokens is not None or self.cost is not None


UNLIMITED = Budget("everything", "")


def answer_budget(settings: Settings) -> Budget:
    """Of one answer, or of one summary."""
    return Budget("one answer", "ANSWER", settings.answer_tokens, settings.answer_cost)


def briefing_budget(settings: Settings) -> Budget:
    """Of one briefing."""
    return Budget("one briefing", "BRIEFING", settings.briefing_tokens, settings.briefing_cost)


def day_budget(settings: Settings) -> Budget:
    """Of all that is written in a day of the user's timezone."""
    return Budget("today", "DAY", settings.day_tokens, settings.day_cost)


class Allowance:
    """What is left of a budget, for threads to share.

    `earlier` gives what other runs have spent of it already, as today's in the ledger.
    """

    def __init__(self, budget: Budget, earlier: Callable[[], Spent] = Spent) -> None:
        self.budget = budget
        self._earlier = earlier
        self._taken = Spent()
        self._lock = threading.Lock()

    def left(self) -> Spent:
        """Tokens and money that may still be taken, as far as they are limited at all."""
        earlier = self._earlier()
        return Spent(
            (self.budget.tokens or 0) - earlier.tokens - self._taken.tokens,
            (self.budget.cost or 0.0) - earlier.cost - self._taken.cost,
        )

    def reserve(self, wanted: Spent) -> None:
        """Set aside what a call may take. Raises BudgetExceededError when that is too much."""
        with self._lock:
            if not self.affords(wanted):
                raise self.exceeded()
            taken = self._taken
            self._taken = Spent(taken.tokens + wanted.tokens, taken.cost + wanted.cost)

    def affords(self, wanted: Spent) -> bool:
        """Whether what is left covers this."""
        if not self.budget:
            return True
        left = self.left()
        dear = self.budget.cost is not None and wanted.cost > left.cost
        return not dear and (self.budget.tokens is None or wanted.tokens <= left.tokens)

    def settle(self, reserved: Spent, actual: Spent, *, recorded: bool = False) -> None:
        """Give back what was set aside and not taken, or all where the ledger counts the call."""
        kept = Spent() if recorded else actual
        with self._lock:
            self._taken = Spent(
                self._taken.tokens - reserved.tokens + kept.tokens,
                self._taken.cost - reserved.cost + kept.cost,
            )

    def exceeded(self) -> BudgetExceededError:
        """The error that says which budget is spent."""
        limits = [
            f"{self.budget.tokens:,} tokens{self._setting('TOKENS')}"
            if self.budget.tokens is not None
            else "",
            f"{self.budget.cost:g}{self._setting('COST')}" if self.budget.cost is not None else "",
        ]
        limit = " or ".join(filter(None, limits))
        return BudgetExceededError(f"The budget of {self.budget.what}, {limit}, is spent.")

    def _setting(self, unit: str) -> str:
        """The setting that limits it, where it is one: an edition's budget is not."""
        return f" (NEWSBOT_{self.budget.name}_{unit})" if self.budget.name else ""


def _unreadable(part: str) -> SettingsError:
    return SettingsError(
        f"NEWSBOT_PRICES: {part!r} is no price; write MODEL=INPUT/OUTPUT or "
        "MODEL=INPUT/CACHED/OUTPUT, in money for a million tokens."
    )


def price_of(model: str, prices: Mapping[str, Price], *, local: bool) -> Price | None:
    """The model's price: the one set, else nothing for a model on this machine, else not known."""
    return prices.get(model) or (FREE if local else None)


def require_price(model: str, price: Price | None, budgets: Iterable[Budget]) -> None:
    """Raises SettingsError when a budget limits money and the model's price is not known."""
    for budget in budgets:
        if budget.cost is not None and price is None:
            what = f"NEWSBOT_{budget.name}_COST" if budget.name else f"The budget of {budget.what}"
            raise SettingsError(
                f"{what} limits money, and {model} has no price; "
                f"set NEWSBOT_PRICES={model}=INPUT/OUTPUT, in money for a million tokens."
            )
