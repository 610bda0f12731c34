"""Editions as files, letters, feed entries and Slack messages, hostile titles among them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from bot.delivery import Delivery, DeliveryState, deliver, read_destinations
from bot.delivery.files import safe_name
from bot.delivery.letters import write_letter
from bot.delivery.slack import write_message
from bot.rendering import to_html
from tests.parcels import HOSTILE, MORNING, Clock, briefing, open_ledger, parcel

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_4287 = "{http://www.w3.org/2005/Atom}(id|title|updated|author|generator|link|entry)"


def send(folder: Path, *tables: dict[str, Any], number: int = 1, **changes: Any) -> list[Delivery]:
    destinations = read_destinations(tables, folder)
    return list(deliver(parcel(number, **changes), destinations, open_ledger(folder), read={}.get))


# Files


def test_each_format_is_a_file(tmp_path: Path) -> None:
    (done,) = send(tmp_path, {"to": "files", "folder": "out"})
    assert done.state is DeliveryState.DELIVERED
    files = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert set(files) == {f"morning-2026-11-24T0700+0000.{one}" for one in ("md", "html", "json")}
    assert files["morning-2026-11-24T0700+0000.md"] == parcel().markdown
    assert json.loads(files["morning-2026-11-24T0700+0000.json"])["stories"][0]["headline"]
    assert files["morning-2026-11-24T0700+0000.html"].startswith("<!DOCTYPE html>")


def test_delivering_again_changes_nothing(tmp_path: Path) -> None:
    first = send(tmp_path, {"to": "files", "folder": "out"})
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    assert send(tmp_path, {"to": "files", "folder": "out"}) == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == written


def test_names_are_safe_and_distinct() -> None:
    names = [
        "morning-2026-11-24T0700+0100",
        "../../etc/passwd",
        "a/b",
        "a-b",
        "A-b",
        "con",
        "",
        "x" * 300,
        "x" * 301,
        "näh",
        "nah",
        ".hidden",
        "a\0b",
    ]
    made = [safe_name(name) for name in names]
    assert made[0] == names[0]
    assert len({name.lower() for name in made}) == len(names)
    assert all(re.fullmatch(r"[\w+-][\w.+-]{0,120}", name, re.ASCII) for name in made)


def test_a_folder_that_cannot_be_made_is_refused_and_the_others_are_served(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    bad, good = send(
        tmp_path,
        {"to": "files", "folder": "file/below", "name": "a"},
        {"to": "files", "folder": "out", "name": "b"},
    )
    assert bad.state is DeliveryState.FAILED
    assert "file/below" in bad.message
    assert "cannot be written" in bad.message
    assert good.state is DeliveryState.DELIVERED


FULL = """
import resource, signal, sys
from pathlib import Path
from tests.test_delivery_texts import send
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path(sys.argv[1])
from tests.parcels import open_ledger
open_ledger(folder)
from bot.delivery.files import write_whole
from bot.errors import DeliveryFailedError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_whole(folder / "kept.md", "new " * 1000)
except DeliveryFailedError as error:
    print(error)
