"""One request to a chat model: a prompt of prompts/, streamed through LangChain.

    for text in stream_completion(chat, "answer", variables, account): ...

Every request is charged to an account, answered from the cache where an identical one was, and
tried again after a failure that may pass, for as long as nothing has come of it yet. Whatever goes
wrong comes out as a `ModelError`. This module does not know what is asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.errors import ModelError, PromptError
from bot.writing.accounts import Account, Charged
from bot.writing.attempts import Attempts, Request
from bot.writing.chatmodel import ChatModel
from bot.writing.tokens import count

if TYPE_CHECKING:
    from langchain_core.prompts import ChatPromptTemplate

_BEYOND = 40  # characters; a model that stops by itself has stopped by then
_FRAME_TOKENS = 24  # what a chat template puts around two messages


class Completion(Iterator[str]):
    """The text that a model writes, as it comes; iterate it once.

    A reply that breaks off raises ModelOutputError after what has come of it.
    """

    def __init__(self, chat: ChatModel, request: Request, account: Account) -> None:
        self._chat = chat
        self._request = request
        self._account = account
        self._charge: Charged | None = None
        self._pieces = self._write()

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        """End the request, if it still runs; what came of it is no whole reply."""
        self._pieces.close()

    def finish(self) -> None:
        """End the request because enough was read: what came counts as the whole reply.

        It is read on a little, as only at its end the server says what it took.
        """
        if self._charge is not None:
            self._charge.enough = True
        beyond = 0
        with suppress(ModelError):
            while beyond < _BEYOND and (piece := next(self._pieces, None)) is not None:
                beyond += len(piece)
        self.close()

    def _write(self) -> Generator[str]:
        request, account, prompt = self._request, self._account, self._request.prompt
        key = _key(self._chat, request)
        if request.shown and (kept := account.recall(self._chat, request.purpose, prompt, key)):
            yield kept
            return
        with account.call(self._chat, request.purpose, request.messages, prompt) as charge:
            self._charge = charge
            try:
                yield from Attempts(self._chat, request, account, charge)
            except GeneratorExit:
                if charge.enough:
                    self._keep(key, charge.text)
                raise
            self._keep(key, charge.text)

    def _keep(self, key: str, text: str) -> None:
        """Caches the reply; not one that has the fence's code, which the next request has not."""
        if self._request.shown and not (self._request.code and self._request.code in text):
            self._account.keep(key, text, self._request.shown)


def stream_completion(
    chat: ChatModel,
    name: str,
    variables: Mapping[str, str],
    account: Account | None = None,
    *,
    purpose: str = "",
    shown: Collection[str] = (),
    schema: Mapping[str, Any] | None = None,
) -> Completion:
    """The text that the model writes to the prompt NAME, as it comes.

    The ledger says it was for `purpose`, NAME unless given. `shown` are the ids of the articles in
    the variables; a JSON `schema` binds the reply where the model's server knows how. Closing the
    iterator ends the request.
    """
    messages = _prompt(name, variables).format_messages(**variables)
    code = variables.get("fence", "")
    request = Request(
        purpose=purpose or name, messages=messages, schema=schema, shown=shown, code=code
    )
    return Completion(chat, request, account or Account())


def count_prompt(chat: ChatModel, name: str, variables: Mapping[str, str]) -> int:
    """Tokens of the prompt NAME with these variables, the others empty."""
    template = _prompt_template(name)
    given = dict.fromkeys(template.input_variables, "") | dict(variables)
    messages = template.format_messages(**given)
    return _FRAME_TOKENS + sum(count(message.text, chat.vocabulary) for message in messages)


def _key(chat: ChatModel, request: Request) -> str:
    """What two requests have in common when they are identical."""
    asked = (request.prompt, str(chat.endpoint), chat.temperature, request.schema)
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def _prompt(name: str, variables: Mapping[str, str]) -> ChatPromptTemplate:
    template = _prompt_template(name)
    if absent := sorted(set(template.input_variables) - set(variables)):
        raise PromptError(f"prompts/{name}.md names {{{absent[0]}}}, which it is not given.")
    return template


def _prompt_template(name: str) -> ChatPromptTemplate:
    import prompts

    try:
        return prompts.prompt(name)
    except (OSError, ValueError) as error:
        raise PromptError(f"prompts/{name}.md cannot be used: {error}") from error
