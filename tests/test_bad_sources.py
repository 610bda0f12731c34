"""Bad input from servers on loopback, through a whole Newsbot: told, bounded, never stored."""

from __future__ import annotations

import gzip
import resource
import socket
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from bot import Newsbot, Outcome, read_settings
from bot.entities import Ingested
from bot.sources.fetching import Fetcher, Limits
from bot.sources.hosts import Hosts
from bot.sources.web import Web
from tests.raw_server import serving
from tests.test_documents import LINES, message, saved, simple_pdf, simple_word
from tests.test_web_addresses import BODY, LAUGHS, PARAGRAPHS, item, page, rss

QUICK = Limits(connect=2, read=2, total=3, pause=0.0)  # seconds; the size is the product's own
OWN = Hosts.named("127.0.0.1, localhost")

Ingest = Callable[..., list[Ingested]]


@pytest.fixture(scope="module")
def newsbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsbot]:
    with Newsbot(read_settings(data=tmp_path_factory.mktemp("data"))) as newsbot:
        yield newsbot


@pytest.fixture
def ingest(newsbot: Newsbot, httpserver: HTTPServer) -> Iterator[Ingest]:
    """Ingests addresses, a path being one on the server, and gives the outcomes."""
    httpserver.no_handler_status_code = 404
    with Web(Fetcher(OWN, QUICK, sleep=lambda _: None)) as web:

        def run(*addresses: str) -> list[Ingested]:
            full = [one if "://" in one else httpserver.url_for(one) for one in addresses]
            return list(newsbot.ingest(web.read(*full)))

        yield run


def give(server: HTTPServer, body: str | bytes, kind: str = "text/html", **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    server.expect_request("/a").respond_with_data(body, content_type=kind, headers=named)


def refused(found: list[Ingested], *words: str) -> None:
    (one,) = found
    assert one.outcome is Outcome.FAILED
    assert one.article is None
    assert all(word in one.message for word in words), one.message
    assert "\n" not in one.message


def text_of(newsbot: Newsbot, found: list[Ingested]) -> str:
    (kept,) = (one for one in found if one.article)
    return newsbot.article(str(kept.article)).text


# XML


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_truncated_xml_gives_its_whole_entries_and_says_that_it_is_cut(
    httpserver: HTTPServer, ingest: Ingest, share: float
) -> None:
    links = [httpserver.url_for(f"/cut/{share}/{n}") for n in range(4)]
    whole = rss(*(item(link, f"On {link}", content=BODY * 2 + link) for link in links))
    cut = whole[: int(share * len(whole))]
    give(httpserver, cut, "application/rss+xml")
    found = ingest("/a")
    assert sum(one.article is not None for one in found) == cut.count("</item>")
    assert sum("cut short" in one.message for one in found) == 1


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/html"])
@pytest.mark.parametrize(
    "declaration", [LAUGHS, '<!ENTITY l9 SYSTEM "file:///etc/passwd">', '<!ENTITY % x SYSTEM "a">']
)
def test_entities_are_expanded_neither_in_feeds_nor_in_pages(
    httpserver: HTTPServer, newsbot: Newsbot, ingest: Ingest, kind: str, declaration: str
) -> None:
    link = httpserver.url_for(f"/entity/{len(declaration)}")
    text = page(BODY + "<p>It is &l9; again.</p>") if kind == "text/html" else ""
    text = text or rss(item(link, "River &l9; rises", content=BODY * 2))
    root = "html" if kind == "text/html" else "rss"
    text = text.removeprefix("<!DOCTYPE html>")
    give(httpserver, f"<!DOCTYPE {root} [{declaration}]>{text}", kind)
    begun = time.process_time()
    kept = text_of(newsbot, ingest("/a"))
    assert PARAGRAPHS[0] in kept
    assert "lollol" not in kept
    assert "root:" not in kept
    assert time.process_time() - begun < 5  # of work, whatever else the machine does


# Encodings


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("cp1252", "utf-8"), ("utf-8", "iso-8859-1"), ("utf-8", "x-nonsense"), ("utf-16", "utf-8"),
        ("iso-8859-1", "utf-16"), ("cp1252", "idna"), ("utf-8-sig", "ascii"),
    ],
)  # fmt: skip
def test_a_wrong_encoding_costs_no_letter(
    httpserver: HTTPServer, newsbot: Newsbot, ingest: Ingest, encoding: str, declared: str
) -> None:
    whole = page(BODY.replace("Ada Brook", "Zoë Brück").replace("“", '"').replace("”", '"'))
    whole = whole.replace("utf-8", declared)
    give(httpserver, whole.encode(encoding), f"text/html; charset={declared}")
    assert "Zoë Brück" in text_of(newsbot, ingest("/a"))


