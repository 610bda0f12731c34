"""Webhooks, to real servers on loopback: what they take, refuse, delay and break off."""

from __future__ import annotations

import json
import logging
import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from bot.archive.deliveries import Deliveries
from bot.delivery import Delivery, DeliveryState, deliver, read_destinations
from bot.errors import ArchiveError
from tests.parcels import HOSTILE, Clock, open_ledger, parcel
from tests.post_office import free_port
from tests.raw_server import serving
from tests.test_fetching import serving_tls

SECRET = "T0P5ECRET"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Deliveries:
    return open_ledger(tmp_path, clock)


def send(ledger: Deliveries, url: str, **changes: Any) -> Delivery:
    """Delivers to an address that is a secret, with a token that is another."""
    table = {
        "to": "webhook",
        "url_variable": "HOOK_URL",
        "token_variable": "HOOK_TOKEN",
        "timeout": 2,
        **changes,
    }
    secrets = {"HOOK_URL": url, "HOOK_TOKEN": f"token-{SECRET}"}
    (destination,) = read_destinations([table])
    done = deliver(parcel(), [destination], ledger, read=secrets.get)
    return next(one for one in done if one.destination == destination.key)


def keys(httpserver: HTTPServer) -> list[str]:
    return [request.headers["Idempotency-Key"] for request, _ in httpserver.log]


def test_a_server_that_repeats_an_address_gives_none_of_it_away(
    httpserver: HTTPServer, ledger: Deliveries
) -> None:
    path = f"/hooks/{SECRET}"
    said = f"no {path} here, nor a hook {SECRET}"
    httpserver.expect_request(path).respond_with_data(said, status=404)
    (plain,) = read_destinations([{"to": "webhook", "url": httpserver.url_for(path)}])
    (known,) = deliver(parcel(), [plain], ledger)
    for done in (known, send(ledger, httpserver.url_for(path))):
        assert done.message == "localhost answered 404: no *** here, nor a hook ***"
        assert SECRET not in done.label


def test_an_edition_comes_as_json_with_its_key(httpserver: HTTPServer, ledger: Deliveries) -> None:
    httpserver.expect_request("/in", method="POST").respond_with_data("thanks")
    done = send(ledger, httpserver.url_for("/in"))
    assert (done.state, done.attempts, done.message) == (DeliveryState.DELIVERED, 1, "")
    ((request, _),) = httpserver.log
    assert request.headers["Idempotency-Key"] == done.token
    assert request.headers["Authorization"] == f"Bearer token-{SECRET}"
    sent = request.get_json()
    assert {name: sent[name] for name in ("id", "name", "subject", "slot", "markdown")} == {
        "id": "morning-2026-11-24",
        "name": "morning",
        "subject": "Morning briefing 1",
        "slot": "2026-11-24T07:00:00+00:00",
        "markdown": parcel().markdown,
    }
    assert sent["edition"] == json.loads(parcel().json)


def test_slack_gets_blocks(httpserver: HTTPServer, ledger: Deliveries) -> None:
    httpserver.expect_request("/services").respond_with_data("ok")
    done = send(ledger, httpserver.url_for("/services"), format="slack")
    assert done.state is DeliveryState.DELIVERED
    ((request, _),) = httpserver.log
    assert set(request.get_json()) == {"text", "blocks", "unfurl_links", "unfurl_media"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422, 501])
def test_what_will_not_pass_is_not_tried_again(
    httpserver: HTTPServer, ledger: Deliveries, clock: Clock, status: int
) -> None:
    httpserver.expect_request("/in").respond_with_data("invalid_blocks", status=status)
    done = send(ledger, httpserver.url_for("/in"))
    assert done.state is DeliveryState.FAILED
    assert done.message == f"localhost answered {status}: invalid_blocks"
    clock.pass_by(10**6)
    send(ledger, httpserver.url_for("/in"))
    assert len(httpserver.log) == 1
    assert ledger.due() == ()


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_with_the_same_key(
    httpserver: HTTPServer, ledger: Deliveries, clock: Clock, status: int
) -> None:
    httpserver.expect_oneshot_request("/in").respond_with_data("", status=status)
    httpserver.expect_request("/in").respond_with_data("")
    waiting = send(ledger, httpserver.url_for("/in"))
    assert (waiting.state, waiting.unknown) == (DeliveryState.WAITING, 0)
    send(ledger, httpserver.url_for("/in"))
    assert len(httpserver.log) == 1
    clock.pass_by(60)
    assert len(ledger.due()) == 1
    done = send(ledger, httpserver.url_for("/in"))
    assert (done.state, done.attempts) == (DeliveryState.DELIVERED, 2)
    assert keys(httpserver) == [done.token] * 2


