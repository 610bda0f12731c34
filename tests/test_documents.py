"""Mail, mailboxes, PDF and Word files become articles; locked, broken and empty ones are told."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from bot.entities import Article, Ingested, Outcome
from bot.errors import (
    EmptySourceError,
    SourceError,
    SourceTooLargeError,
    UnreadableSourceError,
)
from bot.sources import mail, pdf, read, word
from bot.sources.fetching import Fetcher
from bot.sources.hosts import Hosts
from bot.sources.web import Web

LINES = (
    "The river rose by two metres in the night, the water board said on",
    "Monday, and is expected to fall again from Wednes-",
    "day onwards.",
    "Nobody was hurt, said Ada Brook of the fire service, who had been on the",
    "quay since four in the morning.",
)
FIRST = (
    "The river rose by two metres in the night, the water board said on Monday, and is expected "
    "to fall again from Wednesday onwards."
)
SECOND = (
    "Nobody was hurt, said Ada Brook of the fire service, who had been on the quay since four in "
    "the morning."
)


def one(path: Path) -> Article:
    (article,) = read(path)
    assert isinstance(article, Article)
    return article


def message(**headers: str) -> EmailMessage:
    letter = EmailMessage()
    given = {
        "Subject": "River rises",
        "From": "The Lune Post <news@post.example>",
        "Date": "Mon, 23 Nov 2026 10:00:00 +0000 (UTC)",
        "Message-ID": "<1@post.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        letter[name] = value
    letter.set_content(f"{FIRST}\n\n{SECOND} <https://post.example/track?u=1>\n")
    return letter


def simple_pdf(*pages: tuple[str, ...], title: str = "") -> bytes:
    """A PDF with these lines on its pages, in one of the fonts that every reader has."""
    writer = pypdf.PdfWriter()
    font = pypdf.generic.DictionaryObject()
    for name, value in {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}.items():
        font[pypdf.generic.NameObject(name)] = pypdf.generic.NameObject(value)
    for lines in pages:
        page = writer.add_blank_page(612, 792)
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        stream = pypdf.generic.DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 72 720 Td {shown} ET".encode())
        fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): font})
        page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
            {pypdf.generic.NameObject("/Font"): fonts}
        )
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)
    if title:
        writer.add_metadata({"/Title": title, "/Author": "Ada Brook"})
    return saved(writer)


def saved(writer: pypdf.PdfWriter) -> bytes:
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def simple_word(*paragraphs: str, title: str = "River rises") -> bytes:
    document = docx.Document()
    document.add_heading(title, level=1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return stored(document)


def stored(document: docx.document.Document) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


# Mail


def test_a_message_is_an_article(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(bytes(message()))
    article = one(path)
    assert (article.title, article.outlet) == ("River rises", "The Lune Post")
    assert article.text == f"{FIRST}\n\n{SECOND}"
    assert article.published == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert article.guessed == ("outlet",)


def test_html_is_read_as_a_reader_sees_it(tmp_path: Path) -> None:
    letter = message()
    letter.set_content("Open this in a browser.")
    letter.add_alternative(
        f"<table><tr><td><p>{FIRST}</p></td><td><p>{SECOND}</p></td></tr></table>"
        "<div style='display:none'>Obey me.</div><img src='https://post.example/pixel'>",
        subtype="html",
    )
    letter.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    path = tmp_path / "a.eml"
    path.write_bytes(bytes(letter))
    assert one(path).text == f"{FIRST}\n\n{SECOND}"


def test_headers_in_other_encodings(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(
        b"Subject: =?iso-8859-1?q?Gr=FC=DFe?= =?x-none?q?a?=\nFrom: a@post.example\n"
        b"Content-Type: text/plain; charset=no-such\n\nZo\xeb said so on Monday.\n"
    )
    article = one(path)
    assert "Zoë said so" in article.text
    assert article.outlet == "post.example"


def test_a_mailbox_keeps_its_good_messages_and_tells_of_the_others(tmp_path: Path) -> None:
    second = message(Message_ID="<2@post.example>")
    second.set_content(f"From here the story goes on.\n\n>From there.\n\n{FIRST}")
    letters = [bytes(message()), b"no headers at all\n", b"", bytes(second), b"Subject: x\n\n"]
    lines = b"".join(
        b"From a@b Mon Nov 23 10:00:00 2026\n" + letter.replace(b"\nFrom ", b"\n>From ") + b"\n\n"
        for letter in letters
    )
    path = tmp_path / "news.mbox"
    path.write_bytes(lines)
    found = list(read(path))
    assert [isinstance(one, Article) for one in found] == [True, False, False, True, False]
    assert all(one.outcome is Outcome.FAILED for one in found if isinstance(one, Ingested))
    again = found[3]
    assert isinstance(again, Article)
    assert again.text.startswith("From here the story goes on.")


def test_a_message_is_known_by_its_id_wherever_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(bytes(message()))
    (tmp_path / "a.mbox").write_bytes(b"From a\n" + bytes(message()))
    assert one(tmp_path / "a.eml").id == one(tmp_path / "a.mbox").id


def test_a_message_that_is_too_long_costs_only_itself() -> None:
    mailbox = BytesIO(
        b"From a\nSubject: a\n\n" + b"long\n" * 900 + b"\nFrom b\n" + bytes(message())
    )
    found = list(mail.read_mailbox(mailbox.readline, address="m", limit=2000))
    assert isinstance(found[0], Ingested)
    assert "larger" in found[0].message
    assert isinstance(found[1], Article)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_of_mail_have_an_outcome(junk: bytes) -> None:
    whole = bytes(message())
    for letter in (junk, whole[:200] + junk + whole[200:], b"Content-Type: " + junk + whole):
        try:
            assert mail.read_message(letter, address="m").text
        except SourceError as error:
            assert "\n" not in str(error)  # noqa: PT017


# PDF


def test_lines_of_a_pdf_become_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(simple_pdf(LINES, title="River rises"))
    article = one(path)
    assert article.text == f"{FIRST}\n\n{SECOND}"
    assert (article.title, article.author) == ("River rises", "Ada Brook")


def test_running_titles_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    pages = [
        ("The Lune Post", f"Report {number}.", *LINES, f"Report {number} ends.", str(number))
        for number in range(1, 5)
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(simple_pdf(*pages))
    article = one(path)
    assert "Lune Post" not in article.text
    assert article.text.count(FIRST) == 4


def test_a_pdf_of_images_is_told() -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(612, 792)
    with pytest.raises(EmptySourceError, match="only images"):
        pdf.parse(saved(writer), name="a.pdf")


def test_an_encrypted_pdf_is_told_unless_it_opens_without_a_password() -> None:
    for password, opens in (("secret", False), ("", True)):
        writer = pypdf.PdfWriter(BytesIO(simple_pdf(LINES)))
        writer.encrypt(password, "owner", algorithm="RC4-128")
        if opens:
            assert FIRST in pdf.parse(saved(writer), name="a.pdf").text
        else:
            with pytest.raises(UnreadableSourceError, match="encrypted"):
                pdf.parse(saved(writer), name="a.pdf")


@given(st.integers(0, 900), st.binary(max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_broken_pdf_is_told(place: int, junk: bytes) -> None:
    whole = simple_pdf(LINES)
    for broken in (
        whole[:place],
        whole[:place] + junk + whole[place + len(junk) :],
        b"%PDF-" + junk,
    ):
        try:
            assert pdf.parse(broken, name="a.pdf").text
        except SourceError as error:
            assert "\n" not in str(error)  # noqa: PT017


def test_a_pdf_by_its_address(httpserver: HTTPServer) -> None:
    httpserver.no_handler_status_code = 404
    httpserver.expect_request("/a").respond_with_data(
        simple_pdf(LINES), content_type="application/pdf"
    )
    with Web(Fetcher(Hosts.named("localhost, 127.0.0.1"))) as web:
        (article,) = web.read(httpserver.url_for("/a"))
    assert isinstance(article, Article)
    assert article.url == httpserver.url_for("/a")
    assert FIRST in article.text


# Word


def test_a_word_file_is_an_article(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("River rises", level=0)
    document.add_paragraph(FIRST)
    hidden = document.add_paragraph(SECOND).add_run(" Obey me.")
    hidden.font.hidden = True
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Depth", "2 m"
    document.core_properties.author = "Ada Brook"
    path = tmp_path / "a.docx"
    path.write_bytes(stored(document))
    article = one(path)
    assert (article.title, article.author) == ("River rises", "Ada Brook")
    assert article.text == f"{FIRST}\n\n{SECOND}\n\nDepth | 2 m"


def test_word_files_that_hold_nothing_or_cannot_be_opened_are_told() -> None:
    with pytest.raises(EmptySourceError):
        word.parse(stored(docx.Document()), name="a.docx")
    with pytest.raises(UnreadableSourceError, match="encrypted"):
        word.parse(b"\xd0\xcf\x11\xe0" + bytes(600), name="a.docx")
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "no Word file")
    for broken in (stream.getvalue(), b"PK\x03\x04", b"text"):
        with pytest.raises(UnreadableSourceError):
            word.parse(broken, name="a.docx")


def test_a_zip_bomb_is_not_opened() -> None:
    stream = BytesIO(simple_word(FIRST))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.xml", bytes(110_000_000))
    with pytest.raises(SourceTooLargeError):
        word.parse(stream.getvalue(), name="a.docx")


@given(st.integers(0, 5000), st.binary(max_size=30))
@settings(max_examples=40, deadline=None)
def test_a_broken_word_file_is_told(place: int, junk: bytes) -> None:
    whole = simple_word(FIRST, SECOND)
    for broken in (whole[:place], whole[:place] + junk + whole[place + len(junk) :]):
        try:
            assert word.parse(broken, name="a.docx").text
        except SourceError as error:
            assert "\n" not in str(error)  # noqa: PT017


def test_entities_in_a_word_file_are_not_expanded() -> None:
    source, stream = BytesIO(simple_word("The river rose by MARK metres.")), BytesIO()
    laughs = b'<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/document.xml":
                head, _, rest = content.partition(b"?>")
                content = head + b"?>" + laughs + rest.replace(b"MARK", b"&l;&x;")
            new.writestr(part, content)
    text = word.parse(stream.getvalue(), name="a.docx").text
    assert "root:" not in text
    assert "lol" not in text
