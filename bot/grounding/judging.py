"""Asks a judge about claims: each question once, and none for a while after it did not answer.

A judge may be slow, cost money or be away. Its answers are remembered, the latest used; when it
fails, the claims keep the verdict of the checks in code and say that they were not judged.

This module does not know who judges, nor what becomes of the probability.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol, Self

from bot.entities import Claim, Estimate
from bot.errors import BudgetExceededError, ModelError

NOT_JUDGED = "the judge did not answer"  # the claim has the verdict of the checks in code
KEPT = 4_096  # answers
PAUSE = 60.0  # seconds in which a judge that failed is not asked

_log = logging.getLogger(__name__)


class Judge(Protocol):
    """Who says how probable it is that evidence carries a claim (`bot.writing.judge.ChatJudge`)."""

    @property
    def name(self) -> str:
        """Who judges, in words for the user."""

    def support(self, claim: str, evidence: Sequence[str]) -> float:
        """The probability, in [0, 1], that the sentences carry every detail of the claim.

        Raises ModelError when there is no answer.
        """

    def estimate(self, claims: int) -> Estimate:
        """About what it will take to judge so many claims; nothing is sent for it."""

    def charged_to(self, account: Any) -> Judge:
        """The same judge, whose calls are charged to this account (`bot.writing.accounts`)."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge said, or, where `probability` is None, why it said nothing."""

    probability: float | None
    failure: str = ""


@dataclass(slots=True)
class _Rest:
    """Until when a judge that failed is not asked, in seconds of the clock, and why."""

    failure: str = ""
    until: float = 0.0


class Bench:
    """A judge with a memory. Threads may share it; `clock` counts seconds."""

    def __init__(
        self, judge: Judge, *, kept: int = KEPT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = judge.name
        self._judge = judge
        self._kept = kept
        self._clock = clock
        self._lock = Lock()
        self._answers: OrderedDict[tuple[str, ...], float] = OrderedDict()
        self._rest = _Rest()

    def charged_to(self, account: Any) -> Self:
        """The same bench with the same memory; what it must ask is charged to this account."""
        bench = copy(self)
        bench._judge = self._judge.charged_to(account)
        return bench

    def ask(self, claim: str, evidence: Sequence[str]) -> Opinion:
        """The judge's opinion, remembered or asked for; never raises for a judge that fails."""
        question = (claim, *evidence)
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return Opinion(self._answers[question])
            if self._clock() < self._rest.until:
                return Opinion(None, self._rest.failure)
        try:
            probability = self._judge.support(claim, evidence)
        except BudgetExceededError as error:  # of one run: others may ask on
            return Opinion(None, str(error))
        except ModelError as error:
            return self._silence(error)
        self._keep(question, probability)
        return Opinion(probability)

    def estimate(self, claims: int) -> Estimate:
        """About what it will take to judge so many claims; nothing of a judge that is not there."""
        try:
            return self._judge.estimate(claims)
        except ModelError as error:
            _log.info("What the judge %s takes is not foreseen: %s", self.name, error)
            return Estimate()

    def _keep(self, question: tuple[str, ...], probability: float) -> None:
        with self._lock:
            self._answers[question] = probability
            while len(self._answers) > self._kept:
                self._answers.popitem(last=False)

    def _silence(self, error: ModelError) -> Opinion:
        _log.warning("The judge %s did not answer: %s", self.name, error, exc_info=error)
        with self._lock:
            self._rest.failure, self._rest.until = str(error), self._clock() + PAUSE
        return Opinion(None, str(error))


def not_judged(claims: Sequence[Claim]) -> tuple[str, ...]:
    """What the reader should be told of claims on which a judge was silent."""
    silent = sum(NOT_JUDGED in claim.reasons for claim in claims)
    if not silent:
        return ()
    return (f"{silent} of {len(claims)} sentences were checked in code only: {NOT_JUDGED}",)
