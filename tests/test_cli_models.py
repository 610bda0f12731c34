"""The commands about chat models: usage, model list and pull, and an estimate of a briefing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chat_server import ChatServer
from tests.test_cli import Newsbot, newsbot

__all__ = ["newsbot"]  # the fixture


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A chat model on loopback, as the settings name it."""
    with ChatServer() as server:
        server.reply("- The ferry struck the harbour wall. [1]")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("NEWSBOT_MODEL", "gpt-4o")
        monkeypatch.setenv("NEWSBOT_RETRIES", "0")
        yield server


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.txt"
    path.write_text("Ferry strikes wall\n\nThe ferry struck the harbour wall. All are well.\n")
    return path


def test_usage_of_nothing_is_nothing(newsbot: Newsbot) -> None:
    assert newsbot("usage").err == "No chat model was called.\n"
    assert newsbot("usage", "--json").document == []


def test_usage_adds_up_what_was_called(
    newsbot: Newsbot, server: ChatServer, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSBOT_PRICES", "gpt-4o=2/8")
    newsbot("ingest", article)
    assert newsbot("brief").code == 0
    (row,) = newsbot("usage", "--json").document
    assert (row["model"], row["purpose"], row["calls"]) == ("gpt-4o", "story", 1)
    assert row["cost"] > 0
    run = newsbot("usage")
    assert run.code == 0
    assert "gpt-4o" in run.out
    assert "story" in run.out
    assert newsbot("usage", "--since", "2099-01-01", "--json").document == []


def test_an_estimate_sends_nothing(newsbot: Newsbot, server: ChatServer, article: Path) -> None:
    newsbot("ingest", article)
    run = newsbot("brief", "--estimate")
    assert run.out.startswith("About 1 call and ")
    assert "passages go to 127.0.0.1" in run.err
    assert newsbot("brief", "--estimate", "--json").document["calls"] == 1
    assert not server.requests


def test_an_extractive_briefing_asks_no_model(newsbot: Newsbot, article: Path) -> None:
    newsbot("ingest", article)
    assert newsbot("brief", "--estimate").out == "No model is asked.\n"


def test_the_models_in_use_and_those_to_fetch_are_listed(
    newsbot: Newsbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data" / "models"
    folder.mkdir(parents=True)
    (folder / "small.gguf").touch()
    monkeypatch.setenv("NEWSBOT_MODEL", "local")
    listed = newsbot("model", "list", "--json").document
    assert listed["used"]["writer"] == "passages stay on this machine, model small"
    assert listed["here"] == [str(folder / "small.gguf")]
    assert {model["licence"] for model in listed["fetchable"]} == {"Apache-2.0"}
    assert "newsbot model pull qwen2.5-1.5b" in newsbot("model", "list").out


def test_a_model_that_is_not_known_is_told(newsbot: Newsbot) -> None:
    run = newsbot("model", "pull", "nothing")
    assert run.code == 1
    assert run.err.startswith("newsbot: There is no model 'nothing'; take one of qwen2.5-1.5b")
    assert run.out == ""
