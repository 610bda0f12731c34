"""Fetching a model from a hub on loopback that speaks as much of its protocol as is needed."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from bot.errors import SettingsError, WeightsError
from bot.writing.hub import MODELS, find_hub_model, pull

FILE = b"GGUF and then the weights"
NAME = "someone/small-GGUF/small.gguf"


class _Hub(BaseHTTPRequestHandler):
    stated = hashlib.sha256(FILE).hexdigest()
    asked: ClassVar[list[tuple[str, str | None]]] = []

    def log_message(self, *_: object) -> None:
        """Keep tests quiet."""

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(FILE)

    def _answer(self, body: bytes) -> None:
        self.asked.append((self.path, self.headers.get("Authorization")))
        known = self.path.startswith("/someone/small-GGUF/resolve/")
        self.send_response(200 if known else 404)
        if known:
            self.send_header("X-Repo-Commit", "a" * 40)
            self.send_header("ETag", f'"{self.stated}"')
            self.send_header("Content-Length", str(len(FILE)))
        else:
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
        self.end_headers()
        self.wfile.write(body if known else b"")


@pytest.fixture
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    _Hub.asked = []
    _Hub.stated = hashlib.sha256(FILE).hexdigest()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_model_is_fetched_and_checked(hub: str, tmp_path: Path) -> None:
    path = pull(NAME, tmp_path / "models", hub)
    assert path == tmp_path / "models" / "small.gguf"
    assert path.read_bytes() == FILE
    assert [one.name for one in path.parent.iterdir()] == ["small.gguf"]
    assert all(authorization is None for _, authorization in _Hub.asked)


def test_a_model_that_is_here_is_not_fetched_again(hub: str, tmp_path: Path) -> None:
    pull(NAME, tmp_path, hub)
    _Hub.asked = []
    assert pull(NAME, tmp_path, hub).read_bytes() == FILE
    assert not _Hub.asked


def test_a_file_that_is_not_what_the_hub_states_is_thrown_away(hub: str, tmp_path: Path) -> None:
    _Hub.stated = "0" * 64
    with pytest.raises(WeightsError, match="came altered"):
        pull(NAME, tmp_path, hub)
    assert not list(tmp_path.iterdir())


def test_a_file_without_a_stated_hash_is_not_fetched(hub: str, tmp_path: Path) -> None:
    _Hub.stated = "weak"
    with pytest.raises(WeightsError, match="states no SHA-256"):
        pull(NAME, tmp_path, hub)


def test_a_file_that_the_hub_has_not_is_told(hub: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no file absent\.gguf in nobody/absent"):
        pull("nobody/absent/absent.gguf", tmp_path, hub)


def test_a_hub_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="download it elsewhere and set NEWSBOT_MODEL=local:"):
        pull("qwen2.5-1.5b", tmp_path, "http://127.0.0.1:9")


def test_the_models_that_are_offered_are_free_to_use() -> None:
    assert {model.licence for model in MODELS} == {"Apache-2.0"}
    assert find_hub_model("QWEN2.5-1.5b").file.endswith(".gguf")
    with pytest.raises(SettingsError, match=r"take one of qwen2\.5-1\.5b"):
        find_hub_model("nothing")
