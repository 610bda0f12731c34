"""What the calls of one run are charged to: budgets before them, the ledger after them.

    account = Account(books, answer_budget(settings))
    with account.call(chat, "answer", messages) as call:
        ...                         # call.limit is the most tokens that the reply may have
        call.take(usage, text)      # what the server said that it took, and what it wrote

Every call of a chat model goes through here, whoever makes it, so that failures and stopped streams
are written down too. This module sends nothing itself.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.archive.calls import CACHED, DONE, STOPPED, Call, Spent
from bot.entities import Estimate
from bot.errors import ArchiveError, BudgetExceededError, InterruptedWorkError
from bot.writing.books import Books
from bot.writing.budgets import UNLIMITED, Allowance, Budget, Price, price_of, require_price
from bot.writing.tokens import count

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from bot.writing.chatmodel import ChatModel

_LOG = logging.getLogger(__name__)
_REPLIES = (2_048, 1_024, 512, 256)  # tokens that a reply may have, the most that a budget affords


class Charged:
    """One call under way. `limit` is the most tokens that its reply may have, None for any."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.enough = False  # the reader wanted no more: what came counts as the whole reply
        self.seconds = 0.0
        self.usage: Mapping[str, Any] | None = None
        self.text = ""

    def take(self, usage: Mapping[str, Any] | None, text: str, seconds: float = 0.0) -> None:
        """Notes what came of the model, and how long it was waited for."""
        self.usage = usage or self.usage
        self.text += text
        self.seconds += seconds


class Account:
    """What one run may spend, and where its calls are written down. Threads may share it."""

    def __init__(self, books: Books | None = None, budget: Budget = UNLIMITED) -> None:
        self.books = books or Books()
        self.stopped = threading.Event()  # set it to end every call of the run at its next chance
        self._allowance = Allowance(budget)
        self._spent = Spent()
        self._settling = threading.Lock()

    @property
    def spent(self) -> Spent:
        """What the run's own calls took so far, whatever else runs meanwhile."""
        return self._spent

    @contextmanager
    def call(
        self, chat: ChatModel, purpose: str, messages: Sequence[BaseMessage], prompt: str = ""
    ) -> Iterator[Charged]:
        """One call: set aside what it may take, then write down what became of it.

        `prompt` is the hash that stands for the messages. Raises BudgetExceededError when the
        budget does not cover the call.
        """
        asked = sum(count(message.text, chat.vocabulary) for message in messages)
        charge, reserved = self._reserve(chat, asked)
        outcome = DONE
        try:
            yield charge
        except GeneratorExit:
            outcome = DONE if charge.enough else STOPPED
            raise
        except BaseException as error:
            outcome = type(error).__name__
            raise
        finally:
            prompt = prompt or prompt_hash(messages)
            self._settle(reserved, self._call(chat, purpose, prompt, charge, asked, outcome))

    @property
    def is_limited(self) -> bool:
        """Whether there is any budget."""
        return bool(self._allowances)

    def afford(self, estimate: Estimate) -> None:
        """Raises BudgetExceededError when what is left does not cover the estimate."""
        wanted = Spent(estimate.tokens, estimate.cost or 0.0)
        for allowance in self._allowances:
            if not allowance.affords(wanted):
                raise allowance.exceeded()

    def price(self, chat: ChatModel) -> Price | None:
        """What the model costs. Raises SettingsError when a budget of money needs to know."""
        price = price_of(chat.endpoint.model, self.books.prices, local=chat.here)
        budgets = [allowance.budget for allowance in self._allowances]
        require_price(chat.endpoint.model, price, budgets)
        return price

    def recall(self, chat: ChatModel, purpose: str, prompt: str, key: str) -> str | None:
        """The cached reply to an identical call, which is written down as such."""
        replies, now = self.books.replies, self.books.now()
        text = replies.find(key, now) if replies else None
        if text is not None:
            name = chat.endpoint.model
            self._write_down(
                Call(at=now, purpose=purpose, prompt=prompt, model=name, cost=0.0, outcome=CACHED)
            )
        return text

    def keep(self, key: str, text: str, shown: Collection[str]) -> None:
        """Caches a reply to a prompt that showed these articles."""
        try:
            if replies := self.books.replies:
                replies.keep(key, text, shown, self.books.now())
        except ArchiveError as error:
            _LOG.warning("A reply was not cached: %s", error)

    def check_stopped(self) -> None:
        """Raises InterruptedWorkError once the run was stopped."""
        if self.stopped.is_set():
            raise InterruptedWorkError("The work was stopped.")

    @property
    def _allowances(self) -> tuple[Allowance, ...]:
        return tuple(one for one in (self._allowance, self.books.day) if one.budget)

    def _reserve(self, chat: ChatModel, asked: int) -> tuple[Charged, Spent]:
        price, allowances = self.price(chat), self._allowances
        if not allowances:
            return Charged(None), Spent()
        failure: BudgetExceededError | None = None
        for most in _REPLIES:
            wanted = Spent(asked + most, price.cost(asked, most) if price else 0.0)
            try:
                _reserve_all(allowances, wanted)
            except BudgetExceededError as error:
                failure = error
            else:
                return Charged(most), wanted
        assert failure is not None  # noqa: S101 - there is no other way out of the loop
        raise failure

    def _call(
        self,
        chat: ChatModel,
        purpose: str,
        prompt: str,
        charge: Charged,
        asked: int,
        outcome: str,
    ) -> Call:
        told = charge.usage
        begun = bool(charge.text) or outcome in (DONE, STOPPED)
        read = told["input_tokens"] if told else asked * begun
        written = told["output_tokens"] if told else count(charge.text, chat.vocabulary)
        cached = int((told or {}).get("input_token_details", {}).get("cache_read") or 0)
        price = self.price(chat)
        return Call(
            at=self.books.now(),
            purpose=purpose,
            prompt=prompt,
            model=chat.endpoint.model,
            input_tokens=read,
            cached_tokens=cached,
            output_tokens=written,
            counted="server" if told else "us",
            cost=None if price is None else price.cost(read, written, cached),
            seconds=round(charge.seconds, 3),
            outcome=outcome,
        )

    def _settle(self, reserved: Spent, call: Call) -> None:
        is_recorded = self._write_down(call)
        actual = Spent(call.input_tokens + call.output_tokens, call.cost or 0.0)
        with self._settling:
            self._spent = Spent(self._spent.tokens + actual.tokens, self._spent.cost + actual.cost)
        if self._allowance.budget:
            self._allowance.settle(reserved, actual)
        if self.books.day.budget:
            self.books.day.settle(reserved, actual, recorded=is_recorded)

    def _write_down(self, call: Call) -> bool:
        """Whether the call stands in the ledger now; a ledger that fails costs no answer."""
        try:
            if ledger := self.books.ledger:
                ledger.add(call)
                return True
        except ArchiveError as error:
            _LOG.warning("A call was not written down: %s", error)
        return False


def prompt_hash(messages: Sequence[BaseMessage], code: str = "") -> str:
    """A hash of the prompt, whatever code was drawn for it."""
    texts = [[one.type, one.text.replace(code, "") if code else one.text] for one in messages]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:32]


def _reserve_all(allowances: Sequence[Allowance], wanted: Spent) -> None:
    """Set aside with all of them or, when one refuses, with none."""
    done: list[Allowance] = []
    try:
        for allowance in allowances:
            allowance.reserve(wanted)
            done.append(allowance)
    except BudgetExceededError:
        for allowance in done:
            allowance.settle(wanted, Spent())
        raise
