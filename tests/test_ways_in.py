"""Logins, tokens, raw calls, the API and MCP: on a page that is really served, on loopback."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from bot.newsbot import Newsbot
from bot.settings import Settings
from tests.page_server import serving_page

pytestmark = pytest.mark.slow

FERRY = "Ferry Stops\n\nThe ferry to Norhaven stopped on Monday. It will sail again in May."
QUESTION = "When did the ferry to Norhaven stop?"
SENTENCE = "The ferry to Norhaven stopped on Monday."
PASSWORD = "correct horse"
HTML = {"accept": "text/html"}


def open_newsbot(factory: pytest.TempPathFactory) -> Newsbot:
    newsbot = Newsbot(Settings(data=factory.mktemp("data"), _env_file=None))  # type: ignore[call-arg]
    newsbot.ingest(FERRY)
    return newsbot


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page of a Newsbot without users."""
    with open_newsbot(tmp_path_factory) as newsbot, serving_page(newsbot) as address:
        yield address


@pytest.fixture(scope="module")
def newsbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsbot]:
    """A Newsbot with two users."""
    with open_newsbot(tmp_path_factory) as opened:
        for name in ("ada", "eve"):
            opened.users.add(name, PASSWORD)
        yield opened


@pytest.fixture(scope="module")
def address(newsbot: Newsbot) -> Iterator[str]:
    with serving_page(newsbot, "news.test") as served:
        yield served


def sign_in(address: str, name: str) -> httpx.Client:
    client = httpx.Client(base_url=address, timeout=30)
    reply = client.post("/login", data={"name": name, "password": PASSWORD})
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    return client


@pytest.fixture(scope="module")
def ada(address: str) -> httpx.Client:
    return sign_in(address, "ada")


@pytest.fixture(scope="module")
def eve(address: str) -> httpx.Client:
    return sign_in(address, "eve")


# Who may come in


