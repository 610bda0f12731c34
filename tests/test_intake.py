"""Feeds through a whole Newsbot: what is remembered of them, from a server on loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import Event

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from bot import Article, Newsbot, Outcome, Use, read_settings
from bot.__main__ import main
from bot.errors import ArchiveError
from tests.raw_server import serving
from tests.test_web_addresses import BODY, item, page, rss

OTHER = (
    "<p>Trams stood still on every line of the city on Tuesday after a digger cut the cable that "
    "feeds the network, the operator said.</p><p>Buses took over in the afternoon. Engineers "
    "expect the power to be back by midnight, once the trench has been pumped dry and two joints "
    "have been replaced.</p><p>“It is the third time this year that somebody digs without asking "
    "us,” said a spokeswoman, who wants permits to be checked on the spot.</p>"
)
THIRD = (
    "<p>The last keeper of a lighthouse retires this week after forty years, during which she "
    "missed a single night, for the birth of her son.</p><p>The lamp has been automatic since "
    "1996, but a keeper stayed to look after the fog horn, the garden and the visitors who come "
    "by boat in summer.</p><p>The trust that owns the rock has not decided what becomes of the "
    "house; a weather station and a small museum are among the ideas.</p>"
)


@pytest.fixture
def newsbot(tmp_path: Path, httpserver: HTTPServer) -> Iterator[Newsbot]:
    httpserver.no_handler_status_code = 404
    settings = read_settings(data=tmp_path / "data", allowed_hosts="localhost, 127.0.0.1")
    with Newsbot(settings) as newsbot:
        yield newsbot


class Feed:
    """A feed on a server that answers conditional requests as it should."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.url = server.url_for("/feed")
        self.items: dict[str, str] = {}
        self.unchanged = 0
        server.expect_request("/feed").respond_with_handler(self._answer)

    def __setitem__(self, name: str, content: str) -> None:
        self.items[name] = item(self.server.url_for(f"/{name}"), f"On {name}", content=content)

    def _answer(self, request: Request) -> Response:
        text = rss(*self.items.values())
        response = Response(text, headers={"Last-Modified": "Mon, 23 Nov 2026 10:00:00 GMT"})
        response.set_etag(str(abs(hash(text))))
        response.make_conditional(request)
        self.unchanged += response.status_code == 304
        return response

    def requests(self) -> list[str]:
        """The paths asked for since the last call."""
        paths = [request.path for request, _ in self.server.log if request.path != "/robots.txt"]
        self.server.clear_log()
        return paths


@pytest.fixture
def feed(httpserver: HTTPServer) -> Feed:
    return Feed(httpserver)


def counts(newsbot: Newsbot, feed: Feed, **options: bool) -> dict[str, int]:
    report = newsbot.ingest(addresses=[feed.url], **options)
    return {outcome.value: report.count(outcome) for outcome in Outcome if report.count(outcome)}


def test_a_second_ingest_asks_on_condition_and_reads_nothing_again(
    newsbot: Newsbot, feed: Feed, httpserver: HTTPServer, tmp_path: Path
) -> None:
    feed["a"] = BODY * 2
    feed["teaser"] = ""
    httpserver.expect_request("/teaser").respond_with_data(page(OTHER), content_type="text/html")
    assert counts(newsbot, feed) == {"added": 2}
    assert sorted(feed.requests()) == ["/feed", "/teaser"]
    assert counts(newsbot, feed) == {"unchanged": 1}
    assert (feed.requests(), feed.unchanged) == (["/feed"], 1)
    with Newsbot(newsbot.settings) as another:  # it is kept, not only remembered
        assert counts(another, feed) == {"unchanged": 1}
    feed["b"] = THIRD + OTHER
    assert counts(newsbot, feed) == {"added": 1}
    assert feed.requests() == ["/feed", "/feed"]


def test_an_updated_entry_is_a_revision_though_its_date_is_the_same(
    newsbot: Newsbot, feed: Feed
) -> None:
    feed["a"] = BODY * 2
    (first,) = newsbot.ingest(addresses=[feed.url])
    feed["a"] = BODY * 2 + "<p>Correction: the river rose by three metres, not two.</p>"
    (second,) = newsbot.ingest(addresses=[feed.url])
    assert (second.outcome, second.article) == (Outcome.REVISED, first.article)
    assert "three metres" in newsbot.article(str(first.article)).text


def test_a_failed_ingest_leaves_the_feed_to_be_read_again(
    newsbot: Newsbot, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed["a"], feed["b"] = BODY * 2, OTHER
    archive = newsbot._equipment.library.archive
    with archive.database.write() as connection:  # a disk that fails while articles are stored
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON revisions BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(ArchiveError):
        counts(newsbot, feed)
    with archive.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    assert counts(newsbot, feed) == {"added": 2}


def test_what_was_removed_stays_away_unless_it_is_asked_back(newsbot: Newsbot, feed: Feed) -> None:
    feed["a"] = BODY * 2
    (first,) = newsbot.ingest(addresses=[feed.url])
    newsbot.remove(str(first.article))
    assert counts(newsbot, feed) == {"unchanged": 1}
    feed["a"] = BODY * 3
    assert counts(newsbot, feed) == {"skipped": 1}
    assert counts(newsbot, feed, restore=True) == {"added": 1}
    assert newsbot.article(str(first.article)).text


def test_a_path_to_a_list_of_feeds_remembers_them_too(
    newsbot: Newsbot, feed: Feed, tmp_path: Path
) -> None:
    feed["a"] = BODY * 2
    path = tmp_path / "feeds.opml"
    path.write_text(f"<opml><body><outline xmlUrl='{feed.url}'/></body></opml>")
    assert [one.outcome for one in newsbot.ingest(path)] == [Outcome.ADDED]
    assert [one.outcome for one in newsbot.ingest(addresses=[str(path)])] == [Outcome.UNCHANGED]
    missing = newsbot.ingest(addresses=[str(tmp_path / "none.txt")])
    assert [one.outcome for one in missing] == [Outcome.FAILED]


def is_stored(path: Path) -> bool:
    """Whether the archive comes to hold an article within a minute."""
    for _ in range(300):
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path)) as database:
            if database.execute("SELECT count(*) FROM revisions").fetchone()[0]:
                return True
        time.sleep(0.2)
    return False