"""


def test_a_disk_that_is_full_leaves_the_old_file_whole(tmp_path: Path) -> None:
    (tmp_path / "kept.md").write_text("old")
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "The disk is full" in run.stdout, run.stderr
    assert (tmp_path / "kept.md").read_text() == "old"
    assert not list(tmp_path.glob(".kept*"))


def test_a_full_disk_is_tried_again_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    ledger = open_ledger(tmp_path, clock)
    destinations = read_destinations([{"to": "files", "folder": "out"}], tmp_path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        (waiting,) = deliver(parcel(), destinations, ledger)
    assert waiting.state is DeliveryState.WAITING
    assert "The disk is full" in waiting.message
    assert list((tmp_path / "out").iterdir()) == []
    clock.pass_by(60)
    (done,) = deliver(parcel(), destinations, ledger)
    assert (done.state, done.attempts) == (DeliveryState.DELIVERED, 2)
    assert len(list((tmp_path / "out").iterdir())) == 3


# Letters


def letter(**changes: Any) -> Any:
    return html.document_fromstring(write_letter(parcel(**changes)))


def test_a_letter_stands_alone() -> None:
    page = letter()
    assert page.findtext("head/title") == "Morning briefing 1"
    forbidden = ("script", "style", "link", "img", "iframe", "object", "details", "form", "q")
    assert not [one.tag for one in page.iter() if one.tag in forbidden]
    assert not page.xpath("//@class") + page.xpath("//@src") + page.xpath("//@onclick")
    assert [one.tag for one in page.iter("h1", "h2", "h3")][:2] == ["h1", "h2"]
    for table in page.iter("table"):
        assert table.get("role") == "presentation"
    assert {one.get("style") is not None for one in page.iter("p", "li", "ul", "a")} == {True}


def test_a_mark_leads_to_its_sentence_within_the_letter() -> None:
    page = letter()
    links = page.xpath("//a/@href")
    assert "https://example.org/tram?a=1&b=2" in links
    assert "#source-1" in links
    assert len(page.xpath("//*[@id='source-1']")) == 1
    assert all(link.startswith(("https://", "#source-")) for link in links)
    (source,) = page.xpath("//*[@id='source-1']/ancestor::li[1]")
    assert "“The council approved the tram line.”" in source.text_content()


def test_hostile_titles_are_text_in_a_letter() -> None:
    page = letter(title=HOSTILE, subject=HOSTILE + "\ud800")
    assert not page.xpath("//script")
    assert "<script>alert(1)</script>" in page.text_content()
    assert "\u202e" not in page.text_content()
    assert "</title>" in page.findtext("head/title")


@settings(deadline=None, max_examples=30)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_title_and_any_html_give_a_letter_without_scripts(text: str) -> None:
    made = parcel(
        html=f"<article><h3>{text}</h3><script>{text}</script><p onclick='x'>{text}</article>",
        subject=text,
    )
    page = html.document_fromstring(write_letter(made))
    assert not page.xpath("//script | //*[@onclick]")
    assert write_message(made)["blocks"]


# The Atom feed


def feed_of(path: Path) -> Any:
    return etree.parse(path, etree.XMLParser(resolve_entities=False)).getroot()


def test_the_feed_is_what_rfc_4287_asks_for(tmp_path: Path) -> None:
    table = {"to": "feed", "file": "feed.xml", "url": "https://example.org/feed.xml", "title": "T"}
    for number in (1, 2, 3):
        send(tmp_path, table, number=number, title=HOSTILE, subject=HOSTILE + "\ud800")
    root = feed_of(tmp_path / "feed.xml")
    assert root.tag == f"{ATOM}feed"
    assert all(re.fullmatch(RFC_4287, child.tag) for child in root)
    for element in (root, *root.iter(f"{ATOM}entry")):
        for once in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{once}")) == 1
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Newsbot"
    (own,) = root.findall(f"{ATOM}link")
    assert (own.get("rel"), own.get("href")) == ("self", "https://example.org/feed.xml")
    times = root.xpath("//*[local-name()='updated']/text()")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", one) for one in times)
    identities = root.xpath("//*[local-name()='id']/text()")
    assert len(set(identities)) == 4
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one) for one in identities)
    for entry in root.iter(f"{ATOM}entry"):
        content = entry.find(f"{ATOM}content")
        assert content.get("type") == "html"
        assert not html.fragments_fromstring(content.text)[0].xpath("//script")
    read = feedparser.parse(tmp_path / "feed.xml")
    assert not read.bozo
    assert len(read.entries) == 3
    assert read.entries[0].title.startswith("Bad Bcc: victim")


def test_ids_stay_and_the_oldest_entries_leave(tmp_path: Path) -> None:
    table = {"to": "feed", "file": "feed.xml", "entries": 3}
    send(tmp_path, table, number=1)
    first = feed_of(tmp_path / "feed.xml")
    for number in (2, 3, 4, 5):
        send(tmp_path, table, number=number)
    last = feed_of(tmp_path / "feed.xml")
    assert last.findtext(f"{ATOM}id") == first.findtext(f"{ATOM}id")
    titles = last.xpath("//*[local-name()='entry']/*[local-name()='title']/text()")
    assert titles == [f"Morning briefing {number}" for number in (5, 4, 3)]
    newest = (MORNING + timedelta(days=4, seconds=5)).isoformat()
    assert last.findtext(f"{ATOM}updated") == newest


def test_an_entry_that_comes_again_takes_its_own_place(tmp_path: Path) -> None:
    table = {"to": "feed", "file": "feed.xml"}
    destinations = read_destinations([table], tmp_path)
    ledger = open_ledger(tmp_path)
    deliver(parcel(2), destinations, ledger)
    (done,) = deliver(parcel(1), destinations, ledger)
    from bot.delivery.atom import write_entry

    before = (tmp_path / "feed.xml").read_bytes()
    write_entry(parcel(1), destinations[0], done.token)  # type: ignore[arg-type]
    assert (tmp_path / "feed.xml").read_bytes() == before


@pytest.mark.parametrize("content", ["<html/>", "my diary", "<feed", ""])
def test_a_file_that_is_no_feed_is_left_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / "feed.xml").write_text(content)
    (done,) = send(tmp_path, {"to": "feed", "file": "feed.xml"})
    assert done.state is DeliveryState.FAILED
    assert "it was left alone" in done.message
    assert (tmp_path / "feed.xml").read_text() == content


# Slack


def texts_of(message: dict[str, Any]) -> list[str]:
    return [(block.get("text") or block["elements"][0])["text"] for block in message["blocks"]]


def test_a_slack_message_has_headings_bullets_and_links() -> None:
    message = write_message(parcel())
    assert message["blocks"][0]["text"] == {
        "type": "plain_text",
        "text": "Morning briefing 1",
        "emoji": False,
    }
    said = "\n".join(texts_of(message))
    assert "*Tram line 1 approved*" in said
    assert "• The council approved the tram line." in said
    assert "<https://example.org/tram?a=1&amp;b=2|Tram line 1 approved>" in said
    assert "#cite" not in said
    assert message["text"].startswith("Morning briefing 1\n")


def test_hostile_titles_mention_nobody_and_link_nowhere_in_slack() -> None:
    message = write_message(parcel(title=HOSTILE, subject=HOSTILE + "\ud800"))
    said = "\n".join([*texts_of(message)[1:], message["text"]])
    assert "&lt;!channel&gt; &lt;@U1&gt;" in said
    links = re.findall(r"<[^>]*>", said)
    assert links
    assert all(link.startswith("<https://example.org/tram") for link in links)
    assert all(block.get("text", {}).get("verbatim", True) for block in message["blocks"])


def test_a_long_edition_stays_within_the_limits_and_says_that_it_is_cut() -> None:
    sentence = "A sentence & more <of it> 🙂 " * 40
    body = "".join(f"<h3>Story {n}</h3><p>{sentence}{'x' * 4000}</p>" for n in range(150))
    message = write_message(parcel(html=f"<article>{body}</article>", subject="🙂 long " * 60))
    texts = texts_of(message)
    assert len(message["blocks"]) == 50
    assert len(texts[0].encode("utf-16-le")) // 2 <= 150
    assert all(0 < len(text.encode("utf-16-le")) // 2 <= 3_000 for text in texts[1:])
    assert len(message["text"].encode("utf-16-le")) // 2 <= 4_000
    assert "This is the beginning" in texts[-1]
    assert "This is the beginning" in message["text"]
    assert not any(re.search(r"&(?!amp;|lt;|gt;)", text) for text in texts[1:])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=400), max_size=30))
def test_slack_limits_hold_for_any_text(parts: list[str]) -> None:
    told = briefing(MORNING, " ".join(parts)[:500], " ".join(parts) or "x")
    message = write_message(parcel(html=to_html(told), subject=" ".join(parts)))
    assert len(message["blocks"]) <= 50
    for text in texts_of(message):
        assert 0 < len(text.encode("utf-16-le", "surrogatepass")) // 2 <= 3_000
