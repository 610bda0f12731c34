"""The one door to HTTP, against servers on loopback: what it gives, refuses, limits, retries."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from bot.errors import (
    AddressRefusedError,
    FetchTimeoutError,
    HostUnreachableError,
    RedirectError,
    ResponseError,
    RobotsRefusedError,
    SourceError,
    SourceNotFoundError,
    SourceTooLargeError,
    UnreadableSourceError,
    UnsupportedFormatError,
)
from bot.settings import read_settings
from bot.sources.fetching import Fetcher, Limits, open_fetcher
from bot.sources.hosts import Hosts, is_public
from bot.sources.politeness import Turns
from tests.raw_server import serving

QUICK = Limits(connect=2, read=1, total=2, size=100_000, pause=0.0, at_once_at_own=3)
OWN = Hosts.named("127.0.0.1, localhost")


@pytest.fixture(autouse=True)
def _nothing_else(httpserver: HTTPServer) -> None:
    httpserver.no_handler_status_code = 404


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the fetcher would have waited."""
    return []


@pytest.fixture
def fetcher(waits: list[float]) -> Iterator[Fetcher]:
    with Fetcher(OWN, QUICK, sleep=waits.append) as fetcher:
        yield fetcher


def test_a_page_is_fetched_with_its_type_charset_and_validators(
    httpserver: HTTPServer, fetcher: Fetcher
) -> None:
    headers = {"ETag": '"1"', "Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT"}
    httpserver.expect_request("/a").respond_with_data(
        "Grüße", content_type="text/html; charset=utf-8", headers=headers
    )
    fetched = fetcher.fetch(httpserver.url_for("/a#part"))
    assert fetched.body.decode() == "Grüße"
    assert (fetched.media_type, fetched.charset) == ("text/html", "utf-8")
    assert (fetched.validators.etag, fetched.validators.modified) == tuple(headers.values())
    assert fetched.url == httpserver.url_for("/a")


def test_it_names_itself_and_sends_neither_cookies_nor_credentials(
    httpserver: HTTPServer, fetcher: Fetcher
) -> None:
    httpserver.expect_request("/a").respond_with_data("A", headers={"Set-Cookie": "visit=1"})
    fetcher.fetch(httpserver.url_for("/a"))
    fetcher.fetch(httpserver.url_for("/a").replace("//", "//name:secret@"))
    sent = [request.headers for request, _ in httpserver.log]
    assert all(headers["User-Agent"].startswith("Newsbot/") for headers in sent)
    assert not any("Cookie" in headers or "Authorization" in headers for headers in sent)


