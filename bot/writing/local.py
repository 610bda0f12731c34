"""A model on this machine: llama.cpp's own OpenAI-compatible server, inside this process.

The server comes with the optional package xllamacpp, runs any GGUF file, and listens on loopback
alone, on a random port and with a random key. One server a file and process, shared by everybody
who asks for it, and ended with the process.

This module knows nothing about LangChain or prompts.
"""

from __future__ import annotations

import os
import secrets
import threading
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.errors import SettingsError, WeightsError
from bot.writing.packaged import packaged_model, require_packaged_model

OUTPUT_TOKENS = 1_024  # a small model may go on for ever
JUDGE_TOKENS = 2_048  # of context beside the writer's: a claim, its evidence, and the question
CACHE_MIB = 512  # of prompts read before
_LOCK = threading.Lock()
_SERVERS: dict[Path, LocalServer] = {}


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that runs; `context_tokens` is what a prompt may have, in the model's own tokens."""

    url: str
    key: str = field(repr=False)
    model: str
    context_tokens: int
    server: Any = field(repr=False)  # dropping it ends the server


def find_model(name: str, models: Path) -> Path:
    """The GGUF file that `local` or `local:PATH` means, joined from its packages if need be.

    `local` is the one file in the folder `models`, or else the packaged model: what a user has put
    into the folder wins. Raises SettingsError, and WeightsError when the packages are not whole.
    """
    return _own_file(name, models) or packaged_model()


def model_name(name: str, models: Path) -> str:
    """The name of the model that `find_model` finds, without the work of joining its file."""
    own = _own_file(name, models)
    return own.stem if own else require_packaged_model()


def _own_file(name: str, models: Path) -> Path | None:
    """The user's own file: the one named, or the only one in the folder; None without any."""
    _, _, given = name.partition(":")
    if given:
        return _existing(Path(given).expanduser(), name)
    found = sorted(models.glob("*.gguf"))
    if len(found) > 1:
        raise SettingsError(
            f"The model local: {models} holds {len(found)} GGUF files; name one, as "
            "local:/path.gguf."
        )
    return found[0] if found else None


def _existing(path: Path, name: str) -> Path:
    if path.is_file():
        return path
    raise SettingsError(f"The model {name}: there is no file {path}.")


def open_server(path: Path, context_tokens: int) -> LocalServer:
    """The server for this GGUF file, started when it is not running yet.

    Raises SettingsError without xllamacpp, WeightsError when llama.cpp cannot load the file.
    """
    if find_spec("xllamacpp") is None:
        raise SettingsError(
            "A local model needs the package xllamacpp: pip install 'newsbot[local]', "
            "or name another model."
        )
    path = path.resolve()
    with _LOCK:
        if path not in _SERVERS:
            _SERVERS[path] = _start(path, context_tokens)
        return _SERVERS[path]


def _start(path: Path, context_tokens: int) -> LocalServer:
    # OpenMP's threads otherwise spin between tokens, which starves everything else on the machine.
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    import xllamacpp

    key = secrets.token_urlsafe(24)
    try:
        server = xllamacpp.Server(_parameters(xllamacpp.CommonParams(), path, key, context_tokens))
    except RuntimeError as error:
        raise WeightsError(f"llama.cpp cannot load {path}; is it a whole GGUF file?") from error
    url = f"{server.listening_address}/v1"
    prompt = min(context_tokens, _context(url, key) - OUTPUT_TOKENS)
    return LocalServer(url, key, path.stem, prompt, server)


def _parameters(parameters: Any, path: Path, key: str, context_tokens: int) -> Any:
    parameters.model.path = str(path)
    parameters.model_alias = {path.stem}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [key]
    parameters.n_ctx = context_tokens + OUTPUT_TOKENS + JUDGE_TOKENS
    # Two at a time, in one context: else a judge would wait until the writer has written all.
    parameters.n_parallel = 2
    parameters.kv_unified = True
    parameters.cpuparams.n_threads = os.cpu_count() or 1
    parameters.cache_ram_mib = CACHE_MIB
    parameters.ui = False
    parameters.offline = True
    parameters.sse_ping_interval = 1  # a long prompt is silent for longer than a client waits
    parameters.verbosity = -1
    return parameters


def _context(url: str, key: str) -> int:
    """The context that the server gives, which is at most what the model was trained for."""
    import openai

    direct = openai.DefaultHttpxClient(trust_env=False)
    with openai.OpenAI(base_url=url, api_key=key, http_client=direct, timeout=30) as client:
        facts = client.models.list().data[0].model_dump()
    return int(facts["meta"]["n_ctx"])