def test_the_time_that_a_server_asks_for_is_given(
    httpserver: HTTPServer, ledger: Deliveries, clock: Clock
) -> None:
    httpserver.expect_request("/in").respond_with_data(
        "", status=429, headers={"Retry-After": "7200"}
    )
    waiting = send(ledger, httpserver.url_for("/in"))
    assert waiting.next_at is not None
    assert (waiting.next_at - clock.now).total_seconds() == 7200


def test_a_redirect_is_not_followed(httpserver: HTTPServer, ledger: Deliveries) -> None:
    elsewhere = httpserver.url_for("/elsewhere")
    httpserver.expect_request("/in").respond_with_data(
        "", status=307, headers={"Location": elsewhere}
    )
    done = send(ledger, httpserver.url_for("/in"))
    assert done.state is DeliveryState.FAILED
    assert "redirects (307), which is not followed" in done.message
    assert len(httpserver.log) == 1


def test_nobody_there_is_certain_and_tried_later(ledger: Deliveries) -> None:
    done = send(ledger, f"http://127.0.0.1:{free_port()}/{SECRET}")
    assert (done.state, done.unknown) == (DeliveryState.WAITING, 0)
    assert "no connection to 127.0.0.1" in done.message


def hang(connection: socket.socket, _: bytes) -> None:
    time.sleep(5)


def close(connection: socket.socket, _: bytes) -> None:
    connection.close()


def drip(connection: socket.socket, _: bytes) -> None:
    """Headers that never end, a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("answer", [hang, close, drip])
def test_no_answer_leaves_it_unknown_and_it_comes_again_with_the_same_key(
    ledger: Deliveries, clock: Clock, httpserver: HTTPServer, answer: Any
) -> None:
    begun = time.monotonic()
    with serving(answer) as url:
        unknown = send(ledger, f"{url}/in", timeout=0.4)
    assert time.monotonic() - begun < 3
    assert (unknown.state, unknown.unknown) == (DeliveryState.UNKNOWN, 1), unknown
    assert "nobody knows whether" in unknown.message
    httpserver.expect_request("/in").respond_with_data("")
    clock.pass_by(60)
    done = send(ledger, httpserver.url_for("/in"))
    assert (done.state, done.unknown) == (DeliveryState.DELIVERED, 1)
    assert keys(httpserver) == [unknown.token]


def test_a_slow_answer_is_waited_for(httpserver: HTTPServer, ledger: Deliveries) -> None:
    def slowly(_: Request) -> Response:
        time.sleep(0.3)
        return Response("late")

    httpserver.expect_request("/in").respond_with_handler(slowly)
    assert send(ledger, httpserver.url_for("/in")).state is DeliveryState.DELIVERED


def test_two_who_deliver_at_once_send_one(
    httpserver: HTTPServer, ledger: Deliveries, tmp_path: Path
) -> None:
    def slowly(_: Request) -> Response:
        time.sleep(0.2)
        return Response("")

    httpserver.expect_request("/in").respond_with_handler(slowly)
    ledgers = [ledger, *(open_ledger(tmp_path) for _ in range(3))]
    with ThreadPoolExecutor(len(ledgers)) as threads:
        url = httpserver.url_for("/in")
        done = list(threads.map(lambda one: send(one, url), ledgers))
    assert len(httpserver.log) == 1
    assert {one.state for one in done} == {DeliveryState.DELIVERED}
    assert {one.unknown for one in done} == {0}


def test_nothing_is_sent_that_cannot_be_noted(
    httpserver: HTTPServer, ledger: Deliveries, tmp_path: Path
) -> None:
    httpserver.expect_request("/in").respond_with_data("")
    with sqlite3.connect(tmp_path / "newsbot.db") as connection:
        connection.execute("DROP TABLE deliveries")
    with pytest.raises(ArchiveError):
        send(ledger, httpserver.url_for("/in"))
    assert httpserver.log == []


def huge(connection: socket.socket, _: bytes) -> None:
    """An answer without an end: its status is all that counts."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x" * 1000)
        time.sleep(0.02)


