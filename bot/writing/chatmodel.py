"""A chat model that is open: LangChain's, with all else that who asks it needs to know.

    chat.model.stream(messages, **chat.options(limit=500, schema=None))

Which model is opened by which setting is the affair of `models`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.writing.failures import Endpoint
from bot.writing.fences import new_fence
from bot.writing.local import OUTPUT_TOKENS
from bot.writing.pacing import Pace

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

SCHEMA = "schema"  # the option that binds a reply to JSON
OPENAI_HOST = "api.openai.com"


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A LangChain chat model, where it is, and how many tokens a prompt to it may have.

    `vocabulary` is the model's name as the token counter knows it; `guided` whether it is helped as
    weak models need it. Failures that pass are tried again `retries` times, at its `pace`. `fence`
    is the code that its prompts fence passages with: drawn once, so that a server can reuse its
    work on them in the next prompt.
    """

    model: BaseChatModel
    endpoint: Endpoint
    context_tokens: int
    vocabulary: str
    here: bool = False  # on this machine
    guided: bool = False
    rewrites: bool = True  # follow-up questions, which rules do else
    story_tokens: int = 8_000  # of its articles that a story is written from
    retries: int = 2
    temperature: float = 0.0
    pace: Pace = field(default_factory=Pace, compare=False)
    refuses: set[str] = field(default_factory=set, compare=False)  # options that it does not know
    begun: deque[Any] = field(default_factory=lambda: deque(maxlen=1), compare=False)  # last prompt
    fence: str = field(default_factory=new_fence, compare=False, repr=False)

    def options(self, limit: int | None, schema: Mapping[str, Any] | None) -> dict[str, Any]:
        """How the model is asked for at most `limit` tokens, bound to a JSON schema.

        An interface other than OpenAI's is asked for neither, or for the tokens alone. In the body,
        LangChain passes both on as they are, and streams.
        """
        fields = type(self.model).model_fields
        if "extra_body" not in fields:
            return {"max_tokens": limit} if limit and "max_tokens" in fields else {}
        body: dict[str, Any] = {}
        if limit is not None:
            # OpenAI's own newer models refuse the name that other servers know it by.
            name = "max_completion_tokens" if self.endpoint.host == OPENAI_HOST else "max_tokens"
            body[name] = min(limit, OUTPUT_TOKENS) if self.here else limit
        if schema is not None and SCHEMA not in self.refuses:
            named = {"name": "reply", "strict": True, "schema": dict(schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return {"extra_body": body} if body else {}
