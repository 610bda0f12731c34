from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.entities import Estimate
from bot.errors import BudgetExceededError, ModelOverloadedError
from bot.grounding.judging import PAUSE, Bench, Opinion


class Coin:
    """A judge that finds long claims likelier, and fails when it is told to."""

    name = "coin"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = False

    def support(self, claim: str, evidence: Sequence[str]) -> float:
        self.asked.append(claim)
        if self.broken:
            raise ModelOverloadedError("coin is failing (500). Try again later.")
        return len(claim) / 100

    def estimate(self, claims: int) -> Estimate:
        if self.broken:
            raise ModelOverloadedError("coin is failing (500). Try again later.")
        return Estimate(calls=claims, judged=claims)

    def charged_to(self, account: Any) -> Coin:
        return account  # type: ignore[no-any-return]


def test_a_question_is_asked_once() -> None:
    coin = Coin()
    bench = Bench(coin)
    assert bench.ask("It rained.", ["It rained all day."]) == Opinion(0.1)
    assert bench.ask("It rained.", ["It rained all day."]) == Opinion(0.1)
    assert coin.asked == ["It rained."]
    bench.ask("It rained.", ["It was dry."])
    assert len(coin.asked) == 2


def test_only_so_many_answers_are_kept_the_latest_used() -> None:
    coin = Coin()
    bench = Bench(coin, kept=2)
    for claim in ("a", "b", "a", "c", "a", "b"):
        bench.ask(claim, [])
    assert coin.asked == ["a", "b", "c", "b"]


def test_a_judge_that_fails_rests() -> None:
    coin, now = Coin(), [0.0]
    bench = Bench(coin, clock=lambda: now[0])
    bench.ask("known", [])
    coin.broken = True
    assert bench.ask("a", []).failure.startswith("coin is failing")
    assert bench.ask("b", []).probability is None
    assert coin.asked == ["known", "a"]
    assert bench.ask("known", []) == Opinion(0.05)  # what it said before still holds
    coin.broken, now[0] = False, PAUSE + 1
    assert bench.ask("a", []) == Opinion(0.01)


def test_what_a_judge_takes_is_foreseen_where_it_is_there() -> None:
    coin = Coin()
    assert Bench(coin).estimate(3).calls == 3
    coin.broken = True
    assert Bench(coin).estimate(3) == Estimate()


def test_runs_share_the_memory_and_the_rest_but_not_the_account() -> None:
    first, second = Coin(), Coin()
    bench = Bench(first)
    run = bench.charged_to(second)
    bench.ask("known", [])
    assert run.ask("known", []) == Opinion(0.05)
    run.ask("new", [])
    assert (first.asked, second.asked) == (["known"], ["new"])
    second.broken = True
    run.ask("failing", [])
    assert bench.ask("resting", []).failure.startswith("coin is failing")


class Spent(Coin):
    def support(self, claim: str, evidence: Sequence[str]) -> float:
        raise BudgetExceededError("The budget of one answer, 10 tokens, is spent.")


def test_a_spent_budget_silences_the_judge_of_its_own_run_alone() -> None:
    bench = Bench(Coin())
    assert "is spent" in bench.charged_to(Spent()).ask("a", []).failure
    assert bench.ask("a", []) == Opinion(0.01)
