"""Feeds as they are written: what an entry is, which are read, and what is hostile in them."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.entities import Article, Ingested
from bot.errors import SourceError, UnsupportedFormatError
from bot.sources import read
from bot.sources.entries import Entry, Feed
from bot.sources.feeds import choose, digest, is_teaser, parse_feed, text_of
from bot.sources.subscriptions import parse_list

ADDRESS = "https://example.org/feeds/news.xml"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">'
RSS = (
    '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
)


def entry_of(text: str) -> Entry:
    (entry,) = parse_feed(text, address=ADDRESS).entries
    return entry


def rss(inside: str) -> Entry:
    return entry_of(f"{RSS}<item>{inside}</item></channel></rss>")


def atom(inside: str) -> Entry:
    return entry_of(f"{ATOM}<entry>{inside}</entry></feed>")


def test_the_entrys_own_fields_are_told_from_other_vocabularies() -> None:
    entry = rss(
        "<media:title>A picture</media:title><media:description>Of a river</media:description>"
        "<title>River rises</title><description>It rose.</description>"
        "<dc:creator>Ada Brook</dc:creator><dc:date>2026-11-23T10:00:00Z</dc:date>"
    )
    assert (entry.title, entry.summary, entry.author) == ("River rises", "It rose.", "Ada Brook")
    assert entry.published is not None


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("AT&amp;T &amp;amp; others", "AT&T & others"),
        ("<![CDATA[The <b>river</b> rises]]>", "The river rises"),
        ("Caf&eacute; opens", "Café opens"),
        ("Q&A with R&D", "Q&A with R&D"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_titles_are_text(title: str, shown: str) -> None:
    assert rss(f"<title>{title}</title><link>/a</link>").title == shown


@pytest.mark.parametrize(
    ("inside", "link"),
    [
        ('<link href="/a"/>', "https://example.org/a"),
        ('<link rel="self" href="/s"/><link rel="alternate" href="a"/>',
         "https://example.org/feeds/a"),
        ('<link rel="enclosure" href="/a.mp3"/><id>https://example.org/b</id>',
         "https://example.org/b"),
        ('<link href="a" xml:base="https://example.com/"/>', "https://example.org/feeds/a"),
        ("<id>urn:uuid:1</id>", None),
        ('<link href="javascript:alert(1)"/>', None),
        ('<link href="https://name:secret@example.org/a"/>', "https://example.org/a"),
    ],
)  # fmt: skip
def test_the_link_is_the_alternate_made_absolute(inside: str, link: str | None) -> None:
    assert atom(f"{inside}<title>A</title>").link == link


def test_xhtml_is_text_too() -> None:
    entry = atom(
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It rose.</p>'
        "<script>obey()</script><p>It fell.</p></div></content>"
    )
    assert text_of(entry) == "It rose.\n\nIt fell."


def test_one_identifier_for_different_entries_keeps_them_apart() -> None:
    items = "".join(
        f"<item><guid>x</guid><title>{title}</title><link>/{title}</link></item>" for title in "aab"
    )
    feed = parse_feed(f"{RSS}{items}</channel></rss>", address=ADDRESS)
    assert [entry.title for entry in feed.entries] == ["a", "b"]
    assert len({entry.key for entry in feed.entries}) == 2


@pytest.mark.parametrize(
    ("ending", "teaser"),
    [
        ("", False),
        (" …", True),
        (" [...]", True),
        (" Read more", True),
        (" Continue reading River rises →", True),
        (" He could read more than most.", False),
    ],
)
def test_a_teaser_says_that_there_is_more(ending: str, teaser: bool) -> None:
    text = "The river rose by two metres in the night, the board said. " * 20 + ending
    assert is_teaser(Entry(key="1", content=text), text) is teaser
    assert is_teaser(Entry(key="1", summary=text), text)


def test_the_credit_below_an_entry_is_not_its_text() -> None:
    entry = rss(
        "<title>A</title><description><![CDATA[<p>The river rose.</p>"
        "<p>The post <a href='/a'>River rises</a> appeared first on The Post.</p>]]>"
        "</description>"
    )
    assert text_of(entry) == "The river rose."


def test_an_entry_changes_with_its_words_also_when_its_date_does_not() -> None:
    first = rss("<guid>1</guid><title>A</title><description>It rose.</description>")
    second = rss("<guid>1</guid><title>A</title><description>It fell.</description>")
    assert digest(first) != digest(second)
    feed = Feed(entries=(second,))
    assert choose(feed, {"1": digest(first)}, 9).entries == (second,)
    assert choose(feed, {"1": digest(second)}, 9).entries == ()


def test_the_newest_come_first() -> None:
    items = "".join(
        f"<item><guid>{day}</guid><title>{day}</title><pubDate>2026-11-0{day}</pubDate></item>"
        for day in (1, 3, 2)
    )
    feed = parse_feed(f"{RSS}{items}</channel></rss>", address=ADDRESS)
    choice = choose(feed, {}, 2)
    assert [entry.title for entry in choice.entries] == ["3", "2"]
    assert choice.over == 1


def test_entries_beyond_all_measure_are_counted() -> None:
    items = "".join(f"<item><guid>{number}</guid></item>" for number in range(10_003))
    feed = parse_feed(f"{RSS}{items}</channel></rss>", address=ADDRESS)
    assert (len(feed.entries), feed.ignored) == (10_000, 3)


def test_control_characters_of_a_link_do_not_reach_a_terminal() -> None:
    entry = entry_of(
        '{"version": "https://jsonfeed.org/version/1", "items": [{"url": "/a\\u001b[2Jb"}]}'
    )
    assert entry.link == "https://example.org/a%1B[2Jb"


def test_addresses_of_a_list_are_absolute_and_told_once() -> None:
    text = (
        "<opml><body><outline xmlUrl='feed://example.org/a'/><outline xmlUrl='/b'/>"
        "<outline XMLURL='https://example.org/a'/></body></opml>"
    )
    assert parse_list(text, address="https://example.org/list") == (
        "https://example.org/a",
        "https://example.org/b",
    )


@pytest.mark.parametrize("name", ["a.xml", "a.rss", "a.json"])
def test_a_feed_that_was_saved_gives_what_it_carries(tmp_path: Path, name: str) -> None:
    body = "<p>The river rose by two metres in the night, the board said.</p>" * 20
    text = (
        f"{RSS}<item><title>A</title><link>https://example.org/a</link><content:encoded>"
        f"<![CDATA[{body}]]></content:encoded></item><item><title>B</title>"
        "<link>https://example.org/b</link><description>B …</description></item></channel></rss>"
    )
    if name == "a.json":
        items = [
            {"url": "https://example.org/a", "title": "A", "content_html": body},
            {"url": "https://example.org/b", "title": "B", "summary": "B …"},
        ]
        text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    (tmp_path / name).write_text(text)
    whole, teaser = read(tmp_path / name)
    assert isinstance(whole, Article)
    assert (whole.title, whole.url) == ("A", "https://example.org/a")
    assert isinstance(teaser, Ingested)
    assert "https://example.org/b" in teaser.message


def test_xml_that_is_no_feed_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<urlset><url/></urlset>")
    with pytest.raises(UnsupportedFormatError, match="no feed"):
        list(read(tmp_path / "a.xml"))
    (tmp_path / "a.xml").write_text("<opml><body/></opml>")
    with pytest.raises(UnsupportedFormatError, match="opml"):
        list(read(tmp_path / "a.xml"))


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "&a", "<![CDATA[", "<!--", "<?", "<!D ", '<a b="', "<item>", "&#x", "</item>",
     "<item><title>x</title></item>", "<!DOCTYPE rss [", "<!ENTITY a '", "]]>", " ", "\x00"],
)  # fmt: skip
@pytest.mark.parametrize("opening", ["", f"{RSS}<item><title>a</title><description>"])
def test_a_megabyte_of_anything_is_read_in_time(opening: str, piece: str) -> None:
    text = opening + piece * (1_000_000 // len(piece))
    begun = time.process_time()
    with contextlib.suppress(SourceError):
        parse_feed(text, address=ADDRESS)
    assert time.process_time() - begun < 2


@given(st.text(alphabet=st.characters(), max_size=200), st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_broken_feeds_have_an_outcome(junk: str, place: int) -> None:
    whole = f"{RSS}<item><title>A</title><link>/a</link><description>B</description></item>"
    for text in (whole[:place] + junk + whole[place:], whole[:place] + junk):
        with contextlib.suppress(SourceError):
            assert parse_feed(text, address=ADDRESS).entries
