"""The one place where a provider's failure becomes a `ModelError` of ours.

    try:
        ...  # anything that talks to a chat model
    except Exception as error:
        raise as_model_error(error, endpoint) from error

Each message is one line: what happened, with which model at which host, and what to do. It is put
together from what kind of failure it is; of the provider's own words at most one line is quoted,
with everything that looks like a key taken out.

It knows LangChain's own failure classes, which its integrations raise, and the HTTP status that
the SDKs of all providers put on their exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.errors import (
    ModelError,
    ModelKeyError,
    ModelOutputError,
    ModelOverloadedError,
    ModelRefusedError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from bot.writing.pacing import LONGEST_WAIT, backoff

_KEY_LIKE = re.compile(r"\b(?:Bearer\s+\S+|(?:sk|pk|key|lsv2|gsk|xai)[-_][\w*.-]{2,}|\w{32,})")
_OVERFLOW = re.compile(
    r"context.{0,20}(?:length|window|size)|maximum context|prompt is too long|"
    r"too many (?:input )?tokens|input tokens exceed",
    re.IGNORECASE,
)
_POLICY = re.compile(r"content.?(?:filter|policy|management)|safety|moderation", re.IGNORECASE)
_QUOTA = re.compile(r"insufficient_quota|quota|billing|credit", re.IGNORECASE)


WRITER = "NEWSBOT_MODEL"
FALLBACK = "NEWSBOT_FALLBACK_MODEL"
JUDGE = "NEWSBOT_JUDGE_MODEL"
STANDING = "model in briefings.toml"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Which model is talked to and where, in the words that a user knows them by."""

    model: str
    host: str
    key: str = "OPENAI_API_KEY"  # the variable that holds the key
    setting: str = WRITER  # that names the model

    def __str__(self) -> str:
        return f"{self.model} at {self.host}"

    @property
    def address(self) -> str:
        """The settings that say which model it is, and where."""
        return f"{self.setting} and OPENAI_BASE_URL" if self.is_compatible else self.setting

    @property
    def is_compatible(self) -> bool:
        """Whether it is OpenAI's, or a server's that OPENAI_BASE_URL names."""
        return self.key == "OPENAI_API_KEY"

    @property
    def without(self) -> str:
        """How to do without the model."""
        if self.setting == JUDGE:
            return f"unset {JUDGE}"
        return f"set {assign(self.setting if self.setting == STANDING else WRITER, 'extractive')}"


def assign(setting: str, name: str) -> str:
    """How the user writes that a setting names this model."""
    if setting == STANDING:
        return STANDING.replace("model", f'model = "{name}"')
    return f"{setting}={name}"


def as_model_error(error: Exception, endpoint: Endpoint) -> ModelError:
    """The failure in our terms; the caller raises it `from` the original, for the log."""
    if isinstance(error, ModelError):
        return error
    names = {kind.__name__ for kind in type(error).__mro__}
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    if any("Timeout" in name for name in names):
        return _timeout(endpoint)
    if isinstance(status, int) and status >= 400:
        return _from_status(status, error, endpoint)
    if "ContextOverflowError" in names or _OVERFLOW.search(str(error)):
        return overflow(endpoint)
    if names & {"ModelConnectionError", "APIConnectionError", "TransportError", "ConnectionError"}:
        return unreachable(endpoint)
    if isinstance(error, ValueError | LookupError | TypeError | AttributeError):
        return malformed(endpoint)  # what the clients stumble over in a reply that is odd
    if "APIError" in names:  # an error that came within a stream that had begun well
        return _from_stream(error, endpoint)
    return ModelError(f"{endpoint} failed: {_quote(error)}. Try again, or {endpoint.without}.")


def embedding_failure(error: Exception) -> ModelError | None:
    """The failure of an embedding model's server in our terms; None when it is another's."""
    if "OpenAIError" not in {kind.__name__ for kind in type(error).__mro__}:
        return None
    kind = type(as_model_error(error, Endpoint("the embedding model", "its server")))
    return kind(
        f"The embedding model of NEWSBOT_EMBEDDINGS did not deliver: {_quote(error).rstrip('.')}. "
        "Check the network, OPENAI_BASE_URL and the key."
    )


def as_finish_error(reason: str | None, endpoint: Endpoint) -> ModelError | None:
    """What is wrong with output that ended for this reason, None when it ended as it should.

    The reasons are those of all providers: OpenAI's "stop" and "length", Anthropic's "end_turn"
    and "max_tokens", Google's "STOP" and "SAFETY", and so on. None means that the stream ended
    without one, which is how a connection that was closed in the middle looks.
    """
    word = (reason or "").lower()
    if word in ("stop", "end_turn", "stop_sequence", "completed", "eos", "complete"):
        return None
    if not word:
        return ModelOutputError(f"The output of {endpoint} broke off. Try again.")
    if word in ("length", "max_tokens", "incomplete", "max_output_tokens", "model_length"):
        return ModelOutputError(
            f"The output of {endpoint} was cut at its limit of tokens. Ask for fewer bullets."
        )
    if word in ("content_filter", "safety", "refusal", "recitation", "prohibited_content"):
        return refused(endpoint)
    return ModelOutputError(f"The output of {endpoint} ended early ({reason}). Try again.")


