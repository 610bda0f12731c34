"""Ten people at one page, a slow model, a long ingest: nobody waits for another."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from bot.entities import Article
from bot.newsbot import Newsbot
from bot.settings import Settings
from tests.chat_server import ChatRequest, ChatServer
from tests.page_server import serving_page
from tests.test_ways_in import FERRY, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

PEOPLE = 10
SECONDS = 100  # that anybody waits for all others before the test has failed


def ask(address: str, person: int) -> str:
    """Everything that the page says to one person's message."""
    with httpx.Client(base_url=address, timeout=SECONDS) as client:
        config = client.get("/config").json()
        names = {each["id"]: each["props"].get("elem_id") for each in config["components"]}
        (submit,) = [
            each
            for each in config["dependencies"]
            if [(names.get(one), event) for one, event in each["targets"]]
            == [("nb-message", "submit")]
        ]
        question = f"When did the ferry to Norhaven stop, asks person {person}?"
        said = {"nb-message": question, "nb-current": "", "nb-edited": ""}
        given = [said.get(names.get(one) or "") for one in submit["inputs"]]
        call = {"fn_index": submit["id"], "data": given, "event_data": None}
        return run(client, call, f"person{person}")


@pytest.fixture
def newsbot(tmp_path: Path, server: ChatServer) -> Iterator[Newsbot]:
    settings = Settings(  # type: ignore[call-arg]
        data=tmp_path,
        model="scripted",
        openai_api_key="a-key",
        openai_base_url=server.url,
        _env_file=None,
    )
    with Newsbot(settings) as opened:
        opened.ingest(FERRY)
        yield opened


def test_nobody_waits_for_anothers_model_call_nor_for_an_ingest(
    newsbot: Newsbot, server: ChatServer
) -> None:
    together = threading.Barrier(PEOPLE + 1)  # passed when all ten calls are under way at once

    def answer(_: ChatRequest) -> str:
        together.wait(SECONDS)
        return "The ferry to Norhaven stopped on Monday. [1]"

    over, ingested = threading.Event(), threading.Event()

    def articles() -> Iterator[Article]:
        yield Article(id="tram", title="Tram", text="The tram opened on Friday.")
        ingested.set()
        over.wait(SECONDS)
        yield Article(id="lock", title="Lock", text="The lock failed on Sunday.")

    server.reply(answer)
    with serving_page(newsbot) as address, ThreadPoolExecutor(PEOPLE + 1) as people:
        ingest = people.submit(newsbot.ingest, articles())
        assert ingested.wait(SECONDS)
        talks = [people.submit(ask, address, person) for person in range(PEOPLE)]
        together.wait(SECONDS)
        said = [talk.result(SECONDS) for talk in talks]
        assert not ingest.done()
        over.set()
        ingest.result(SECONDS)
    assert all("process_completed" in each and "nb-claim" in each for each in said)
    assert len(newsbot.conversations.list("")) == PEOPLE
    assert len(newsbot.articles()) == 3