# Too much


def test_of_a_body_of_100_megabytes_little_more_than_the_limit_is_taken(ingest: Ingest) -> None:
    sent = [0, 0]

    def pour(connection: socket.socket, asked: bytes) -> None:
        declared = b"Content-Length: 100000000\r\n" if b"/declared" in asked else b""
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + declared + b"\r\n<html>"
        )
        for _ in range(100):
            connection.sendall(b"a" * 1_000_000)
            sent[bool(declared)] += 1

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serving(pour) as address:
        refused(ingest(f"{address}/a"), "larger than the limit of 10 MB")
        refused(ingest(f"{address}/declared"), "larger than the limit of 10 MB")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert sent[0] <= 20  # a few megabytes are in the sockets' buffers
    assert sent[1] <= 8
    assert grown < 60_000  # kilobytes


@pytest.mark.parametrize("kind", ["text/html", "application/rss+xml"])
def test_a_gzip_bomb_is_given_up(httpserver: HTTPServer, ingest: Ingest, kind: str) -> None:
    give(httpserver, gzip.compress(bytes(300_000_000), 9), kind, Content_Encoding="gzip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(ingest("/a"), "larger than the limit of 10 MB")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_redirects_without_end_are_left_after_five(httpserver: HTTPServer, ingest: Ingest) -> None:
    def onwards(request: Request) -> Response:
        number = int(request.path.rpartition("/")[2])
        return Response(status=302, headers={"Location": f"/on/{number + 1}"})

    httpserver.expect_request("/robots.txt").respond_with_data("")
    for number in range(20):
        httpserver.expect_request(f"/on/{number}").respond_with_handler(onwards)
    refused(ingest("/on/0"), "redirects more than 5 times")
    assert sum(request.path != "/robots.txt" for request, _ in httpserver.log) == 6


@pytest.mark.parametrize(
    "opening", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\n\r\n<p>"]
)
def test_a_slow_loris_is_left_when_its_time_is_up(
    httpserver: HTTPServer, ingest: Ingest, opening: bytes
) -> None:
    def drip(connection: socket.socket, _: bytes) -> None:
        connection.sendall(opening)
        for _ in range(100):
            connection.sendall(b"a")
            time.sleep(0.2)

    give(httpserver, page(BODY + "<p>It is a page beside a slow one.</p>"))
    begun = time.monotonic()
    with serving(drip) as slow:
        found = ingest(f"{slow}/a", "/a")
    assert time.monotonic() - begun < 8
    assert [one.article is not None for one in found] == [True, False]
    assert "too slow" in found[1].message


def test_a_connection_that_breaks_off_is_told(ingest: Ingest) -> None:
    def half(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<p>It")

    with serving(half) as address:
        refused(ingest(f"{address}/half"), "broke off", "try again later.")
    refused(ingest("http://127.0.0.1:1/"), "No connection to 127.0.0.1:1", "check the address")


# Not what it says


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "text/html", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "image/png", "image/png"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "text/html", "binary"),
        (b"PK\x03\x04 and then nonsense", "text/html", "Word"),
        (b"%PDF-1.7 and then nonsense", "text/html", "PDF"),
        (b"\x1f\x8b\x08\x00 and then nonsense", "application/rss+xml", "binary"),
        (b'{"articles": []}', "application/json", "JSON, but no JSON Feed"),
        (b"", "text/html", "empty"),
    ],
)
def test_a_wrong_content_type_is_told_by_what_is_there(
    httpserver: HTTPServer, ingest: Ingest, body: bytes, kind: str, words: str
) -> None:
    give(httpserver, body, kind)
    refused(ingest("/a"), words)


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", "application/json"])
def test_a_page_or_a_feed_under_a_wrong_type_is_read(
    httpserver: HTTPServer, ingest: Ingest, kind: str
) -> None:
    give(httpserver, page(BODY + f"<p>The type was {kind} this time.</p>"), kind)
    link = httpserver.url_for(f"/feed/{kind}")
    feed = rss(item(link, content=BODY * 2 + f"<p>The type was {kind}.</p>"))
    httpserver.expect_request("/feed").respond_with_data(feed, content_type=kind)
    assert all(one.article for one in ingest("/a", "/feed"))