def test_an_endless_answer_is_not_read_to_its_end(ledger: Deliveries) -> None:
    with serving(huge) as url:
        assert send(ledger, url).state is DeliveryState.DELIVERED


def test_a_certificate_that_is_not_trusted_is_refused(ledger: Deliveries) -> None:
    with serving_tls(trustme.CA(), "localhost", []) as port:
        done = send(ledger, f"https://localhost:{port}/{SECRET}")
    assert done.state is DeliveryState.FAILED, done
    assert "certificate that is not trusted" in done.message


def test_one_failing_destination_keeps_no_other_from_its_edition(
    httpserver: HTTPServer, ledger: Deliveries, tmp_path: Path
) -> None:
    httpserver.expect_request("/in").respond_with_data("")
    with serving(hang) as url:
        begun = time.monotonic()
        tables = [
            {"to": "webhook", "url": url, "timeout": 0.5},
            {"to": "webhook", "url": f"http://127.0.0.1:{free_port()}"},
            {"to": "files", "folder": "out"},
            {"to": "feed", "file": "out/feed.xml"},
            {"to": "webhook", "url": httpserver.url_for("/in")},
        ]
        done = deliver(parcel(), read_destinations(tables, tmp_path), ledger, read={}.get)
    states = sorted(one.state.value for one in done)
    assert states == ["delivered", "delivered", "delivered", "unknown", "waiting"]
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("variables", [{}, {"HOOK_URL": f"gopher://{SECRET}"}])
def test_an_address_that_is_missing_or_wrong_is_told_by_its_variable(
    ledger: Deliveries, variables: dict[str, str]
) -> None:
    (destination,) = read_destinations([{"to": "webhook", "url_variable": "HOOK_URL"}])
    (done,) = deliver(parcel(), [destination], ledger, read=variables.get)
    assert done.state is DeliveryState.FAILED
    assert "HOOK_URL" in done.message
    assert SECRET not in done.message


def echo(request: Request) -> Response:
    """Says all that it was told, as a server may that is being mended."""
    return Response(f"{request.path} {request.url} {dict(request.headers)}", status=400)


def test_no_secret_is_told_logged_or_kept(
    httpserver: HTTPServer, ledger: Deliveries, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request(f"/in/{SECRET}").respond_with_handler(echo)
    refused = send(ledger, httpserver.url_for(f"/in/{SECRET}"), name="echo")
    assert refused.state is DeliveryState.FAILED
    assert "Idempotency-Key" in refused.message
    unreached = send(ledger, f"http://127.0.0.1:{free_port()}/{SECRET}", name="nobody")
    assert "not delivered" in caplog.text
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("werkzeug")]
    for told in (str(refused), repr(refused), repr(unreached), "\n".join(ours)):
        assert SECRET not in told
    assert SECRET.encode() not in kept


def test_hostile_titles_make_valid_json(httpserver: HTTPServer, ledger: Deliveries) -> None:
    httpserver.expect_request("/in").respond_with_data("")
    destinations = read_destinations([{"to": "webhook", "url": httpserver.url_for("/in")}])
    hostile = parcel(title=HOSTILE, subject=HOSTILE + "\ud800")
    (done,) = deliver(hostile, destinations, ledger, read={}.get)
    assert done.state is DeliveryState.DELIVERED
    assert httpserver.log[0][0].get_json()["subject"] == HOSTILE + "\ud800"
