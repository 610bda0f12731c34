"""Fixtures that all tests share. No key, no outside address and no user's own data reach a test."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chat_server import ChatServer

_SECRETS = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "LANGSMITH_API_KEY")


def pytest_configure(config: pytest.Config) -> None:
    for name in list(os.environ):
        if name in _SECRETS or (name.startswith("NEWSBOT_") and name != "NEWSBOT_EVALS"):
            del os.environ[name]
    # A shell's background job ignores Ctrl-C, and so would the programs that tests start and stop.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _loopback_only(socket_enabled: None) -> None:
    """Sockets reach this machine alone (pytest-socket)."""
    import pytest_socket

    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of seed articles."""
    return Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session")
def copy_seeds(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Gives a new data directory that holds the seed articles; these are ingested once."""
    from bot import Newsbot, Outcome, read_settings

    kept = tmp_path_factory.mktemp("seeds")
    with Newsbot(read_settings(data=kept)) as newsbot:
        report = newsbot.ingest(seeds)
        assert not report.count(Outcome.FAILED), list(report)
    return lambda: Path(shutil.copytree(kept, tmp_path_factory.mktemp("copy") / "data"))


@pytest.fixture
def server() -> Iterator[ChatServer]:
    """A scripted chat model on this machine."""
    with ChatServer() as server:
        yield server