def test_a_feed_without_news_is_no_failure_of_the_command(
    tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSBOT_ALLOWED_HOSTS", "localhost, 127.0.0.1")
    feed = rss(item(httpserver.url_for("/a"), content=BODY * 3))
    httpserver.no_handler_status_code = 404
    httpserver.expect_request("/feed").respond_with_data(feed)

    def run(address: str) -> int:
        command = ["newsbot", "--data", str(tmp_path / "data"), "ingest", address]
        monkeypatch.setattr(sys, "argv", command)
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    assert [run(httpserver.url_for("/feed")) for _ in range(2)] == [0, 0]
    assert run(httpserver.url_for("/gone")) == 1
    (tmp_path / "empty").mkdir()
    assert run(str(tmp_path / "empty")) == 1


@pytest.mark.slow
def test_ctrl_c_during_a_fetch_ends_soon_and_says_how_to_go_on(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    asked = Event()

    def hang(connection: socket.socket, _: bytes) -> None:
        asked.set()
        time.sleep(60)

    httpserver.no_handler_status_code = 404
    httpserver.expect_request("/a").respond_with_data(page(), content_type="text/html")
    command = [sys.executable, "-m", "bot", "--data", str(tmp_path / "data"), "ingest"]
    environment = os.environ | {"NEWSBOT_ALLOWED_HOSTS": "localhost, 127.0.0.1"}
    with serving(hang) as slow:
        addresses = [f"{slow}/1", f"{slow}/2", httpserver.url_for("/a")]
        ingesting = subprocess.Popen(
            [*command, *addresses], stderr=subprocess.PIPE, text=True, env=environment
        )
        try:
            assert asked.wait(60)
            assert is_stored(tmp_path / "data" / "newsbot.db")  # the other page
            begun = time.monotonic()
            ingesting.send_signal(signal.SIGINT)
            _, told = ingesting.communicate(timeout=40)
            took = time.monotonic() - begun
        finally:
            ingesting.kill()
    assert ingesting.returncode == 130
    assert told.splitlines()[-1] == (
        "newsbot: Stopped after 1 article; what was read is kept. "
        "Run the same command again to go on."
    )
    assert took < 30, took  # one or two at rest; the server that hangs would hold it for sixty


def test_amp_and_print_variants_of_one_article_are_one_article(
    newsbot: Newsbot, httpserver: HTTPServer
) -> None:
    canonical = httpserver.url_for("/2026/river")
    head = f'<link rel="canonical" href="{canonical}"><link rel="amphtml" href="/2026/river/amp">'
    plain = page(head=head)
    amp = (
        f'<!doctype html><html amp lang="en"><head><link rel="canonical" href="{canonical}">'
        '<script async src="https://cdn.ampproject.org/v0.js"></script>'
        "<style amp-boilerplate>body{visibility:hidden}</style></head><body><amp-sidebar>"
        f"<ul><li><a href='/'>Home</a></li></ul></amp-sidebar><h1>River rises</h1>{BODY}"
        "<amp-ad width=300></amp-ad></body></html>"
    )
    printed = f"<html><head><title>River rises</title>{head}</head><body onload='print()'>"
    printed += f"<h1>River rises</h1><div>{BODY}</div><a href='#'>Print</a></body></html>"
    for path, text in (("/2026/river", plain), ("/2026/river/amp", amp), ("/print", printed)):
        httpserver.expect_request(path).respond_with_data(text, content_type="text/html")
    paths = ("/2026/river?utm_source=x", "/2026/river/amp", "/print?id=7", "/2026/river#photos")
    outcomes = [newsbot.ingest(addresses=[httpserver.url_for(path)]) for path in paths]
    assert [one.outcome for report in outcomes for one in report] == [
        Outcome.ADDED, Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.UNCHANGED,
    ]  # fmt: skip
    (kept,) = newsbot.articles()
    assert (kept.url, kept.revision) == (canonical, 1)


def test_an_article_without_text_and_headline_is_told_and_not_kept(newsbot: Newsbot) -> None:
    (outcome,) = newsbot.ingest([Article(id="blank", title=" ", text=" \n ")])
    assert (outcome.outcome, outcome.article) == (Outcome.FAILED, None)
    assert outcome.message == "Article blank holds an empty text; nothing was kept."
    assert newsbot.status()["articles"] == 0


def test_headlines_alone_are_kept_and_accounted_for(newsbot: Newsbot, tmp_path: Path) -> None:
    rows = ({"id": name, "title": f"Talks in {name}", "content": ""} for name in ("Aarau", "Biel"))
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    report = newsbot.ingest(
        tmp_path / "a.jsonl",
        Article(id="alone", title="A headline alone", text=" "),
        Article(id="whole", title="The ferry", text="The ferry Aurora left Port Ellery at noon."),
    )
    assert report.count(Outcome.ADDED) == 4
    assert newsbot.status()["alternates"] == 0
    coverage = newsbot.brief().coverage
    assert [one.use for one in coverage].count(Use.FAILED) == 3
    assert {one.article: one.use for one in coverage}["whole"] is Use.USED
    assert {one.reason for one in coverage} == {"it holds a headline alone", ""}
    assert newsbot.ask("Where are there talks?").abstained
