"""A chat model as a judge: how probable it finds it that the evidence carries a claim.

One question, one token: the probability of Yes against that of No, where the server tells them
(`logprobs`); else a plain yes or no, which counts as 1 or 0. Any chat model will do.

It knows how the question is put. What becomes of the probability is the checker's affair.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from bot.entities import Estimate
from bot.errors import ModelOutputError, ModelRefusedError, SettingsError
from bot.writing.accounts import Account
from bot.writing.attempts import invoke_model
from bot.writing.chatmodel import ChatModel
from bot.writing.completions import count_prompt
from bot.writing.failures import JUDGE
from bot.writing.fences import defuse
from bot.writing.models import EXTRACTIVE, describe, find_chat_model, model_of

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from bot.settings import Settings
    from bot.writing.books import Books

ODDS = "logprobs"  # the option that asks for them
ALTERNATIVES = 8  # tokens whose probability is asked for; some servers give no more
_ASKED = 190  # tokens of a claim and the six sentences nearest to it, 25 each in news
_WORD = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)


def open_judge(settings: Settings, books: Callable[[], Books] | None = None) -> ChatJudge | None:
    """The judge that the settings name, None when they name none; its model waits for a question.

    What it takes stands in the `books`; until it is charged to a run's account, of budgets the
    day's alone limits it. Raises SettingsError or WeightsError when it is a local model that is not
    there.
    """
    chosen = judge_settings(settings)
    if chosen is None:
        return None
    return ChatJudge(
        model_of(chosen),
        lambda: find_chat_model(chosen, JUDGE),
        lambda: Account(books() if books else None),
    )


def judge_line(settings: Settings) -> str:
    """One line: who judges, and where claims and evidence go for it."""
    chosen = judge_settings(settings)
    if chosen is None:
        return "none: claims are checked in code and by embeddings"
    return describe(chosen).replace("passages", "claims and passages", 1)


def judge_settings(settings: Settings) -> Settings | None:
    """The settings under which the judge is the chat model, None when they name no judge."""
    if settings.judge_model is None:
        return None
    if settings.judge_model == EXTRACTIVE:
        raise SettingsError("NEWSBOT_JUDGE_MODEL=extractive is no chat model; set one, or nothing.")
    changed = {"model": settings.judge_model, "temperature": 0.0}
    # A claim can do without an opinion better than its reader can wait for it.
    changed["retries"] = min(settings.retries, 1)
    return settings.model_copy(update=changed)


class ChatJudge:
    """Asks a chat model whether evidence carries a claim. Threads may share it."""

    def __init__(
        self, name: str, find: Callable[[], ChatModel], charge_to: Callable[[], Account] = Account
    ) -> None:
        self.name = name
        self._find, self._charge_to = cache(find), cache(charge_to)
        self._lock = Lock()

    def charged_to(self, account: Account) -> Self:
        """The same judge, which shares its model; its calls are charged to this account."""
        judge = copy(self)
        judge._charge_to = cache(lambda: account)
        return judge

    def _open(self) -> tuple[ChatModel, Account]:
        with self._lock:  # a local model loads for seconds
            return self._find(), self._charge_to()

    def support(self, claim: str, evidence: Sequence[str]) -> float:
        """The probability, in [0, 1], that the sentences carry every detail of the claim.

        Raises ModelError when the model does not answer, or with neither yes nor no.
        """
        messages = _messages(claim, evidence)
        chat, _ = self._open()
        knows_odds = "top_logprobs" in type(chat.model).model_fields
        if knows_odds and ODDS not in chat.refuses:
            reply = self._with_odds(messages)
            found = None if reply is None else _odds(reply)
            if reply is not None and found is None:
                found = _word(reply)
            if found is not None:
                return found
        return self._plainly(messages)

    def estimate(self, claims: int) -> Estimate:
        """About what it will take to judge so many claims; nothing is sent for it."""
        chat, account = self._open()
        asked, written = claims * (count_prompt(chat, "judge", {}) + _ASKED), claims
        price = account.price(chat)
        return Estimate(
            calls=claims,
            judged=claims,
            input_tokens=asked,
            output_tokens=written,
            cost=None if price is None else price.cost(asked, written),
        )

    def _with_odds(self, messages: Sequence[BaseMessage]) -> BaseMessage | None:
        """One token with its alternatives; None from a model that refuses to tell them."""
        try:
            return self._ask(messages, logprobs=True, top_logprobs=ALTERNATIVES, max_tokens=1)
        except ModelRefusedError as error:
            if "logprobs" not in str(error.__cause__):
                raise
            self._open()[0].refuses.add(ODDS)
            return None

    def _plainly(self, messages: Sequence[BaseMessage]) -> float:
        """The answer in words; a model that thinks first needs more than one token for it."""
        found = _word(self._ask(messages))
        if found is None:
            raise ModelOutputError(f"The judge {self.name} answered neither yes nor no.")
        return found

    def _ask(self, messages: Sequence[BaseMessage], **options: Any) -> BaseMessage:
        chat, account = self._open()
        return invoke_model(chat, "judge", messages, account, **options)


def _messages(claim: str, evidence: Sequence[str]) -> Sequence[BaseMessage]:
    import prompts

    lines = "\n".join(f"- {_line(sentence)}" for sentence in evidence)
    return prompts.prompt("judge").format_messages(evidence=lines, claim=_line(claim))


def _line(sentence: str) -> str:
    """The sentence as one line, without what a chat template would take for its own."""
    return defuse(" ".join(sentence.split()), "")


def _odds(reply: BaseMessage) -> float | None:
    """P(Yes) / (P(Yes) + P(No)) of the first token; None where the server told neither."""
    first = _first_token(reply.response_metadata.get("logprobs"))
    chances = {"yes": 0.0, "no": 0.0}
    for alternative in first:
        if match := _WORD.fullmatch(str(alternative.get("token", ""))):
            chances[match[1].lower()] += math.exp(min(0.0, float(alternative["logprob"])))
    total = sum(chances.values())
    return chances["yes"] / total if total else None


def _first_token(logprobs: Any) -> Sequence[Mapping[str, Any]]:
    """The alternatives for the first token, which some servers give without the token itself."""
    tokens = logprobs.get("content") if isinstance(logprobs, Mapping) else None
    if not tokens:
        return ()
    return tokens[0].get("top_logprobs") or (tokens[0],)


def _word(reply: BaseMessage) -> float | None:
    match = _WORD.match(reply.text.rpartition("</think>")[2])
    return None if match is None else float(match[1].lower() == "yes")
