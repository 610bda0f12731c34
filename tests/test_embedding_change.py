"""What happens when another embedding model is set: it is told, and a rebuild offered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import Article, Newsbot, read_settings
from bot.errors import IndexMismatchError, ModelKeyError, ModelUnreachableError
from bot.library import INDEX
from bot.writing.failures import embedding_failure
from tests.chat_server import ChatServer
from tests.tiny_embeddings import TinyEmbeddings
from vectorstore.store import open_store

FERRY = Article(id="ferry", title="Ferry", text="The ferry struck the harbour wall in thick fog.")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An archive of one article, whose index another embedding model has made."""
    with Newsbot(read_settings(data=tmp_path)) as newsbot:
        newsbot.ingest(FERRY)
    other = open_store(tmp_path / INDEX, TinyEmbeddings("other"))
    other.reset()
    other.close()
    return tmp_path


def test_another_model_is_told_and_a_rebuild_mends_it(data: Path) -> None:
    with Newsbot(read_settings(data=data)) as newsbot:
        with pytest.raises(IndexMismatchError, match=r"model other.*Run newsbot rebuild"):
            newsbot.status()
        assert newsbot.rebuild() == 1
        assert newsbot.search("harbour wall")


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
def test_a_rebuild_is_offered_to_who_sits_there(data: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "--data", str(data), "status"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as run:
        os.close(theirs)
        os.write(ours, b"y\n")
        told = b""
        try:
            while piece := os.read(ours, 4096):
                told += piece
        except OSError:  # Linux's way to say that nobody writes any more
            pass
    os.close(ours)
    assert b"Make it anew now? [y/N]" in told
    assert b"give the command again" in told
    assert run.returncode == 1
    with Newsbot(read_settings(data=data)) as newsbot:
        assert newsbot.status()["pending"] == 0


def test_an_embedding_server_that_fails_is_told_in_one_line(data: Path) -> None:
    with ChatServer() as server:
        server.fail(401, "bad key")
        settings = read_settings(
            data=data / "new", embeddings="openai:tiny", openai_base_url=server.url
        )
        with (
            Newsbot(settings) as newsbot,
            pytest.raises(ModelKeyError, match=r"NEWSBOT_EMBEDDINGS did not deliver: .*bad key"),
        ):
            newsbot.ingest(FERRY)


def test_an_embedding_server_that_is_not_there_is_told_in_one_line() -> None:
    import httpx2
    import openai

    absent = openai.APIConnectionError(request=httpx2.Request("POST", "http://127.0.0.1:9/"))
    failure = embedding_failure(absent)
    assert isinstance(failure, ModelUnreachableError)
    assert str(failure).endswith("Check the network, OPENAI_BASE_URL and the key.")
    assert embedding_failure(ValueError("ours")) is None
