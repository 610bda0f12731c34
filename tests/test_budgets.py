"""Prices, budgets, and the pace of requests."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bot.archive.calls import Spent
from bot.errors import BudgetExceededError, SettingsError
from bot.writing.budgets import Allowance, Budget, Price, price_of, read_prices
from bot.writing.pacing import Pace, backoff


@pytest.mark.parametrize(
    ("text", "prices"),
    [
        (None, {}),
        ("", {}),
        ("gpt-5.4-mini=0.25/2", {"gpt-5.4-mini": Price(0.25, 0.25, 2)}),
        (" a=1/0.1/4 , b/c:7b=0/0,", {"a": Price(1, 0.1, 4), "b/c:7b": Price(0, 0, 0)}),
    ],
)
def test_prices_are_read(text: str | None, prices: dict[str, Price]) -> None:
    assert read_prices(text) == prices


@pytest.mark.parametrize("text", ["gpt", "gpt=1", "=1/2", "gpt=a/b", "gpt=1/2/3/4", "gpt=-1/2"])
def test_what_is_no_price_is_told(text: str) -> None:
    with pytest.raises(SettingsError, match=r"NEWSBOT_PRICES: .* is no price; write MODEL=INPUT"):
        read_prices(text)


def test_cached_input_costs_less() -> None:
    price = Price(2.0, 0.5, 8.0)
    assert price.cost(1_000_000, 500_000) == 6.0
    assert price.cost(1_000_000, 0, cached_tokens=1_000_000) == 0.5


def test_a_local_model_costs_nothing_unless_it_is_said_to() -> None:
    assert price_of("m", {}, local=True) == Price(0, 0, 0)
    assert price_of("m", {}, local=False) is None
    assert price_of("m", {"m": Price(1, 1, 1)}, local=True) == Price(1, 1, 1)


def test_what_is_set_aside_counts_until_it_is_settled() -> None:
    allowance = Allowance(Budget("one answer", "ANSWER", tokens=100))
    wanted = Spent(60)
    allowance.reserve(wanted)
    with pytest.raises(BudgetExceededError):
        allowance.reserve(wanted)
    allowance.settle(wanted, Spent(10))
    allowance.reserve(wanted)
    assert allowance.left().tokens == 30


def test_what_others_have_spent_counts() -> None:
    earlier = [Spent(50, 0.0)]
    allowance = Allowance(Budget("today", "DAY", tokens=100), lambda: earlier[0])
    assert allowance.affords(Spent(50))
    earlier[0] = Spent(51, 0.0)
    assert not allowance.affords(Spent(50))


def test_either_limit_is_enough() -> None:
    budget = Budget("one briefing", "BRIEFING", tokens=100, cost=0.5)
    assert Allowance(budget).affords(Spent(100, 0.5))
    assert not Allowance(budget).affords(Spent(1, 0.6))
    assert not Allowance(budget).affords(Spent(101, 0.1))
    assert Allowance(replace(budget, tokens=None, cost=None)).affords(Spent(10**9, 1e9))


def test_a_spent_budget_is_told_with_its_settings() -> None:
    told = str(Allowance(Budget("one briefing", "BRIEFING", 100, 0.5)).exceeded())
    assert told == (
        "The budget of one briefing, 100 tokens (NEWSBOT_BRIEFING_TOKENS) or 0.5 "
        "(NEWSBOT_BRIEFING_COST), is spent."
    )


# The pace


class Clock:
    """A clock that only waiting moves: a `threading.Event` that is waited for takes its time."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    def event(self) -> threading.Event:
        clock = self

        class Waited(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                clock.waited.append(round(timeout or 0.0, 3))
                clock.now += timeout or 0.0
                return False

        return Waited()


def test_nobody_waits_as_long_as_all_is_well() -> None:
    clock = Clock()
    pace = Pace(clock)
    for _ in range(3):
        pace.wait(clock.event())
        pace.speed_up()
    assert clock.waited == []


def test_everybody_waits_as_long_as_the_server_asks() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.slow_down(7.0, crowded=False)
    pace.wait(clock.event())
    pace.wait(clock.event())
    assert clock.waited == [7.0]


def test_after_too_many_requests_they_start_further_apart_and_closer_again() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.slow_down(1.0, crowded=True)
    pace.slow_down(1.0, crowded=True)
    for _ in range(3):
        pace.wait(clock.event())
    assert clock.waited == [1.0, 0.5, 0.5]
    for _ in range(9):
        pace.speed_up()
    clock.waited.clear()
    clock.now += 9
    for _ in range(3):
        pace.wait(clock.event())
    assert clock.waited == []


def test_waits_grow_and_stay_below_a_limit() -> None:
    waits = [backoff(attempt) for attempt in range(12)]
    assert 0.3 < waits[0] <= 0.5
    assert waits[1] > waits[0]
    assert max(waits) <= 8.0