def test_nothing_answers_before_somebody_signed_in(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        assert client.get("/", headers=HTML).headers["location"] == "/login"
        for path in ("/config", "/gradio_api/info", "/theme.css", "/conversations/x.md"):
            assert client.get(path).status_code == 401, path
        for path in ("/gradio_api/queue/join", "/gradio_api/run/ask", "/gradio_api/call/ask"):
            assert client.post(path, json={"data": []}).status_code == 401, path
        assert client.post("/gradio_api/mcp/", json={}).status_code == 401
        assert client.get("/config").headers["www-authenticate"] == "Bearer"
        page = client.get("/login")
        assert 'type="password"' in page.text
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_a_session_is_a_strict_cookie_and_ends(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        reply = client.post("/login", data={"name": " Ada ", "password": PASSWORD})
        cookie = reply.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Secure" not in cookie
        assert client.get("/config").status_code == 200
        assert client.get("/login").headers["location"] == "/"
        session = dict(client.cookies)
        client.post("/logout")
        client.cookies.update(session)
        assert client.get("/config").status_code == 401


@pytest.mark.usefixtures("ada", "eve")  # who could not sign in afterwards
def test_wrong_passwords_are_slowed_down(address: str) -> None:
    with httpx.Client(base_url=address) as client:
        wrong = {"name": "mallory", "password": "wrong horse"}
        told = [client.post("/login", data=wrong).status_code for _ in range(11)]
        assert told == [401] * 10 + [429]


def test_other_names_and_sites_are_refused_even_to_users(ada: httpx.Client) -> None:
    assert ada.get("/config", headers={"host": "news.test"}).status_code == 200
    for headers in (
        {"host": "evil.test"},
        {"origin": "http://evil.test"},
        {"sec-fetch-site": "cross-site"},
    ):
        assert ada.get("/config", headers=headers).status_code == 403


def test_tokens_open_the_api_until_they_are_revoked(newsbot: Newsbot, address: str) -> None:
    token = newsbot.users.issue_token("ada")
    bearer = {"authorization": f"Bearer {token}"}
    asked = Client(address, headers=bearer, verbose=False).predict(QUESTION, api_name="/ask")
    assert asked["claims"][0]["citations"][0]["quote"] == SENTENCE
    (identity,) = [one.id for user in newsbot.users.list() for one in user.tokens]
    newsbot.users.revoke("ada", identity)
    assert httpx.get(f"{address}/config", headers=bearer).status_code == 401
    assert httpx.get(f"{address}/config", headers={"authorization": "Bearer x"}).status_code == 401


# Raw calls


def run(client: httpx.Client, call: dict[str, Any], session: str) -> str:
    """Everything that the queue says on a raw call."""
    body = {name: call[name] for name in ("fn_index", "data", "event_data")}
    body["session_hash"] = session
    joined = client.post("/gradio_api/queue/join", json=body)
    assert joined.status_code == 200, joined.text
    said = ""
    with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
        for line in stream.iter_lines():
            said += line
            if "process_completed" in line or "close_stream" in line:
                return said
    return said


def calls(config: dict[str, Any], conversation: str, exchange: str) -> Iterator[dict[str, Any]]:
    """A raw call of every handler of the page, with ids that somebody found out."""
    names = {each["id"]: each["props"].get("elem_id") for each in config["components"]}
    values = {"nb-current": conversation, "nb-edited": exchange, "nb-message": "Mine?"}
    told = {"id": conversation, "exchange": exchange, "text": "Mine?", "title": "Mine"}
    told |= {"good": "yes", "comment": "mine", "cite": f"#cite/{exchange}/1/0/9"}
    told |= {"fields": {name: [conversation] for name in ("article", "edition", "search", "topic")}}
    for each in config["dependencies"]:
        happens = {event for _, event in each["targets"]}
        if each["backend_fn"] and happens and "sample" not in happens:  # that ingests articles
            given = [values.get(names.get(one) or "") for one in each["inputs"]]
            yield {"fn_index": each["id"], "data": given, "event_data": told, "at": each["targets"]}


NAMED = {"/ask": "question", "/summarise": "text", "/brief": "topic", "/search": "query"}


@pytest.mark.timeout(300)
def test_no_raw_call_reaches_anothers_conversation(
    newsbot: Newsbot, ada: httpx.Client, eve: httpx.Client
) -> None:
    talks = newsbot.conversations
    mine = talks.begin("ada", "A secret question")
    asked = talks.ask("ada", mine.id, "A secret question")
    from bot.archive.exchanges import Ending

    talks.answer("ada", asked.id, Ending(kind="failure", note="A secret answer."))
    before = talks.exchanges("ada", mine.id)
    attempts = list(calls(eve.get("/config").json(), mine.id, asked.id))
    assert len(attempts) >= 30
    for number, call in enumerate(attempts):
        assert "secret" not in run(eve, call, f"eve{number}").lower(), call
    assert talks.exchanges("ada", mine.id) == before
    assert talks.find("ada", mine.id).title == "A secret question"
    (opening,) = [call for call in attempts if call["at"][0][1] == "open"]
    assert "a secret answer" in run(ada, opening, "ada").lower()
    assert eve.get(f"/conversations/{mine.id}.md").status_code == 404
    token = {"authorization": f"Bearer {newsbot.users.issue_token('eve')}"}
    client = Client(str(eve.base_url), headers=token, verbose=False)
    for endpoint, name in NAMED.items():
        for identity in (mine.id, asked.id):
            with suppress(AppError):  # nothing to check, no such article
                said = client.predict(**{name: identity}, api_name=endpoint)
                assert "secret" not in str(said).lower(), endpoint
    assert "A secret question" in ada.get(f"/conversations/{mine.id}.md").text


def test_a_session_of_gradio_belongs_to_who_named_it_first(
    ada: httpx.Client, eve: httpx.Client
) -> None:
    body = {"fn_index": 0, "data": [], "session_hash": "of-ada"}
    assert ada.post("/gradio_api/cancel", json={**body, "event_id": "x"}).status_code == 200
    for reply in (
        eve.post("/gradio_api/queue/join", json=body),
        eve.post("/gradio_api/cancel", json={**body, "event_id": "x"}),
        eve.get("/gradio_api/queue/data?session_hash=of-ada"),
        eve.get("/gradio_api/heartbeat/of-ada"),
    ):
        assert reply.status_code == 403


# The API and MCP, without users


def test_every_endpoint_answers_as_python_does(open_house: str) -> None:
    client = Client(open_house, verbose=False)
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(named) == {"/ask", "/summarise", "/brief", "/search", "/check"}
    asked = client.predict(question=QUESTION, api_name="/ask")
    assert asked["claims"][0]["verdict"] == "supported"
    assert client.predict(text=FERRY, bullets=1, api_name="/summarise")["title"] == "Ferry Stops"
    assert client.predict(api_name="/brief")["stories"][0]["headline"] == "Ferry Stops"
    (found,) = client.predict(query="ferry", api_name="/search")
    assert found["article"]["title"] == "Ferry Stops"
    wrong = "The ferry stopped on Friday."
    checked = client.predict(text=wrong, sources=[FERRY], api_name="/check")
    assert checked["claims"][0]["verdict"] == "contradicted"
    kept = [found["article"]["id"]]
    assert client.predict(text=SENTENCE, articles=kept, api_name="/check")["score"] > 0.9


@pytest.mark.parametrize("text", ["/etc/hostname", "tests/conftest.py", "file:///etc/hostname"])
def test_the_name_of_a_file_is_a_text_like_any_other(open_house: str, text: str) -> None:
    summary = Client(open_house, verbose=False).predict(text=text, api_name="/summarise")
    assert "".join(claim["text"] for claim in summary["claims"]) in (text, "")


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("/ask", {"question": " "}, "The question is empty"),
        ("/ask", {"question": "Who?", "since": "some day"}, "some day"),
        ("/summarise", {"text": "http://127.0.0.1:1/x"}, "127.0.0.1"),
        ("/check", {"text": "It rained."}, "Give what to check against"),
        ("/check", {"text": "It rained.", "articles": ["none"]}, "holds no article none"),
    ],
)
def test_a_failure_is_one_line(
    open_house: str, name: str, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(Exception, match=told) as failure:
        Client(open_house, verbose=False).predict(**given, api_name=name)
    assert "Traceback" not in str(failure.value)


async def use_tools(address: str, headers: dict[str, str]) -> dict[str, Any]:
    """What a real MCP client learns of the tools, and what they answer."""
    async with (
        httpx.AsyncClient(headers=headers, timeout=60) as client,
        streamable_http_client(f"{address}/gradio_api/mcp/", http_client=client) as (
            read,
            write,
            _,
        ),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        tools = (await session.list_tools()).tools
        return {
            "tools": {tool.name: tool for tool in tools},
            "asked": await session.call_tool("ask", {"question": QUESTION}),
            "checked": await session.call_tool("check", {"text": SENTENCE, "sources": [FERRY]}),
            "failed": await session.call_tool("ask", {"question": ""}),
        }


def text(result: CallToolResult) -> str:
    (part,) = result.content
    return str(getattr(part, "text", ""))


def test_an_assistant_finds_and_uses_the_tools(open_house: str) -> None:
    used = asyncio.run(use_tools(open_house, {}))
    tools = used["tools"]
    assert set(tools) == {"ask", "summarise", "brief", "search", "check"}
    assert "checked against the article sentences" in tools["ask"].description
    assert "yesterday" in tools["ask"].inputSchema["properties"]["since"]["description"]
    assert tools["ask"].inputSchema["required"] == ["question"]
    assert json.loads(text(used["asked"]))["claims"][0]["citations"][0]["quote"] == SENTENCE
    assert json.loads(text(used["checked"]))["claims"][0]["verdict"] == "supported"
    assert used["failed"].isError
    assert "The question is empty" in text(used["failed"])


def test_an_assistant_needs_a_token_where_there_are_users(newsbot: Newsbot, address: str) -> None:
    token = newsbot.users.issue_token("ada", "assistant")
    used = asyncio.run(use_tools(address, {"authorization": f"Bearer {token}"}))
    assert json.loads(text(used["asked"]))["claims"][0]["verdict"] == "supported"
