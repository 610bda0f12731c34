"""Pages, feeds, lists of subscriptions and sites by their addresses, from servers on loopback."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from bot.entities import Article, Ingested, Outcome
from bot.errors import UnsupportedFormatError
from bot.sources import read
from bot.sources.fetching import Fetcher, Limits
from bot.sources.hosts import Hosts
from bot.sources.web import Web
from tests.raw_server import serving

QUICK = Limits(connect=2, read=1, total=2, pause=0.0)
OWN = Hosts.named("127.0.0.1, localhost")
PARAGRAPHS = (
    "The river rose by two metres in the night, the water board said on Monday, and is expected "
    "to fall again from Wednesday.",
    "“Nobody was hurt,” said Ada Brook of the fire service, who had been on the quay since four "
    "in the morning with forty volunteers from the town and the villages around it.",
    "The council has opened the sports hall for those who had to leave their houses, and asked "
    "drivers to avoid the old bridge until engineers have looked at its pillars.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TEXT = "\n\n".join(PARAGRAPHS)


def page(body: str = BODY, *, title: str = "River rises", head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        '</head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav>'
        f"<main><article><h1>{title}</h1>{body}</article></main>"
        '<aside><h2>Related</h2><a href="/b">Council tax to rise</a></aside>'
        "<footer>Imprint</footer></body></html>"
    )


def rss(*items: str, head: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>The Post</title>{head}{''.join(items)}</channel></rss>"
    )


def item(link: str, title: str = "River rises", *, content: str = "", summary: str = "") -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><description>{summary}</description>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded></item>"
    )


@pytest.fixture(autouse=True)
def _nothing_else(httpserver: HTTPServer) -> None:
    httpserver.no_handler_status_code = 404


@pytest.fixture
def states() -> dict[str, dict[str, Any]]:
    return {}


@pytest.fixture
def web(states: dict[str, dict[str, Any]]) -> Iterator[Web]:
    with Web(Fetcher(OWN, QUICK, sleep=lambda _: None), states=states, most=5) as web:
        yield web


def articles(web: Web, *addresses: str) -> list[Article]:
    return [found for found in web.read(*addresses) if isinstance(found, Article)]


def outcomes(web: Web, *addresses: str) -> list[Ingested]:
    return [found for found in web.read(*addresses) if isinstance(found, Ingested)]


def one_article(web: Web, address: str) -> Article:
    (article,) = web.read(address)
    assert isinstance(article, Article), article
    return article


def one_failure(web: Web, address: str) -> str:
    (failed,) = web.read(address)
    assert isinstance(failed, Ingested), failed
    assert failed.outcome is Outcome.FAILED
    assert "\n" not in failed.message
    return failed.message


# Pages


def test_a_page_is_its_article_alone(httpserver: HTTPServer, web: Web) -> None:
    head = (
        '<meta property="og:site_name" content="The Lune Post">'
        '<meta name="author" content="Ada Brook">'
        '<meta property="article:published_time" content="2026-11-23T10:00:00Z">'
    )
    body = (
        BODY + "<figure><img src='a.jpg'><figcaption>The quay. Photo: T. Reed</figcaption></figure>"
    )
    httpserver.expect_request("/river").respond_with_data(
        page(body, head=head), content_type="text/html"
    )
    article = one_article(web, httpserver.url_for("/river"))
    assert article.text == TEXT
    assert (article.title, article.outlet, article.author) == (
        "River rises", "The Lune Post", "Ada Brook",
    )  # fmt: skip
    assert article.published is not None
    assert article.published.hour == 10
    assert article.url == article.address == httpserver.url_for("/river")
    assert article.guessed == ()


def test_variants_of_an_article_are_one_article(httpserver: HTTPServer, web: Web) -> None:
    head = '<link rel="canonical" href="/river">'
    for path in ("/river", "/river/amp", "/story.php"):
        httpserver.expect_request(path).respond_with_data(page(head=head), content_type="text/html")
    httpserver.expect_request("/plain/amp").respond_with_data(page(), content_type="text/html")
    httpserver.expect_request("/plain").respond_with_data(page(), content_type="text/html")
    paths = ("/river?utm_source=x", "/river/amp", "/story.php?id=1", "/river#top")
    assert len({one_article(web, httpserver.url_for(path)).id for path in paths}) == 1
    paths = ("/plain", "/plain/amp", "/plain?print=1")
    assert len({one_article(web, httpserver.url_for(path)).id for path in paths}) == 1


@pytest.mark.parametrize(
    "canonical", ["https://example.org/river", "/", "javascript:1", "http://["]
)
def test_a_page_is_not_believed_to_be_another_sites(
    httpserver: HTTPServer, web: Web, canonical: str
) -> None:
    head = (
        f'<link rel="canonical" href="{canonical}"><meta property="og:url" content="{canonical}">'
    )
    httpserver.expect_request("/a").respond_with_data(page(head=head), content_type="text/html")
    assert one_article(web, httpserver.url_for("/a")).url == httpserver.url_for("/a")


@pytest.mark.parametrize(
    "body",
    [
        "",
        '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>',
        "<div>Loading…</div>",
        "<p>Subscribe to continue reading. Already a subscriber? Sign in.</p>"
        "<form><input type=password></form>",
        "<p>To continue reading this article, register for free or log in to your account. "
        "Registered readers get three articles a month and our newsletter every morning.</p>",
        "<h2>Before you continue</h2><p>We use cookies and data to deliver and maintain our "
        "services, and to protect against spam, fraud and abuse.</p><button>Accept</button>",
        "<p>Checking your browser before accessing the site. Please wait a few seconds.</p>",
    ],
)
@pytest.mark.parametrize("head", ["", '<meta property="og:type" content="article">'])
def test_walls_and_empty_shells_hold_no_article(
    httpserver: HTTPServer, web: Web, body: str, head: str
) -> None:
    httpserver.expect_request("/a").respond_with_data(
        f"<html><head><title>The Post</title>{head}</head><body>{body}</body></html>",
        content_type="text/html",
    )
    message = one_failure(web, httpserver.url_for("/a"))
    assert "No article text was found" in message or "is empty" in message


def test_a_short_article_that_says_it_is_one_is_read(httpserver: HTTPServer, web: Web) -> None:
    head = '<meta property="og:type" content="article">'
    text = "The river fell by a metre on Tuesday, the water board said in a short statement."
    httpserver.expect_request("/a").respond_with_data(
        page(f"<p>{text}</p>", head=head), content_type="text/html"
    )
    assert one_article(web, httpserver.url_for("/a")).text == text


@pytest.mark.parametrize("declared", ["text/html; charset=iso-8859-2", "text/html", "text/plain"])
def test_a_page_in_any_encoding_and_under_any_type(
    httpserver: HTTPServer, web: Web, declared: str
) -> None:
    whole = page(BODY.replace("Ada Brook", "Żaneta Łuk")).replace("“", '"').replace("”", '"')
    httpserver.expect_request("/a").respond_with_data(
        whole.replace("utf-8", "iso-8859-2").encode("iso-8859-2"), content_type=declared
    )
    assert "Żaneta Łuk" in one_article(web, httpserver.url_for("/a")).text


def test_plain_text_is_read_as_a_file_of_it_is(httpserver: HTTPServer, web: Web) -> None:
    httpserver.expect_request("/a.txt").respond_with_data(f"River rises\n\n{TEXT}")
    article = one_article(web, httpserver.url_for("/a.txt"))
    assert (article.title, article.text) == ("River rises", TEXT)


@pytest.mark.parametrize(
    ("body", "media_type", "message"),
    [
        (b"%PDF-1.7 ...", "application/pdf", "PDF"),
        (b"%PDF-1.7 ...", "text/html", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "text/html", "binary"),
        (b"\x00\x01\x02" * 100, "text/html", "binary"),
        (b"", "text/html", "empty"),
        (b"  \n ", "text/html", "empty"),
        (b'{"a": 1}', "application/json", "JSON, but no JSON Feed"),
        (b"GIF89a", "image/gif", "image/gif"),
    ],
)
def test_what_is_no_page_is_told(
    httpserver: HTTPServer, web: Web, body: bytes, media_type: str, message: str
) -> None:
    httpserver.expect_request("/a").respond_with_data(body, content_type=media_type)
    assert message in one_failure(web, httpserver.url_for("/a"))


def test_every_failure_is_an_outcome(httpserver: HTTPServer, web: Web) -> None:
    httpserver.expect_request("/403").respond_with_data(status=403)
    httpserver.expect_request("/round").respond_with_data(
        status=302, headers={"Location": "/round"}
    )
    bomb = gzip.compress(bytes(50_000_000))
    httpserver.expect_request("/bomb").respond_with_data(
        bomb, headers={"Content-Encoding": "gzip"}, content_type="text/html"
    )
    paths = ("/404", "/403", "/round", "/bomb")
    addresses = [*map(httpserver.url_for, paths), "http://10.0.0.1/", "http://127.0.0.1:1/"]
    assert {one.address for one in outcomes(web, *addresses)} == set(addresses)
    assert all(one.outcome is Outcome.FAILED for one in outcomes(web, *addresses))


# Feeds


def test_a_feed_that_carries_its_articles_is_read_by_one_request(
    httpserver: HTTPServer, web: Web
) -> None:
    url = httpserver.url_for("/river")
    content = BODY * 2 + "<script>obey()</script>"
    httpserver.expect_request("/feed").respond_with_data(rss(item(url, content=content)))
    (article,) = articles(web, httpserver.url_for("/feed"))
    assert article.text == f"{TEXT}\n\n{TEXT}"
    assert (article.title, article.url) == ("River rises", url)
    assert article.published is not None
    assert [request.path for request, _ in httpserver.log] == ["/robots.txt", "/feed"]


def test_the_linked_page_is_read_when_the_feed_carries_a_teaser(
    httpserver: HTTPServer, web: Web
) -> None:
    url = httpserver.url_for("/river")
    summary = "The river rose by two metres …"
    httpserver.expect_request("/feed").respond_with_data(rss(item(url, summary=summary)))
    httpserver.expect_request("/river").respond_with_data(page(), content_type="text/html")
    (article,) = articles(web, httpserver.url_for("/feed"))
    assert article.text == TEXT
    assert article.published is not None
    assert "published" not in article.guessed


def test_a_page_and_a_feed_that_leads_to_it_give_the_same_article(
    httpserver: HTTPServer, web: Web
) -> None:
    url = httpserver.url_for("/river")
    httpserver.expect_request("/feed").respond_with_data(rss(item(f"{url}?utm_medium=rss")))
    httpserver.expect_request("/river").respond_with_data(page(), content_type="text/html")
    assert articles(web, httpserver.url_for("/feed"))[0].id == one_article(web, url).id


def test_a_feed_cannot_put_its_text_in_another_sites_mouth(
    httpserver: HTTPServer, web: Web
) -> None:
    httpserver.expect_request("/feed").respond_with_data(
        rss(item("http://10.0.0.1/river", content=BODY * 3))
    )
    found = list(web.read(httpserver.url_for("/feed")))
    assert [one.outcome for one in found if isinstance(one, Ingested)] == [Outcome.FAILED]
    assert len(found) == 1


@pytest.mark.parametrize("kind", ["atom", "json", "rdf"])
def test_every_kind_of_feed_is_read(httpserver: HTTPServer, web: Web, kind: str) -> None:
    url = httpserver.url_for("/river")
    escaped = (BODY * 2).replace("<", "&lt;")
    text = {
        "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Post</title><entry><id>1</id>'
        f'<title>River rises</title><link href="/river"/><published>2026-11-23T10:00:00Z'
        f'</published><content type="html">{escaped}</content></entry></feed>',
        "json": json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [
                    {
                        "id": 1, "url": url, "title": "River rises", "content_html": BODY * 2,
                        "date_published": "2026-11-23T10:00:00Z",
                    }
                ],
            }
        ),
        "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<item><title>River rises</title><link>{url}</link><dc:date>2026-11-23T10:00:00Z"
        f"</dc:date><description>{escaped * 3}</description></item></rdf:RDF>",
    }[kind]  # fmt: skip
    httpserver.expect_request("/feed").respond_with_data(text, content_type="text/html")
    (article,) = articles(web, httpserver.url_for("/feed"))
    assert article.text.startswith(TEXT)
    assert (article.title, article.url) == ("River rises", url)
    assert article.published is not None
    assert article.published.hour == 10


def test_a_second_fetch_asks_whether_anything_changed(
    httpserver: HTTPServer, web: Web, states: dict[str, dict[str, Any]]
) -> None:
    def answer(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"1"':
            return Response(status=304)
        text = rss(item(httpserver.url_for("/river"), content=BODY * 2))
        return Response(text, headers={"ETag": '"1"'})

    httpserver.expect_request("/feed").respond_with_handler(answer)
    feed = httpserver.url_for("/feed")
    assert len(articles(web, feed)) == 1
    states[feed] = json.loads(json.dumps(states[feed]))
    (again,) = web.read(feed)
    assert isinstance(again, Ingested)
    assert again.outcome is Outcome.UNCHANGED


def test_only_what_is_new_or_updated_is_read_again(httpserver: HTTPServer, web: Web) -> None:
    feed = httpserver.url_for("/feed")
    first, second = httpserver.url_for("/1"), httpserver.url_for("/2")
    texts = [
        rss(item(first, content=BODY * 2)),
        rss(item(first, content=BODY * 2), item(second, content=BODY * 2)),
        rss(item(first, content=BODY * 3), item(second, content=BODY * 2)),  # its date as before
        rss(item(first, content=BODY * 3), item(second, content=BODY * 2)),
    ]
    read_each = []
    for text in texts:
        httpserver.expect_oneshot_request("/feed").respond_with_data(text)
        read_each.append([article.url for article in articles(web, feed)])
    assert read_each == [[first], [second], [first], []]


def test_what_exceeds_the_maximum_is_told_and_read_the_next_time(
    httpserver: HTTPServer, web: Web
) -> None:
    urls = [httpserver.url_for(f"/{number}") for number in range(8)]
    text = rss(*(item(url, title=url, content=BODY * 2) for url in urls))
    httpserver.expect_request("/feed").respond_with_data(text, headers={"ETag": '"1"'})
    feed = httpserver.url_for("/feed")
    found = list(web.read(feed))
    assert sorted(str(one.url) for one in found if isinstance(one, Article)) == urls[:5]
    (told,) = (one for one in found if isinstance(one, Ingested))
    assert told.outcome is Outcome.SKIPPED
    assert "3 more" in told.message
    assert sorted(str(article.url) for article in articles(web, feed)) == urls[5:]
    assert [one.outcome for one in outcomes(web, feed)] == [Outcome.UNCHANGED]


@pytest.mark.parametrize("nowhere", ["http://", "http://127.0.0.1:99999/", "http://[::1/a"])
def test_an_address_that_leads_nowhere_costs_the_others_nothing(
    httpserver: HTTPServer, web: Web, nowhere: str
) -> None:
    feed = httpserver.url_for("/feed")
    entries = item(nowhere, content=BODY * 2) + item(httpserver.url_for("/a"), content=BODY * 3)
    httpserver.expect_request("/feed").respond_with_data(rss(entries))
    found = list(web.read(nowhere, feed))
    assert httpserver.url_for("/a") in [one.url for one in found if isinstance(one, Article)]
    (told,) = (one for one in found if isinstance(one, Ingested))
    assert (told.address, told.outcome) == (nowhere, Outcome.FAILED)
    assert "leads" in told.message


def test_an_address_may_say_which_entries_are_wanted(httpserver: HTTPServer, web: Web) -> None:
    urls = [httpserver.url_for(f"/{number}") for number in range(3)]
    titles = ("River rises", "River race won", "Council meets")
    texts = [item(url, title, content=BODY * 2) for url, title in zip(urls, titles, strict=True)]
    texts[1] = texts[1].replace("<guid>", "<category>Sport</category><guid>")
    texts[2] = texts[2].replace("river", "council").replace("River", "Council")
    httpserver.expect_request("/feed").respond_with_data(rss(*texts))
    found = list(web.read(httpserver.url_for("/feed#only=river,flood&without=sport")))
    assert [one.title for one in found if isinstance(one, Article)] == ["River rises"]
    (told,) = (one for one in found if isinstance(one, Ingested))
    assert "2 of its entries by its filter" in told.message
    found = list(web.read(httpserver.url_for("/feed#only=drought")))
    assert [one.outcome for one in found] == [Outcome.SKIPPED, Outcome.UNCHANGED]  # no failure
    mistyped = httpserver.url_for("/feed#olny=river")
    assert "a filter 'olny', which there is not" in one_failure(web, mistyped)


def test_a_page_that_failed_for_now_is_tried_at_the_next_fetch(
    httpserver: HTTPServer, web: Web, states: dict[str, dict[str, Any]]
) -> None:
    url, gone = httpserver.url_for("/river"), httpserver.url_for("/gone")
    httpserver.expect_request("/feed").respond_with_data(rss(item(url), item(gone, "Gone")))
    for _ in range(QUICK.attempts):
        httpserver.expect_oneshot_request("/river").respond_with_data(status=503)
    feed = httpserver.url_for("/feed")
    assert {one.outcome for one in web.read(feed) if isinstance(one, Ingested)} == {Outcome.FAILED}
    assert list(states[feed]["entries"]) == [gone]
    httpserver.expect_request("/river").respond_with_data(page(), content_type="text/html")
    (article,) = web.read(feed)
    assert isinstance(article, Article)


def test_a_state_is_written_only_once_the_articles_were_taken(
    httpserver: HTTPServer, web: Web, states: dict[str, dict[str, Any]]
) -> None:
    urls = [httpserver.url_for(f"/{number}") for number in range(3)]
    text = rss(*(item(url, content=BODY * 2) for url in urls))
    httpserver.expect_request("/feed").respond_with_data(text)
    reading = web.read(httpserver.url_for("/feed"))
    for _ in urls:
        assert isinstance(next(reading), Article)
        assert states == {}
    assert list(reading) == []
    assert len(states) == 1


def test_what_was_taken_before_an_interruption_is_not_read_again(
    httpserver: HTTPServer,
    web: Web,
    states: dict[str, dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.sources.web._UNKEPT", 0.0)  # seconds, else five
    urls = [httpserver.url_for(f"/{number}") for number in range(4)]
    text = rss(*(item(url, f"On {url}", content=BODY * 2) for url in urls))
    httpserver.expect_request("/feed").respond_with_data(text, headers={"ETag": '"1"'})
    feed = httpserver.url_for("/feed")
    reading = web.read(feed)
    taken = [next(reading) for _ in range(3)]
    reading.close()  # type: ignore[attr-defined]
    known = set(states[feed]["entries"])
    assert known == {one.url for one in taken[:2] if isinstance(one, Article)}  # not the last
    assert states[feed]["etag"] is None
    again = {article.url for article in articles(web, feed)}
    assert again == set(urls) - known
    assert states[feed]["etag"] == '"1"'


def test_a_list_of_subscriptions_by_address_and_as_a_file(
    httpserver: HTTPServer, web: Web, tmp_path: Path
) -> None:
    for name in "ab":
        text = rss(item(httpserver.url_for(f"/{name}"), content=BODY * 2))
        httpserver.expect_request(f"/{name}.xml").respond_with_data(text)
    addresses = [httpserver.url_for("/a.xml"), httpserver.url_for("/b.xml")]
    opml = (
        "<opml version='2.0'><body><outline text='News'>"
        f"<outline type='rss' xmlUrl='{addresses[0]}'/><outline xmlurl='{addresses[1]}'/>"
        f"<outline type='rss' xmlUrl='{addresses[0]}'/><outline xmlUrl='file:///etc/passwd'/>"
        "<outline text='No feed'/></outline></body></opml>"
    )
    httpserver.expect_request("/list").respond_with_data(opml, content_type="text/x-opml")
    assert len(articles(web, httpserver.url_for("/list"))) == 2
    path = tmp_path / "feeds.opml"
    path.write_text(opml)
    with Web(Fetcher(OWN, QUICK)) as fresh:
        found = list(read(path, web=fresh))
    assert len(found) == 2
    assert all(isinstance(one, Article) for one in found)


def test_a_sites_front_page_leads_to_its_feed(httpserver: HTTPServer, web: Web) -> None:
    links = (
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml">'
        '<link rel="alternate" type="application/rss+xml" href="feed.xml">'
    )
    httpserver.expect_request("/").respond_with_data(page(head=links), content_type="text/html")
    httpserver.expect_request("/river").respond_with_data(
        page(head=links), content_type="text/html"
    )
    text = rss(item(httpserver.url_for("/river"), content=BODY * 2))
    httpserver.expect_request("/feed.xml").respond_with_data(text)
    (article,) = articles(web, httpserver.url_for("/"))
    assert article.text == f"{TEXT}\n\n{TEXT}"
    assert one_article(web, httpserver.url_for("/river")).text == TEXT


def test_an_entry_without_a_link_is_known_by_its_identifier(
    httpserver: HTTPServer, web: Web
) -> None:
    def text(body: str) -> str:
        return rss(
            f"<item><guid isPermaLink='false'>7</guid><description>{body}</description></item>"
        )

    feed = httpserver.url_for("/feed")
    httpserver.expect_oneshot_request("/feed").respond_with_data(text("The river rose."))
    httpserver.expect_oneshot_request("/feed").respond_with_data(text("The river fell."))
    (first,), (second,) = articles(web, feed), articles(web, feed)
    assert (first.id, first.text, second.text) == (second.id, "The river rose.", "The river fell.")


# Bad feeds


def test_a_feed_that_is_cut_short_gives_its_whole_entries(httpserver: HTTPServer, web: Web) -> None:
    urls = [httpserver.url_for(f"/{number}") for number in range(2)]
    whole = rss(*(item(url, content=BODY * 2) for url in urls))
    httpserver.expect_request("/feed").respond_with_data(whole[: whole.index("forty") + 900])
    found = list(web.read(httpserver.url_for("/feed")))
    assert [one.url for one in found if isinstance(one, Article)] == urls[:1]
    assert any("cut short" in one.message for one in found if isinstance(one, Ingested))


LAUGHS = "".join(
    f'<!ENTITY l{number} "{f"&l{number - 1};" * 10 if number else "lol"}">' for number in range(10)
)


@pytest.mark.parametrize("opening", ["", "<!-- <rss> -->", "<?a <rss> ?>"])
@pytest.mark.parametrize(
    "declaration",
    [LAUGHS, '<!ENTITY l9 SYSTEM "file:///etc/passwd">', f'<!ENTITY l9 "{"a" * 100_000}">'],
)
def test_entities_are_not_expanded(
    httpserver: HTTPServer, web: Web, opening: str, declaration: str
) -> None:
    text = rss(item(httpserver.url_for("/a"), "River &l9; rises", content=BODY * 2))
    text = text.replace("<rss", f"{opening}<!DOCTYPE rss [{declaration}]><rss")
    httpserver.expect_request("/feed").respond_with_data(text)
    begun = time.monotonic()
    (article,) = articles(web, httpserver.url_for("/feed"))
    assert article.text.startswith(TEXT)
    assert article.title == "River &l9; rises"
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "utf-8-sig", "windows-1252"])
@pytest.mark.parametrize("declares", [True, False])
def test_feeds_in_other_encodings(
    httpserver: HTTPServer, web: Web, encoding: str, declares: bool
) -> None:
    content = BODY.replace("“", '"').replace("”", '"').replace("Ada Brook", "Zoë Brück") * 2
    text = rss(item(httpserver.url_for("/river"), content=content))
    text = text.replace('encoding="utf-8"', f'encoding="{encoding}"' if declares else "")
    httpserver.expect_request("/feed").respond_with_data(
        text.encode(encoding), content_type="application/rss+xml"
    )
    (article,) = articles(web, httpserver.url_for("/feed"))
    assert "Zoë Brück" in article.text


@pytest.mark.parametrize(
    "text",
    [
        "<rss>", "<rss", "<rss></rss>", "<feed/>", "<opml/>", "<opml><body/></opml>",
        "<rss>" * 5000, '{"version": "https://jsonfeed.org/version/1"}', "[" * 100_000,
        '{"version": "https://jsonfeed.org/version/1", "items": [1, null, {}]}',
        '{"version": "https://jsonfeed.org/version/1", "items": [', "<?xml version='1.0'?>",
        "<rss><channel><item/><item></item><item><link>http://[</link></item></channel></rss>",
        "<rss><channel><item><pubDate>&#0;&#x110000;</pubDate></item>", "<!DOCTYPE rss [" * 1000,
    ],
)  # fmt: skip
def test_a_feed_of_nothing_is_told(httpserver: HTTPServer, web: Web, text: str) -> None:
    httpserver.expect_request("/feed").respond_with_data(text, content_type="application/xml")
    found = outcomes(web, httpserver.url_for("/feed"))
    assert Outcome.FAILED in {one.outcome for one in found}
    assert articles(web, httpserver.url_for("/feed")) == []


# Many at once


def test_a_slow_source_holds_up_nobody(httpserver: HTTPServer, web: Web) -> None:
    httpserver.expect_request("/river").respond_with_data(page(), content_type="text/html")

    def sleep(connection: socket.socket, _: bytes) -> None:
        time.sleep(3)

    with serving(sleep) as slow:
        begun = time.monotonic()
        found = web.read(f"{slow}/a", f"{slow}/b", f"{slow}/c", httpserver.url_for("/river"))
        assert isinstance(next(found), Article)
        assert time.monotonic() - begun < 0.9
        found.close()  # type: ignore[attr-defined]


def test_stopping_ends_what_is_under_way() -> None:
    def sleep(connection: socket.socket, _: bytes) -> None:
        time.sleep(5)

    begun = time.monotonic()
    patient = Limits(connect=5, read=5, total=5, pause=0.0)
    with serving(sleep) as slow, Web(Fetcher(OWN, patient)) as web:
        reading = web.read(f"{slow}/a")
        web.close()
        assert all(isinstance(found, Ingested) for found in reading)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("address", ["ftp://example.org/a", "file:///etc/passwd"])
def test_other_schemes_are_refused(address: str) -> None:
    with pytest.raises(UnsupportedFormatError, match="http"):
        list(read(address))


def test_read_fetches_as_the_environment_permits(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request("/river").respond_with_data(page(), content_type="text/html")
    address = httpserver.url_for("/river").replace("localhost", "127.0.0.1")
    (refused,) = read(address)
    assert isinstance(refused, Ingested)
    assert "NEWSBOT_ALLOWED_HOSTS" in refused.message
    monkeypatch.setenv("NEWSBOT_ALLOWED_HOSTS", "127.0.0.1")
    (article,) = read(address)
    assert isinstance(article, Article)
    assert article.text == TEXT
