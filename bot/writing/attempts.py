"""A request to a chat model, tried until something comes of it.

A failure that may pass is waited for, as long as the server asks, and the request tried again; once
text has come it is not. All waiting is done at the pace of the model's server, which threads share.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from bot.errors import (
    InterruptedWorkError,
    ModelOutputError,
    ModelOverloadedError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from bot.writing.accounts import Account, Charged, prompt_hash
from bot.writing.chatmodel import SCHEMA, ChatModel
from bot.writing.failures import as_finish_error, as_model_error, malformed, waiting_time

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage

_PASSING = (ModelTimeoutError, ModelUnreachableError, ModelOverloadedError)
_SCHEMA_REFUSED = re.compile(r"response_format|json.?schema|grammar|structured", re.IGNORECASE)
_REASONS = ("finish_reason", "stop_reason", "done_reason", "status")  # as providers call it


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent: the messages, and a JSON schema that the reply is bound to, if any.

    `shown` are the ids of the articles in it; a reply is cached only where there are some. `code`
    is the fence that was drawn for this request, and no part of what makes it identical to another.
    """

    purpose: str
    messages: Sequence[BaseMessage]
    schema: Mapping[str, Any] | None = None
    shown: Collection[str] = ()
    code: str = ""

    @property
    def prompt(self) -> str:
        """A hash of the messages."""
        return prompt_hash(self.messages, self.code)


class Attempts:
    """The pieces of text of the first attempt that brings any."""

    def __init__(
        self, chat: ChatModel, request: Request, account: Account, charge: Charged
    ) -> None:
        self._chat = chat
        self._request = request
        self._account = account
        self._charge = charge

    def __iter__(self) -> Iterator[str]:
        for attempt in range(self._chat.retries + 1):
            self._chat.pace.wait(self._account.stopped)
            self._account.check_stopped()
            try:
                yield from self._attempt()
                self._chat.pace.speed_up()
                return
            except InterruptedWorkError:
                raise
            except Exception as error:
                if self._forgo_schema(error):
                    yield from self
                    return
                _wait_or_raise(error, self._chat, attempt, ended=bool(self._charge.text))

    def _forgo_schema(self, error: Exception) -> bool:
        """Whether the server knows no JSON schema, so that it is to be asked without, from now."""
        if self._request.schema is None or SCHEMA in self._chat.refuses or self._charge.text:
            return False
        if getattr(error, "status_code", None) not in (400, 422, 501):
            return False
        if not _SCHEMA_REFUSED.search(str(error)):
            return False
        self._chat.refuses.add(SCHEMA)
        return True

    def _attempt(self) -> Iterator[str]:
        reason = None
        with closing(self._open()) as chunks:
            while (chunk := self._next(chunks)) is not None:
                self._account.check_stopped()
                reason = _finish_reason(chunk) or reason
                if chunk.text:
                    yield chunk.text
        if not self._charge.text and reason is None:
            raise malformed(self._chat.endpoint)
        if failure_at_end := as_finish_error(reason, self._chat.endpoint):
            raise failure_at_end

    def _open(self) -> Generator[AIMessageChunk]:
        options = self._chat.options(self._charge.limit, self._request.schema)
        # A generator, which LangChain declares as an iterator; to close it is to end the request.
        stream = self._chat.model.stream(list(self._request.messages), **options)
        return cast("Generator[AIMessageChunk]", stream)

    def _next(self, chunks: Iterator[AIMessageChunk]) -> AIMessageChunk | None:
        begun = time.monotonic()
        try:
            chunk = next(chunks, None)
        except Exception:
            self._charge.take(None, "", time.monotonic() - begun)
            raise
        usage = _add(self._charge.usage, chunk.usage_metadata) if chunk else None
        self._charge.take(usage, chunk.text if chunk else "", time.monotonic() - begun)
        return chunk


def invoke_model(
    chat: ChatModel,
    purpose: str,
    messages: Sequence[BaseMessage],
    account: Account | None = None,
    **options: Any,
) -> AIMessage:
    """One whole reply, charged and tried again as a streamed one is; nothing of it is cached."""
    account = account or Account()
    with account.call(chat, purpose, messages) as charge:
        for attempt in range(chat.retries + 1):
            chat.pace.wait(account.stopped)
            begun = time.monotonic()
            try:
                reply = chat.model.bind(**options).invoke(list(messages))
            except Exception as error:
                charge.take(None, "", time.monotonic() - begun)
                _wait_or_raise(error, chat, attempt, ended=False)
            else:
                charge.take(cast("Any", reply.usage_metadata), reply.text, time.monotonic() - begun)
                chat.pace.speed_up()
                return reply
    raise AssertionError("the last attempt returns or raises")


def _wait_or_raise(error: Exception, chat: ChatModel, attempt: int, *, ended: bool) -> None:
    """Slows the pace down where another attempt may help, else raises the failure in our terms."""
    failure = as_model_error(error, chat.endpoint)
    passing = isinstance(failure, _PASSING)
    if ended and passing:
        failure = ModelOutputError(f"The output broke off. {failure}")
    seconds = waiting_time(error, failure, attempt) if passing and not ended else None
    crowded = _is_crowded(error)
    if seconds is None or attempt >= chat.retries:
        if crowded:
            chat.pace.slow_down(0.0, crowded=True)
        if failure is error:
            raise failure
        raise failure from error
    chat.pace.slow_down(seconds, crowded=crowded)


def _is_crowded(error: Exception) -> bool:
    return getattr(error, "status_code", None) == 429


def _add(earlier: Any, usage: Any) -> Any:
    """Usage that comes in several chunks, as Anthropic's does, added up."""
    from langchain_core.messages.ai import add_usage

    return add_usage(earlier, usage) if earlier and usage else usage or earlier


def _finish_reason(chunk: Any) -> str | None:
    facts = chunk.response_metadata
    return next((str(facts[name]) for name in _REASONS if facts.get(name)), None)