@pytest.mark.parametrize(
    "body",
    [
        '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript>',
        "<p>Subscribe to continue reading. Already a subscriber? Sign in.</p>",
        "<h2>Before you continue</h2><p>We use cookies and data to deliver our services.</p>",
        "<p>We and our 842 partners store and access information on a device, and process personal "
        f"data such as unique identifiers{', and what you read here' * 20}.</p>",
        "<p>Bitte melden Sie sich an, um diesen Artikel weiterzulesen. Noch kein Konto? Mit einem "
        "Abonnement haben Sie Zugriff auf alle Artikel auf unserer Website und in der App.</p>",
        "<p>Il vous reste 85% de cet article à lire. Abonnez-vous pour lire la suite et accéder à "
        "tous nos contenus sans publicité. Sans engagement, résiliable à tout moment.</p>",
    ],
)
def test_walls_and_shells_are_not_stored(
    httpserver: HTTPServer, newsbot: Newsbot, ingest: Ingest, body: str
) -> None:
    before = newsbot.status()["articles"]
    give(httpserver, f"<html><head><title>The Post</title></head><body>{body}</body></html>")
    refused(ingest("/a"), "No article text was found")
    assert newsbot.status()["articles"] == before


# Documents


def pdf_of_images() -> bytes:
    """A PDF whose page shows one image, of a scan, and no text."""
    writer = pypdf.PdfWriter()
    sheet = writer.add_blank_page(612, 792)
    image = pypdf.generic.DecodedStreamObject()
    image.set_data(bytes(100 * 100))
    shape = {
        "/Type": pypdf.generic.NameObject("/XObject"),
        "/Subtype": pypdf.generic.NameObject("/Image"),
        "/Width": pypdf.generic.NumberObject(100),
        "/Height": pypdf.generic.NumberObject(100),
        "/ColorSpace": pypdf.generic.NameObject("/DeviceGray"),
        "/BitsPerComponent": pypdf.generic.NumberObject(8),
    }
    image.update({pypdf.generic.NameObject(name): value for name, value in shape.items()})
    named = pypdf.generic.DictionaryObject(
        {pypdf.generic.NameObject("/Scan"): writer._add_object(image)}
    )
    sheet[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
        {pypdf.generic.NameObject("/XObject"): named}
    )
    drawing = pypdf.generic.DecodedStreamObject()
    drawing.set_data(b"q 612 0 0 792 0 0 cm /Scan Do Q")
    sheet[pypdf.generic.NameObject("/Contents")] = writer._add_object(drawing)
    return saved(writer)


def test_a_pdf_of_images_and_an_encrypted_one_are_told(
    httpserver: HTTPServer, ingest: Ingest
) -> None:
    locked = pypdf.PdfWriter(BytesIO(simple_pdf(LINES)))
    locked.encrypt("secret", "owner", algorithm="RC4-128")
    for name, body in (("images", pdf_of_images()), ("locked", saved(locked))):
        kind = "application/pdf"
        httpserver.expect_request(f"/{name}").respond_with_data(body, content_type=kind)
    refused(ingest("/images"), "only images of pages")
    refused(ingest("/locked"), "encrypted")


def test_documents_and_mail_are_read_by_their_addresses(
    httpserver: HTTPServer, newsbot: Newsbot, ingest: Ingest
) -> None:
    give(httpserver, simple_word(*PARAGRAPHS, "It was a Word file."), "application/octet-stream")
    assert text_of(newsbot, ingest("/a")).endswith("It was a Word file.")


def test_a_mailbox_with_a_broken_message_keeps_the_others(
    httpserver: HTTPServer, tmp_path: Path, newsbot: Newsbot, ingest: Ingest
) -> None:
    broken = b"Content-Type: multipart/mixed; boundary=x\nSubject: =?utf-8?b?!!?=\n\n--x\n\n--x--"
    letters = [bytes(message()), broken, b"no headers at all\n", bytes(message(Message_ID="<9@a>"))]
    mailbox = b"".join(b"From a@b Mon Nov 23 10:00:00 2026\n" + one + b"\n\n" for one in letters)
    (tmp_path / "news.mbox").write_bytes(mailbox)
    outcomes = [one.outcome for one in newsbot.ingest(tmp_path / "news.mbox")]
    assert outcomes.count(Outcome.FAILED) == 2
    assert len(outcomes) == 4
    give(httpserver, mailbox, "application/mbox")
    again = [one.outcome for one in ingest("/a")]
    assert again.count(Outcome.FAILED) == 2
    assert Outcome.UNCHANGED in again
