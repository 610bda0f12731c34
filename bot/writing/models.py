"""Chat models by name, through LangChain: who writes is one setting.

    NEWSBOT_MODEL=gpt-5.4-mini            an OpenAI model, or one of a compatible server
    NEWSBOT_MODEL=anthropic:claude-...    any provider whose LangChain package is installed
    NEWSBOT_MODEL=local:/path.gguf        llama.cpp on this machine (extra `local`)

This module knows which model is where. It does not know prompts or what is written.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.errors import SettingsError
from bot.settings import Settings
from bot.writing import local
from bot.writing.chatmodel import OPENAI_HOST, ChatModel
from bot.writing.failures import WRITER, Endpoint, assign, missing_key

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EXTRACTIVE = "extractive"
OPENAI_URL = f"https://{OPENAI_HOST}/v1"
_CONNECT_SECONDS = 10.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SILENT = {
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_GATEWAY": "false",  # else the environment could send every prompt through LangSmith
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}


def open_chat_model(settings: Settings) -> BaseChatModel:
    """The LangChain chat model of the settings; nothing is sent to it yet.

    Raises ModelKeyError without a key, SettingsError when the setting names no model that can be
    opened, WeightsError when a local model's file cannot be loaded.
    """
    return find_chat_model(settings).model


def find_chat_model(settings: Settings, setting: str = WRITER) -> ChatModel:
    """As `open_chat_model`, with what else a writer needs to know of the model.

    `setting` is the one that its user named it in, for what failures say.
    """
    name = settings.writer
    if name == EXTRACTIVE:
        raise SettingsError(f"{assign(setting, EXTRACTIVE)} is no chat model; set another.")
    stop_telemetry()
    if _is_local(name):
        return _open_local(settings, setting)
    provider, model = _parts(settings)
    if provider == "openai":
        return _open_openai(settings, Endpoint(model, _host(settings), setting=setting))
    return _open_other(settings, provider, model, setting)


def describe(settings: Settings) -> str:
    """One line for the start: who writes, and where the passages go; the same of the fallback."""
    if settings.fallback_model and settings.writer != EXTRACTIVE:
        first = settings.model_copy(update={"fallback_model": None})
        second = first.model_copy(update={"model": settings.fallback_model})
        return f"{describe(first)}; where it fails: {describe(second)}"
    name = settings.writer
    if name == EXTRACTIVE:
        return EXTRACTIVE
    if _is_local(name):
        return f"passages stay on this machine, model {model_of(settings)}"
    provider, model = _parts(settings)
    host = _host(settings) if provider == "openai" else provider
    return f"passages go to {host}, model {model}"


def stop_telemetry() -> None:
    """LangSmith and Hugging Face hear nothing, whatever the environment says.

    LangChain traces retrievers too, so this belongs before the first search, model or not.
    """
    os.environ.update(_SILENT)
    if "langsmith" in sys.modules:  # then it may have read the environment and remembered it
        import langsmith

        langsmith.configure(enabled=False)


def model_of(settings: Settings) -> str:
    """The name of the model that writes, without the provider; nothing is opened for it."""
    if _is_local(settings.writer):
        return local.model_name(settings.writer, settings.directory / "models")
    return _parts(settings)[1]


def _is_local(name: str) -> bool:
    return name == "local" or name.startswith("local:")


def _parts(settings: Settings) -> tuple[str, str]:
    """The provider and the model; a name without a provider, or with a colon of its own, is
    that of an OpenAI model or of the compatible server that is set."""
    provider, colon, model = settings.writer.partition(":")
    if not colon:
        return "openai", provider
    if provider == "openai" or (settings.openai_base_url and not _is_provider(provider)):
        return "openai", model if provider == "openai" else settings.writer
    return provider, model


def _is_provider(name: str) -> bool:
    """Whether LangChain knows a provider of this name, installed or not."""
    from langchain.chat_models import init_chat_model

    try:
        init_chat_model("model", model_provider=name, timeout=1)
    except ValueError as error:
        return "Unsupported provider" not in str(error)
    except Exception:
        return True
    return True


def _host(settings: Settings) -> str:
    url = settings.openai_base_url or OPENAI_URL
    return urlsplit(url).netloc.rpartition("@")[2] or url


def _open_openai(settings: Settings, endpoint: Endpoint) -> ChatModel:
    model, key = endpoint.model, settings.openai_api_key
    if key is None and settings.openai_base_url is None:
        raise missing_key(endpoint)
    # Compatible servers often want no key, but the client does.
    secret = key.get_secret_value() if key else "none"
    chat = _initialise(
        model,
        "openai",
        settings,
        **_connection(settings.openai_base_url or OPENAI_URL, secret, settings.timeout),
    )
    return _chat_model(chat, endpoint, settings.context_tokens, model, settings)


def _open_local(settings: Settings, setting: str) -> ChatModel:
    path = local.find_model(settings.writer, settings.directory / "models")
    server = local.open_server(path, settings.context_tokens)
    chat = _initialise(
        server.model,
        "openai",
        settings,
        max_tokens=local.OUTPUT_TOKENS,
        **_connection(server.url, server.key, settings.timeout),
    )
    endpoint = Endpoint(server.model, "this machine", "none", setting)
    return _chat_model(chat, endpoint, server.context_tokens, settings.writer, settings, here=True)


def _open_other(settings: Settings, provider: str, model: str, setting: str) -> ChatModel:
    endpoint = Endpoint(model, provider, f"{provider.upper()}_API_KEY", setting)
    try:
        chat = _initialise(model, provider, settings)
    except ImportError as error:
        package = str(getattr(error, "name", "") or f"langchain-{provider}").replace("_", "-")
        raise SettingsError(
            f"{assign(setting, settings.writer)} needs the package {package}: "
            f"pip install {package}."
        ) from error
    except Exception as error:
        if "api_key" in str(error).lower():
            raise missing_key(endpoint) from error
        raise SettingsError(
            f"{assign(setting, settings.writer)} cannot be opened; use PROVIDER:MODEL with a "
            "provider that LangChain knows, an OpenAI model, local:PATH or extractive."
        ) from error
    return _chat_model(chat, endpoint, settings.context_tokens, settings.writer, settings)


def _chat_model(
    chat: BaseChatModel,
    endpoint: Endpoint,
    context_tokens: int,
    vocabulary: str,
    settings: Settings,
    *,
    here: bool = False,
) -> ChatModel:
    guided = here if settings.guided is None else settings.guided
    return ChatModel(
        chat,
        endpoint,
        context_tokens,
        vocabulary,
        here=here,
        guided=guided,
        # Rules find more than a weak model's wording does: tests/evals/local_writer.md.
        rewrites=settings.follow_ups == "model" if settings.follow_ups else not guided,
        story_tokens=settings.story_tokens,
        retries=settings.retries,
        temperature=settings.temperature,
    )


def _initialise(model: str, provider: str, settings: Settings, **options: Any) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    common = {
        "temperature": settings.temperature,
        "timeout": settings.timeout,
        "max_retries": 0,  # `attempts` tries again, where threads share what the server says
    }
    chat: BaseChatModel = init_chat_model(model, model_provider=provider, **common | options)
    return chat


def _connection(url: str, key: str, timeout: float) -> dict[str, Any]:
    """What ChatOpenAI needs to talk to this address and, whatever the environment, to no other."""
    import openai

    chosen: dict[str, Any] = {"base_url": url, "api_key": key, "stream_usage": True}
    # A host that is not there is noticed sooner than a model that thinks.
    chosen["timeout"] = openai.Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS))
    if url != OPENAI_URL:
        chosen["use_responses_api"] = False
    if urlsplit(url).hostname in _LOOPBACK:
        # A proxy that the environment names must not see what stays on this machine.
        chosen["http_client"] = openai.DefaultHttpxClient(
            trust_env=False, timeout=chosen["timeout"]
        )
    return chosen
