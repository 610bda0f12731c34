"""How fast feeds and pages are read from a server on loopback, and pages beside trafilatura."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.entities import Article
from bot.sources.feedstates import FeedState
from bot.sources.fetching import Fetcher
from bot.sources.hosts import Hosts
from bot.sources.pages import parse_page
from bot.sources.web import Web
from tests.evals.datasets import read
from tests.test_web_addresses import item, page, rss

FEEDS, ENTRIES = 50, 20


@cache
def _articles() -> list[dict[str, Any]]:
    return read("realtimeqa2022_retrieval_corpus")


class _Site(BaseHTTPRequestHandler):
    """50 feeds of 20 entries each: with their articles, or with teasers of pages."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body

    def do_GET(self) -> None:
        kind, _, number = self.path.strip("/").partition("/")
        articles = _articles()
        if kind in ("full", "teaser"):
            numbers = range(int(number) * ENTRIES, (int(number) + 1) * ENTRIES)
            root = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
            bodies = [_body(articles[one]["text"]) if kind == "full" else "" for one in numbers]
            links = [f"{root}/page/{one}" for one in numbers]
            body = rss(*map(_item, links, bodies))
        elif kind == "page":
            body = page(_body(articles[int(number)]["text"]))
        else:
            body = ""
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _item(link: str, body: str) -> str:
    return item(link, content=body)


def _body(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"<p>{line}</p>" for line in escaped.split("\n") if line.strip())


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.benchmark
@pytest.mark.parametrize("kind", ["full", "teaser"])
def test_a_thousand_articles_of_fifty_feeds(site: str, kind: str) -> None:
    states: dict[str, FeedState] = {}
    counts, times = [], []
    for _ in range(2):
        begun = time.perf_counter()
        with Web(Fetcher(Hosts.named("127.0.0.1")), states=states) as web:
            found = list(web.read(*(f"{site}/{kind}/{number}" for number in range(FEEDS))))
        times.append(round(time.perf_counter() - begun, 2))
        counts.append(sum(isinstance(one, Article) for one in found))
    print(f"\n{kind}: {counts} articles in {times} s")
    assert counts[0] > 0.95 * FEEDS * ENTRIES
    assert counts[1] == 0
    assert times[1] < 5


@pytest.mark.benchmark
def test_pages_are_parsed_at_most_of_the_rate_of_trafilatura() -> None:
    import trafilatura

    pages = read("article_extraction_html90")

    def ours() -> None:
        for one in pages:
            parse_page(one["html"], one["url"])

    def peer() -> None:
        for one in pages:
            trafilatura.extract(one["html"], include_comments=False)

    rates = [len(pages) / min(_seconds(work) for _ in range(3)) for work in (ours, peer)]
    print(f"\npages a second: newsbot {rates[0]:.0f}, trafilatura {rates[1]:.0f}")
    assert rates[0] >= 0.75 * rates[1]


def _seconds(work: Callable[[], None]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
