"""Chat models by name, and every failure of theirs as one line of ours."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import (
    ModelError,
    ModelKeyError,
    ModelOutputError,
    ModelOverloadedError,
    ModelRefusedError,
    ModelTimeoutError,
    ModelUnreachableError,
    PromptError,
    SettingsError,
    WeightsError,
)
from bot.settings import OPENAI_MODEL, Settings
from bot.writing.completions import stream_completion
from bot.writing.failures import Endpoint, as_finish_error, as_model_error
from bot.writing.models import describe, find_chat_model, open_chat_model, stop_telemetry
from tests.chat_server import ChatServer

KEY = "sk-test-0123456789abcdef0123456789"
VARIABLES = {"history": "Question: Who?\nAnswer: Kim.", "question": "When did he arrive?"}


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]


@pytest.fixture(autouse=True)
def _environment_as_before() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def ask(server: ChatServer, **given: Any) -> str:
    """The reply to a small prompt, through the real client."""
    given = {"model": "scripted", "retries": 0, "timeout": 1.0, "openai_api_key": KEY} | given
    chat = find_chat_model(settings(openai_base_url=server.url, **given))
    return "".join(stream_completion(chat, "standalone", VARIABLES))


# Which model a setting names


def test_a_key_alone_selects_the_one_openai_model() -> None:
    from langchain_openai import ChatOpenAI

    chat = find_chat_model(settings(openai_api_key=KEY))
    assert isinstance(chat.model, ChatOpenAI)
    assert chat.model.model_name == OPENAI_MODEL
    assert str(chat.model.openai_api_base) == "https://api.openai.com/v1"
    assert chat.model.stream_usage
    assert chat.endpoint.host == "api.openai.com"


def test_a_missing_key_is_told_with_its_name() -> None:
    with pytest.raises(ModelKeyError, match=r"OPENAI_API_KEY.*\.env"):
        open_chat_model(settings(model="gpt-5.4-mini"))


def test_extractive_is_no_chat_model() -> None:
    with pytest.raises(SettingsError, match="extractive"):
        open_chat_model(settings())


def test_a_provider_that_is_not_installed_is_told_with_its_package() -> None:
    with pytest.raises(SettingsError, match="pip install langchain-anthropic"):
        open_chat_model(settings(model="anthropic:claude-haiku"))


def test_an_unknown_provider_is_told() -> None:
    with pytest.raises(SettingsError, match="nobody:model cannot be opened"):
        open_chat_model(settings(model="nobody:model"))


def test_a_name_with_a_colon_is_a_model_of_the_compatible_server(server: ChatServer) -> None:
    server.reply("When did Kim arrive?")
    assert ask(server, model="qwen2.5:1.5b") == "When did Kim arrive?"
    assert server.requests[0].body["model"] == "qwen2.5:1.5b"


def test_openai_as_a_provider_means_the_same_as_its_bare_name(server: ChatServer) -> None:
    server.reply("When did Kim arrive?")
    ask(server, model="openai:scripted")
    assert server.requests[0].body["model"] == "scripted"


def test_a_compatible_server_needs_no_key(server: ChatServer) -> None:
    server.reply("When did Kim arrive?")
    assert ask(server, openai_api_key=None)


def test_requests_stream_with_usage_and_the_settings(server: ChatServer) -> None:
    server.reply("When did Kim arrive?")
    ask(server, temperature=0.5)
    request = server.requests[0]
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body["stream"] is True
    assert request.body["stream_options"] == {"include_usage": True}
    assert request.body["temperature"] == 0.5
    assert "tools" not in request.body


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({}, "extractive"),
        ({"openai_api_key": KEY}, f"passages go to api.openai.com, model {OPENAI_MODEL}"),
        (
            {"model": "m", "openai_base_url": "http://user:secret@10.0.0.1:8000/v1"},
            "passages go to 10.0.0.1:8000, model m",
        ),
        ({"model": "anthropic:claude-haiku"}, "passages go to anthropic, model claude-haiku"),
    ],
)
def test_one_line_says_where_passages_go(given: dict[str, Any], line: str) -> None:
    assert describe(settings(**given)) == line


# A model on this machine


def test_a_local_model_is_described_as_staying_here(tmp_path: Path) -> None:
    (tmp_path / "small.gguf").touch()
    line = describe(settings(model=f"local:{tmp_path}/small.gguf"))
    assert line == "passages stay on this machine, model small"


def test_local_alone_is_the_one_file_among_the_models(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "one.gguf").touch()
    assert "model one" in describe(settings(model="local", data=tmp_path))
    (tmp_path / "models" / "two.gguf").touch()
    with pytest.raises(SettingsError, match="holds 2 GGUF files; name one"):
        describe(settings(model="local", data=tmp_path))


def test_a_local_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is no file .*absent\.gguf"):
        open_chat_model(settings(model=f"local:{tmp_path}/absent.gguf"))


def test_a_local_model_without_its_package_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.gguf").touch()
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(SettingsError, match=r"pip install 'newsbot\[local\]'"):
        open_chat_model(settings(model=f"local:{tmp_path}/small.gguf"))


@pytest.mark.protocol
def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF but nothing more")
    with pytest.raises(WeightsError, match=r"cannot load .*broken\.gguf"):
        open_chat_model(settings(model=f"local:{tmp_path}/broken.gguf"))


# Nothing goes elsewhere, whatever the environment says


def test_tracing_is_off_even_when_the_environment_switches_it_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import langsmith.utils

    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    langsmith.utils.get_env_var.cache_clear()  # type: ignore[attr-defined]
    stop_telemetry()
    assert not langsmith.utils.tracing_is_enabled()
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"


def test_other_addresses_in_the_environment_are_not_used(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_API_BASE", "LANGSMITH_GATEWAY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    server.reply("When did Kim arrive?")
    assert ask(server) == "When did Kim arrive?"


def test_a_langsmith_gateway_does_not_replace_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    from langchain_openai import ChatOpenAI

    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    monkeypatch.setenv("LANGSMITH_GATEWAY_API_KEY", "lsv2_other")
    model = open_chat_model(settings(openai_api_key=KEY))
    assert isinstance(model, ChatOpenAI)
    assert model.openai_api_base == "https://api.openai.com/v1"
    assert model.openai_api_key is not None
    assert model.openai_api_key.get_secret_value() == KEY  # type: ignore[union-attr]


def test_a_search_is_not_traced_either() -> None:
    """In a new process, where nobody has read the environment yet."""
    program = (
        "from bot.writing.models import stop_telemetry; stop_telemetry()\n"
        "import sys; assert 'langsmith' not in sys.modules\n"
        "import langsmith.utils; print(langsmith.utils.tracing_is_enabled())\n"
    )
    environment = os.environ | {"LANGSMITH_TRACING": "true", "LANGSMITH_API_KEY": "lsv2_x"}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.stdout.strip() == "False", ended.stderr


# Failures

Script = Callable[[ChatServer], None]


@pytest.mark.parametrize(
    ("script", "error", "words"),
    [
        (lambda s: s.fail(401, f"Incorrect key: {KEY}"), ModelKeyError, "refused the key"),
        (lambda s: s.fail(403, "no access"), ModelKeyError, "may not use scripted"),
        (lambda s: s.fail(404, "no such model"), ModelRefusedError, "NEWSBOT_MODEL"),
        (lambda s: s.fail(429, "slow down", retry_after=7), ModelOverloadedError, "in 7 s"),
        (lambda s: s.fail(429, "slow down"), ModelOverloadedError, "in a minute"),
        (
            lambda s: s.fail(429, "quota", code="insufficient_quota"),
            ModelOverloadedError,
            "quota .* used up",
        ),
        (lambda s: s.fail(500), ModelOverloadedError, r"failing \(500\)"),
        (lambda s: s.fail(503), ModelOverloadedError, r"failing \(503\)"),
        (lambda s: s.fail(504), ModelTimeoutError, "in time"),
        (
            lambda s: s.fail(400, "too long", code="context_length_exceeded"),
            ModelRefusedError,
            "NEWSBOT_CONTEXT_TOKENS",
        ),
        (
            lambda s: s.fail(400, "request (9000 tokens) exceeds the available context size"),
            ModelRefusedError,
            "NEWSBOT_CONTEXT_TOKENS",
        ),
        (lambda s: s.fail(413, "large"), ModelRefusedError, "NEWSBOT_CONTEXT_TOKENS"),
        (
            lambda s: s.fail(400, "blocked", code="content_filter"),
            ModelRefusedError,
            "declined to write",
        ),
        (
            lambda s: s.fail(400, f"bad parameter\nfor {KEY}"),
            ModelRefusedError,
            r"\(400: .*bad parameter for \[key\]",
        ),
        (lambda s: s.hang(), ModelTimeoutError, "NEWSBOT_TIMEOUT"),
        (lambda s: s.hang("Half a"), ModelOutputError, "broke off"),
        (lambda s: s.cut("Half a"), ModelOutputError, "broke off"),
        (lambda s: s.drop("Half a"), ModelOutputError, "broke off"),
        (lambda s: s.fill("Half a"), ModelOutputError, "limit of tokens"),
        (lambda s: s.censor("Half a"), ModelRefusedError, "content filter"),
        (lambda s: s.garble(), ModelOutputError, "malformed"),
        (lambda s: s.garble('{"error": {"message": "boom"}}'), ModelOutputError, "boom"),
        (
            lambda s: s.garble(
                '{"error": {"message": "rate limit reached", "code": "rate_limit"}}'
            ),
            ModelOverloadedError,
            "Too many requests",
        ),
        (lambda s: s.garble("[]"), ModelOutputError, "malformed"),
        (lambda s: s.omit_choices(), ModelOutputError, "malformed"),
        (lambda s: s.cut(""), ModelOutputError, "malformed"),
    ],
)
def test_failures_are_one_line_without_keys(
    server: ChatServer, script: Script, error: type[ModelError], words: str
) -> None:
    script(server)
    with pytest.raises(error, match=words) as raised:
        ask(server)
    line = str(raised.value)
    assert "\n" not in line
    assert KEY not in line
    assert line.endswith(".")


def test_a_server_that_is_not_there_is_told() -> None:
    with ChatServer() as gone:
        pass
    with pytest.raises(ModelUnreachableError, match=r"No connection to 127\.0\.0\.1"):
        ask(gone)


def test_a_passing_failure_is_tried_again_after_the_time_that_the_server_asks_for(
    server: ChatServer,
) -> None:
    server.fail(429, retry_after=0.05)
    server.fail(503, retry_after=0.05)
    server.reply("When did Kim arrive?")
    assert ask(server, retries=2) == "When did Kim arrive?"
    assert len(server.requests) == 3


def test_a_slow_model_that_goes_on_writing_is_waited_for(server: ChatServer) -> None:
    """The time-out is for the next piece of output, not for the whole."""
    server.reply("When did Kim Jong Un arrive?", pause=0.15)
    begun = time.monotonic()
    assert ask(server, timeout=0.8) == "When did Kim Jong Un arrive?"
    assert time.monotonic() - begun > 0.8


def test_a_refused_key_is_not_tried_again(server: ChatServer) -> None:
    server.fail(401)
    with pytest.raises(ModelKeyError):
        ask(server, retries=2)
    assert len(server.requests) == 1


def test_usage_may_be_missing(server: ChatServer) -> None:
    server.reply("When did Kim arrive?", usage=False)
    assert ask(server) == "When did Kim arrive?"


def test_a_prompt_that_lacks_a_variable_is_told(server: ChatServer) -> None:
    chat = find_chat_model(settings(openai_base_url=server.url, model="scripted"))
    with pytest.raises(PromptError, match=r"prompts/standalone\.md names \{history\}"):
        list(stream_completion(chat, "standalone", {"question": "When?"}))
    with pytest.raises(PromptError, match=r"prompts/absent\.md cannot be used"):
        list(stream_completion(chat, "absent", {}))


@pytest.mark.parametrize("reason", ["stop", "end_turn", "STOP", "completed", "stop_sequence"])
def test_endings_of_all_providers_are_known(reason: str) -> None:
    assert as_finish_error(reason, Endpoint("m", "h")) is None


@pytest.mark.parametrize("reason", [None, "length", "max_tokens", "MAX_TOKENS", "odd"])
def test_incomplete_endings_of_all_providers_are_told(reason: str | None) -> None:
    assert isinstance(as_finish_error(reason, Endpoint("m", "h")), ModelOutputError)


def test_failures_of_other_providers_are_known_by_their_status() -> None:
    class OverloadedError(Exception):
        status_code = 529

    failure = as_model_error(OverloadedError("busy"), Endpoint("claude", "anthropic"))
    assert isinstance(failure, ModelOverloadedError)


def test_an_unknown_failure_is_told_without_keys() -> None:
    failure = as_model_error(RuntimeError(f"odd {KEY}"), Endpoint("m", "h"))
    assert type(failure) is ModelError
    assert KEY not in str(failure)