def test_an_unchanged_page_is_not_sent_again(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    def answer(request: Request) -> Response:
        known = request.headers.get("If-None-Match") == '"1"'
        return Response(status=304) if known else Response("A", headers={"ETag": '"1"'})

    httpserver.expect_request("/a").respond_with_handler(answer)
    first = fetcher.fetch(httpserver.url_for("/a"))
    second = fetcher.fetch(httpserver.url_for("/a"), first.validators)
    assert (first.unchanged, second.unchanged) == (False, True)
    assert second.validators == first.validators


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/a", "file:///etc/passwd", "javascript:alert(1)", "gopher://a", "//a", "a"],
)
def test_only_http_and_https_are_fetched(fetcher: Fetcher, address: str) -> None:
    with pytest.raises(AddressRefusedError):
        fetcher.fetch(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "10.0.0.1", "172.16.0.1",
        "192.168.1.1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "[fe80::1]", "[fd00:ec2::254]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[fec0::1]",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "[ff02::1]", "127.0.0.1.",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(host: str) -> None:
    with (
        Fetcher(limits=QUICK, sleep=lambda _: None) as fetcher,
        pytest.raises((AddressRefusedError, HostUnreachableError)) as error,
    ):
        fetcher.fetch(f"http://{host}/")
    assert "\n" not in str(error.value)
    assert f"{host} is at {host}" not in str(error.value)
    assert "Errno" not in str(error.value)
    assert "robots.txt" not in str(error.value)


def test_public_addresses_are_public() -> None:
    assert all(map(is_public, ["93.184.216.34", "8.8.8.8", "2606:4700::1111"]))
    assert not any(map(is_public, ["2002:a00:1::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe", "x"]))


def test_a_name_is_judged_by_what_it_resolves_to(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = name_of(monkeypatch, "news.example", "10.1.2.3", "127.0.0.1")
    with (
        Fetcher(limits=QUICK) as fetcher,
        pytest.raises(AddressRefusedError, match=r"NEWSBOT_ALLOWED_HOSTS"),
    ):
        fetcher.fetch("http://news.example/")
    assert lookups == ["news.example"]


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1"])
def test_nobody_is_told_how_to_fetch_what_a_cloud_tells_its_machines(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    name_of(monkeypatch, "news.example", address)
    with Fetcher(limits=QUICK) as fetcher, pytest.raises(AddressRefusedError) as refused:
        fetcher.fetch("http://news.example/")
    assert "ALLOWED" not in str(refused.value)


def test_a_name_that_changes_its_address_after_it_was_judged_gains_nothing(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookups = name_of(monkeypatch, "news.example", "127.0.0.1", "127.0.0.1", "10.1.2.3")
    httpserver.expect_request("/a").respond_with_data("A")
    with Fetcher(Hosts.named("news.example"), QUICK) as fetcher:
        url = f"http://news.example:{httpserver.port}/a"
        assert fetcher.fetch(url).body == b"A"
    assert len(lookups) == 2 == len(httpserver.log)  # one a connection, for robots.txt and the page
    assert httpserver.log[-1][0].headers["Host"] == f"news.example:{httpserver.port}"


def name_of(monkeypatch: pytest.MonkeyPatch, name: str, *addresses: str) -> list[str]:
    """Let a name resolve to one address after the other; returns the look-ups of it."""
    lookups: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if host != name:
            return real(host, *arguments, **options)
        lookups.append(host)
        return real(addresses[min(len(lookups), len(addresses)) - 1], *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return lookups


def test_a_name_that_does_not_exist_is_told(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(HostUnreachableError, match=r"nowhere\.example is not known"):
        fetcher.fetch("http://nowhere.example/")


def test_a_look_up_that_never_answers_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def look_up(*_: Any, **__: Any) -> Any:
        ended.wait(10)
        raise socket.gaierror(-3, "Temporary failure")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with (
        Fetcher(limits=replace(QUICK, connect=0.2), sleep=lambda _: None) as fetcher,
        pytest.raises(FetchTimeoutError),
    ):
        fetcher.fetch("http://slow.example/")
    ended.set()


def test_ports_that_are_not_the_webs_are_refused() -> None:
    with Fetcher(limits=QUICK) as fetcher, pytest.raises(AddressRefusedError, match="no web port"):
        fetcher.fetch("http://example.org:25/")


def test_the_settings_name_hosts_of_your_own(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("A")
    with open_fetcher(read_settings(allowed_hosts=f"127.0.0.1:{httpserver.port}")) as fetcher:
        assert fetcher.fetch(f"http://127.0.0.1:{httpserver.port}/a").body == b"A"
        with pytest.raises(AddressRefusedError):
            fetcher.fetch("http://127.0.0.1:9/a")


def test_a_redirect_is_followed_and_judged_anew(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    redirect(httpserver, "/a", "/b?x=1")
    httpserver.expect_request("/b").respond_with_data("B")
    redirect(httpserver, "/out", "http://10.0.0.1/")
    redirect(httpserver, "/file", "file:///etc/passwd")
    redirect(httpserver, "/nowhere", None)
    assert fetcher.fetch(httpserver.url_for("/a")).url == httpserver.url_for("/b?x=1")
    for path in ("/out", "/file"):
        with pytest.raises(AddressRefusedError):
            fetcher.fetch(httpserver.url_for(path))
    with pytest.raises(RedirectError):
        fetcher.fetch(httpserver.url_for("/nowhere"))


def redirect(httpserver: HTTPServer, path: str, target: str | None) -> None:
    headers = {"Location": target} if target else {}
    httpserver.expect_request(path).respond_with_data(status=302, headers=headers)


def test_redirects_end(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    redirect(httpserver, "/round", "/trip")
    redirect(httpserver, "/trip", "/round")
    for number in range(8):
        redirect(httpserver, f"/{number}", f"/{number + 1}")
    httpserver.expect_request("/8").respond_with_data("8")
    with pytest.raises(RedirectError, match="circle"):
        fetcher.fetch(httpserver.url_for("/round"))
    with pytest.raises(RedirectError, match="more than 5"):
        fetcher.fetch(httpserver.url_for("/0"))
    assert fetcher.fetch(httpserver.url_for("/3")).body == b"8"


def test_a_public_page_does_not_lead_to_a_host_of_your_own(fetcher: Fetcher) -> None:
    with pytest.raises(AddressRefusedError, match="only the user may name"):
        fetcher.fetch("http://127.0.0.1:9/admin", linked_from="https://example.org/feed")


def test_a_large_body_is_given_up_whether_declared_or_not(fetcher: Fetcher) -> None:
    sent: list[int] = []

    def declare(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")

    def flood(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        sent.extend(connection.send(b"x" * 65_536) for _ in range(1600))

    for answer in (declare, flood):
        with serving(answer) as address, pytest.raises(SourceTooLargeError, match=r"0\.1 MB"):
            fetcher.fetch(address)
    assert sum(sent) < 20_000_000


def test_a_gzip_bomb_is_given_up(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    httpserver.expect_request("/a").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})
    begun = time.monotonic()
    with pytest.raises(SourceTooLargeError):
        fetcher.fetch(httpserver.url_for("/a"))
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"The text.", mtime=0)),
        ("deflate", zlib.compress(b"The text.")),
        ("deflate", zlib.compress(b"The text.")[2:-4]),
        ("identity", b"The text."),
    ],
)
def test_compressed_bodies_are_read(
    httpserver: HTTPServer, fetcher: Fetcher, encoding: str, body: bytes
) -> None:
    httpserver.expect_request("/a").respond_with_data(body, headers={"Content-Encoding": encoding})
    assert fetcher.fetch(httpserver.url_for("/a")).body == b"The text."


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, gzip"])
def test_a_body_that_is_not_as_declared_is_told(
    httpserver: HTTPServer, fetcher: Fetcher, encoding: str
) -> None:
    httpserver.expect_request("/a").respond_with_data(
        "no gzip at all", headers={"Content-Encoding": encoding}
    )
    with pytest.raises(UnreadableSourceError):
        fetcher.fetch(httpserver.url_for("/a"))


@pytest.mark.parametrize("opening", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_server_that_sends_a_byte_at_a_time_is_given_up(fetcher: Fetcher, opening: bytes) -> None:
    def drip(connection: socket.socket, _: bytes) -> None:
        connection.sendall(opening)
        for _number in range(100):
            connection.sendall(b"x")
            time.sleep(0.1)

    begun = time.monotonic()
    with serving(drip) as address, pytest.raises(FetchTimeoutError, match="too slow"):
        fetcher.fetch(address)
    assert time.monotonic() - begun < 4


def test_a_server_that_says_nothing_is_given_up(fetcher: Fetcher) -> None:
    with (
        serving(lambda *_: time.sleep(3), robots=True) as address,
        pytest.raises(FetchTimeoutError),
    ):
        fetcher.fetch(address)


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, SourceNotFoundError), (410, SourceNotFoundError), (403, ResponseError),
     (401, ResponseError), (500, ResponseError), (418, ResponseError), (204, None)],
)  # fmt: skip
def test_what_will_not_pass_is_asked_once(
    httpserver: HTTPServer, fetcher: Fetcher, status: int, error: type[SourceError] | None
) -> None:
    httpserver.expect_request("/a").respond_with_data("", status=status)
    if error is None:
        assert fetcher.fetch(httpserver.url_for("/a")).body == b""
    else:
        with pytest.raises(error, match=str(status)):
            fetcher.fetch(httpserver.url_for("/a"))
    assert sum(request.path == "/a" for request, _ in httpserver.log) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_may_pass_is_asked_again(
    httpserver: HTTPServer, fetcher: Fetcher, waits: list[float], status: int
) -> None:
    httpserver.expect_ordered_request("/robots.txt").respond_with_data(status=404)
    httpserver.expect_ordered_request("/a").respond_with_data("", status=status)
    httpserver.expect_ordered_request("/a").respond_with_data("A")
    assert fetcher.fetch(httpserver.url_for("/a")).body == b"A"
    assert 0.3 < sum(waits) < 1


def test_the_server_says_when_to_return_and_attempts_end(
    httpserver: HTTPServer, fetcher: Fetcher, waits: list[float]
) -> None:
    busy = {"Retry-After": "7"}
    httpserver.expect_request("/a").respond_with_data("", status=429, headers=busy)
    long = {"Retry-After": "3600"}
    httpserver.expect_request("/b").respond_with_data("", status=503, headers=long)
    with pytest.raises(ResponseError, match="429"):
        fetcher.fetch(httpserver.url_for("/a"))
    assert waits == [7, 7]
    with pytest.raises(ResponseError, match="503"):
        fetcher.fetch(httpserver.url_for("/b"))
    assert waits == [7, 7]


def test_a_connection_that_breaks_is_tried_again(fetcher: Fetcher, waits: list[float]) -> None:
    attempts: list[bytes] = []

    def answer(connection: socket.socket, asked: bytes) -> None:
        attempts.append(asked)
        if len(attempts) > 1:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nA")

    with serving(answer) as address:
        assert fetcher.fetch(address).body == b"A"
    assert len(waits) == 1


def test_nobody_there_is_told_after_some_attempts(fetcher: Fetcher, waits: list[float]) -> None:
    with pytest.raises(HostUnreachableError, match="127"):
        fetcher.fetch("http://127.0.0.1:1/")
    assert len(waits) == 2


@pytest.mark.parametrize(
    "nonsense", [b"\x16\x03\x01\x02", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"a" * 500_000]
)
def test_what_is_no_http_is_told(fetcher: Fetcher, nonsense: bytes) -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(nonsense)

    with serving(answer) as address, pytest.raises((ResponseError, HostUnreachableError)):
        fetcher.fetch(address)


def test_a_body_that_ends_early_is_tried_again_and_told(
    fetcher: Fetcher, waits: list[float]
) -> None:
    def answer(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")

    with serving(answer) as address, pytest.raises((ResponseError, HostUnreachableError)):
        fetcher.fetch(address)
    assert len(waits) == 2


@pytest.mark.parametrize("media_type", ["image/png", "audio/mpeg", "video/mp4", "application/zip"])
def test_what_cannot_be_text_is_not_read(
    httpserver: HTTPServer, fetcher: Fetcher, media_type: str
) -> None:
    httpserver.expect_request("/a").respond_with_data("x", content_type=media_type)
    with pytest.raises(UnsupportedFormatError, match=media_type):
        fetcher.fetch(httpserver.url_for("/a"))


def test_robots_txt_is_honoured_and_asked_for_once(
    httpserver: HTTPServer, fetcher: Fetcher
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /private")
    httpserver.expect_request("/a").respond_with_data("A")
    redirect(httpserver, "/b", "/private/b")
    with pytest.raises(RobotsRefusedError, match="forbids"):
        fetcher.fetch(httpserver.url_for("/private/a"))
    with pytest.raises(RobotsRefusedError):
        fetcher.fetch(httpserver.url_for("/b"))
    assert fetcher.fetch(httpserver.url_for("/a")).body == b"A"
    paths = [request.path for request, _ in httpserver.log]
    assert paths == ["/robots.txt", "/b", "/a"]


@pytest.mark.parametrize("status", [500, 503])
def test_nothing_is_fetched_while_robots_txt_is_in_trouble(
    httpserver: HTTPServer, fetcher: Fetcher, status: int
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data(status=status)
    with pytest.raises(RobotsRefusedError, match="at present"):
        fetcher.fetch(httpserver.url_for("/a"))
    assert all(request.path == "/robots.txt" for request, _ in httpserver.log)


def test_a_host_gets_few_requests_at_once(httpserver: HTTPServer, fetcher: Fetcher) -> None:
    running, most, lock = [0], [0], threading.Lock()

    def answer(_: Request) -> Response:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.02)
        with lock:
            running[0] -= 1
        return Response("A")

    httpserver.expect_request("/a").respond_with_handler(answer)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fetcher.fetch, [httpserver.url_for("/a")] * 16))
    assert 1 <= most[0] <= QUICK.at_once_at_own


def test_a_crawl_delay_is_kept(
    httpserver: HTTPServer, fetcher: Fetcher, waits: list[float]
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nCrawl-delay: 3")
    httpserver.expect_request("/a").respond_with_data("A")
    for _ in range(3):
        fetcher.fetch(httpserver.url_for("/a"))
    assert [round(wait) for wait in waits] == [3, 6]


def test_a_proxy_of_the_environment_is_not_used(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    httpserver.expect_request("/a").respond_with_data("A")
    with Fetcher(OWN, QUICK) as fetcher:
        assert fetcher.fetch(httpserver.url_for("/a")).body == b"A"


def test_requests_to_a_host_begin_apart_and_hosts_do_not_wait_for_each_other() -> None:
    waits: list[float] = []
    turns = Turns(clock=lambda: 100.0, sleep=waits.append)
    for host in ("a", "a", "b", "a"):
        with turns.turn(host, at_once=2, pause=0.5):
            pass
    assert waits == [0.5, 1.0]


@contextlib.contextmanager
def serving_tls(authority: trustme.CA, certified: str, asked: list[str | None]) -> Iterator[int]:
    """The port of a TLS server that is certified for one name; notes the names it is asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(certified).configure_cert(context)
    context.sni_callback = lambda _, name, __: asked.append(name)
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with (
                    contextlib.suppress(OSError),
                    context.wrap_socket(connection, server_side=True) as wrapped,
                ):
                    asked.append(wrapped.recv(9999).split(b"Host: ")[1].split()[0].decode())
                    wrapped.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nA"
                    )

    threading.Thread(target=answer, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def test_tls_keeps_the_name_and_its_certificate_is_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    for certified, good in (("news.example", True), ("other.example", False)):
        asked: list[str | None] = []
        waits: list[float] = []
        name_of(monkeypatch, "news.example", "127.0.0.1")
        with (
            serving_tls(authority, certified, asked) as port,
            Fetcher(Hosts.named("news.example"), QUICK, sleep=waits.append) as fetcher,
        ):
            if good:
                assert fetcher.fetch(f"https://news.example:{port}/a").body == b"A"
                assert asked[:2] == ["news.example", f"news.example:{port}"]
            else:
                with pytest.raises(HostUnreachableError, match="certificate"):
                    fetcher.fetch(f"https://news.example:{port}/a")
            assert waits == []
