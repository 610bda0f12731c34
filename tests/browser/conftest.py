"""A real Chromium on Newsbot's page, served by a process of its own.

Whatever a test does, the browser may talk to 127.0.0.1 alone, and no script may fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.newsbot import Newsbot
from bot.settings import Settings
from tests import chromium
from tests.browser.desk import Desk
from tests.browser.served import served
from tests.chat_server import ChatServer

PASSWORD = "correct horse"
HOSTILE = Path(__file__).parent / "quarry.html"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium.find()
    if executable is None:
        pytest.fail("There is no Chromium; run `python -m tests.chromium`.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=chromium.arguments())
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page on the seeds and a hostile article, with the extractive writer."""
    with served(tmp_path_factory.mktemp("data"), "seeds", HOSTILE) as address:
        yield address


@pytest.fixture(scope="session")
def _chat_server() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


@pytest.fixture
def chat_server(_chat_server: ChatServer) -> ChatServer:
    """The chat model of `model_address`, with nothing scripted yet."""
    _chat_server.forget()
    return _chat_server


@pytest.fixture(scope="session")
def model_address(
    tmp_path_factory: pytest.TempPathFactory, _chat_server: ChatServer
) -> Iterator[str]:
    """A page on the seeds, whose writer is a scripted chat model."""
    settings = {
        "OPENAI_API_KEY": "a-key",
        "OPENAI_BASE_URL": _chat_server.url,
        "NEWSBOT_MODEL": "scripted",
        "NEWSBOT_RETRIES": "0",
        "NEWSBOT_REPLY_CACHE": "false",
    }
    with served(tmp_path_factory.mktemp("model"), "seeds", **settings) as address:
        yield address


@pytest.fixture(scope="session")
def team_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page on the seeds, for the users ada and eve."""
    data = tmp_path_factory.mktemp("team")
    with Newsbot(Settings(data=data, _env_file=None)) as newsbot:  # type: ignore[call-arg]
        for name in ("ada", "eve"):
            newsbot.users.add(name, PASSWORD)
    with served(data, "seeds") as address:
        yield address


@pytest.fixture
def open_desk(browser: Browser) -> Iterator[Callable[..., Desk]]:
    """Opens the page in a window of its own; what the windows did is judged at the end."""
    contexts: list[BrowserContext] = []
    requested: list[str] = []
    failures: list[str] = []

    def watch(page: Page) -> None:
        page.on("request", lambda request: requested.append(request.url))
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("dialog", lambda dialog: failures.append(f"dialog: {dialog.message}"))

    def open_one(address: str, **options: object) -> Desk:
        options = {"viewport": {"width": 1280, "height": 800}} | options
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.on("page", watch)
        contexts.append(context)
        return Desk(context.new_page(), address)

    yield open_one
    for context in contexts:
        context.close()
    hosts = {urlsplit(url).hostname for url in requested if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
    assert not failures