def missing_key(endpoint: Endpoint) -> ModelKeyError:
    """There is no key at all."""
    return ModelKeyError(
        f"{endpoint.model} needs a key: set {endpoint.key} in the environment or in .env, "
        f"or {endpoint.without}."
    )


def malformed(endpoint: Endpoint) -> ModelOutputError:
    """The server answered with something that is no chat completion."""
    remedy = (
        "Check that OPENAI_BASE_URL is the address of an OpenAI-compatible server, or try again."
        if endpoint.is_compatible
        else f"Try again, or set {endpoint.setting} to another model."
    )
    return ModelOutputError(f"The reply of {endpoint} is malformed. {remedy}")


def refused(endpoint: Endpoint) -> ModelRefusedError:
    """The model or a filter declined to write."""
    return ModelRefusedError(
        f"{endpoint} declined to write this (content filter or refusal). "
        f"Ask in other words, or {endpoint.without}."
    )


def overflow(endpoint: Endpoint) -> ModelRefusedError:
    """The prompt has more tokens than the model takes."""
    return ModelRefusedError(
        f"The prompt is longer than {endpoint} takes. Set NEWSBOT_CONTEXT_TOKENS lower."
    )


def unreachable(endpoint: Endpoint) -> ModelUnreachableError:
    """There is no connection."""
    where = "the network and OPENAI_BASE_URL" if endpoint.is_compatible else "the network"
    return ModelUnreachableError(
        f"No connection to {endpoint.host} for {endpoint.model}. Check {where}, "
        f"or {endpoint.without}."
    )


def _timeout(endpoint: Endpoint) -> ModelTimeoutError:
    return ModelTimeoutError(
        f"{endpoint} did not answer in time. Try again, or set NEWSBOT_TIMEOUT higher."
    )


def _from_status(status: int, error: Exception, endpoint: Endpoint) -> ModelError:
    words = f"{getattr(error, 'code', '')} {error}"
    if status == 401:
        return ModelKeyError(
            f"{endpoint.host} refused the key in {endpoint.key}. "
            "Check it in the environment and in .env."
        )
    if status == 403:
        return ModelKeyError(
            f"The key in {endpoint.key} may not use {endpoint}. Use another key or model."
        )
    if status == 404:
        return ModelRefusedError(f"There is no model {endpoint}. Check {endpoint.address}.")
    if status in (408, 504):
        return _timeout(endpoint)
    if status == 429 or status >= 500:
        return _overloaded(status, words, error, endpoint)
    if status == 413 or _OVERFLOW.search(words):
        return overflow(endpoint)
    if _POLICY.search(words):
        return refused(endpoint)
    return ModelRefusedError(
        f"{endpoint} declined the request ({status}: {_quote(error)}). Check {endpoint.address}."
    )


def _overloaded(
    status: int, words: str, error: Exception, endpoint: Endpoint
) -> ModelOverloadedError:
    if status != 429:
        return ModelOverloadedError(f"{endpoint} is failing ({status}). Try again later.")
    if _QUOTA.search(words):
        return ModelOverloadedError(
            f"The quota of the key in {endpoint.key} at {endpoint.host} is used up. "
            f"Raise it there, or {endpoint.without}."
        )
    return ModelOverloadedError(f"Too many requests to {endpoint}. Try again {_wait(error)}.")


def _from_stream(error: Exception, endpoint: Endpoint) -> ModelError:
    words = f"{getattr(error, 'code', '')} {getattr(error, 'type', '')} {error}"
    if _POLICY.search(words):
        return refused(endpoint)
    if re.search(r"rate.?limit|overload|server.?error|capacity|quota", words, re.IGNORECASE):
        return _overloaded(429 if "rate" in words.lower() else 500, words, error, endpoint)
    return ModelOutputError(f"The output of {endpoint} broke off: {_quote(error)}. Try again.")


def waiting_time(error: Exception, failure: ModelError, attempt: int) -> float | None:
    """Seconds to wait after attempt 0, 1, 2 ... before the next; None where it would not help."""
    asked = _retry_after(error)
    if _QUOTA.search(f"{getattr(error, 'code', '')} {failure}"):
        return None
    if asked is None:
        return backoff(attempt)
    return asked if asked <= LONGEST_WAIT else None


def _retry_after(error: Exception) -> float | None:
    """The seconds of the server's Retry-After, which may also be given as a date."""
    response = getattr(error, "response", None)
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    given = headers.get("retry-after", "")
    try:
        return max(0.0, float(given))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _wait(error: Exception) -> str:
    """When to try again, by the server's Retry-After where it gives one."""
    seconds = _retry_after(error)
    return "in a minute" if seconds is None else f"in {seconds:g} s"


def _quote(error: Exception) -> str:
    """The provider's words as one short line without anything that looks like a key."""
    words = getattr(error, "message", None) or str(error) or type(error).__name__
    line = _KEY_LIKE.sub("[key]", " ".join(str(words).split()))
    return line if len(line) <= 160 else line[:159] + "…"
