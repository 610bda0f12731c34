"""One request to a chat model: a prompt of prompts/ and LangChain's `prompt | model`, streamed.

Whatever goes wrong comes out as a `ModelError`. This module does not know what is asked.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from bot.errors import (
    ModelOutputError,
    ModelOverloadedError,
    ModelTimeoutError,
    ModelUnreachableError,
    PromptError,
)
from bot.writing.failures import as_finish_error, as_model_error, malformed
from bot.writing.models import ChatModel
from bot.writing.tokens import count

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk
    from langchain_core.prompts import ChatPromptTemplate

_FRAME_TOKENS = 24  # what a chat template puts around two messages
_PASSING = (ModelTimeoutError, ModelUnreachableError, ModelOverloadedError)
_REASONS = ("finish_reason", "stop_reason", "done_reason", "status")  # as providers call it


def stream_completion(chat: ChatModel, name: str, variables: Mapping[str, str]) -> Generator[str]:
    """The text that the model writes to the prompt NAME, as it comes.

    A reply that breaks off raises ModelOutputError after what has come of it. Closing the iterator
    ends the request.
    """
    chain = _prompt(name, variables) | chat.model
    begun, reason = False, None
    # A generator, which LangChain declares as an iterator; to close it is to end the request.
    chunks = cast("Generator[AIMessageChunk]", chain.stream(dict(variables)))
    try:
        with closing(chunks):
            for chunk in chunks:
                reason = _finish_reason(chunk) or reason
                if chunk.text:
                    begun = True
                    yield chunk.text
    except Exception as error:
        failure = as_model_error(error, chat.endpoint)
        if begun and isinstance(failure, _PASSING):
            failure = ModelOutputError(f"The output broke off. {failure}")
        raise failure from error
    if not begun and reason is None:
        raise malformed(chat.endpoint)
    if failure_at_end := as_finish_error(reason, chat.endpoint):
        raise failure_at_end


def count_prompt(chat: ChatModel, name: str, variables: Mapping[str, str]) -> int:
    """Tokens of the prompt NAME with these variables, the others empty."""
    template = _prompt_template(name)
    given = dict.fromkeys(template.input_variables, "") | dict(variables)
    messages = template.format_messages(**given)
    return _FRAME_TOKENS + sum(count(message.text, chat.vocabulary) for message in messages)


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


def _finish_reason(chunk: Any) -> str | None:
    facts = chunk.response_metadata
    return next((str(facts[name]) for name in _REASONS if facts.get(name)), None)
