"""What stands within an article's region and is not the article; whom a page may claim to be."""

from __future__ import annotations

import pytest

from bot.sources.pages import parse_page
from bot.sources.sites import believed, is_same_site
from tests.test_web_addresses import BODY, PARAGRAPHS, TEXT, page

ADDRESS = "https://www.example.org/2026/river"


def text_of(body: str) -> str:
    return parse_page(page(body), ADDRESS).reading.text


@pytest.mark.parametrize(
    "extra",
    [
        "<p><a href='/b'>Council tax to rise in the spring</a></p>",
        "<p>Related: <a href='/b'>Council tax to rise in the spring</a></p>",
        "<p>Read more: Council tax to rise in the spring</p>",
        "<p>Advertisement</p>",
        "<p>Story continues below this advertisement</p>",
        "<p>[button link='/kit' type='big'] Send us your review[/button]</p>",
    ],
)
def test_pointers_to_other_articles_are_left_out_wherever_they_stand(extra: str) -> None:
    first, rest = BODY.split("</p>", 1)
    assert text_of(f"{first}</p>{extra}{rest}") == TEXT
    assert text_of(BODY + extra) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to our newsletter for the best of the week.",
        "Follow us on Facebook",
        "© 2026 The Lune Post. All rights reserved.",
        "Copyright 2026 The Lune Post",
        "12 comments",
        "November 23, 2026",
        "Click here to get The Post delivered every day.",
    ],
)
def test_the_sites_own_lines_are_left_out_at_the_edges(line: str) -> None:
    assert text_of(f"{BODY}<p>{line}</p>") == TEXT
    assert text_of(f"<p>{line}</p>{BODY}") == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "Subscribers of the water board's warnings were told at four in the morning, she said.",
        "The board said: “Follow the signs, not the others.”",
        "<a href='/b'>The board's report</a> says that the dam held.",
    ],
)
def test_sentences_stay(line: str) -> None:
    found = text_of(f"{BODY}<p>{line}</p><p>{PARAGRAPHS[0]} Again, it said so.</p>")
    assert found.count("\n\n") == 4


def test_a_page_of_links_is_left_as_it_is() -> None:
    links = "".join(
        f"<p><a href='/{number}'>Winner number {number} of the town's great race</a></p>"
        for number in range(9)
    )
    assert text_of(f"<p>{PARAGRAPHS[0]}</p>{links}").count("Winner number") >= 7


def test_a_headline_loses_the_outlets_name() -> None:
    head = '<meta property="og:site_name" content="The Post">'
    head += '<meta property="og:title" content="River rises again – The Post">'
    assert parse_page(page(head=head), ADDRESS).reading.title == "River rises again"


@pytest.mark.parametrize(
    ("claimed", "address", "url"),
    [
        ("/river", ADDRESS, "https://www.example.org/river"),
        ("https://example.org/river", ADDRESS, "https://example.org/river"),
        ("https://news.example.org/river", ADDRESS, "https://news.example.org/river"),
        ("https://example.com/river", ADDRESS, None),
        ("https://www.example.org/", ADDRESS, None),
        ("https://b.blogspot.com/a", "https://a.blogspot.com/a", None),
        ("https://b.co.uk/a", "https://a.co.uk/a", None),
        ("http://127.0.0.1/a", "http://127.0.0.2/a", None),
        (
            "https://example.org/river",
            "https://example-org.cdn.ampproject.org/c/s/example.org/river/amp",
            "https://example.org/river",
        ),
        ("https://example.com/a", "https://example-org.cdn.ampproject.org/c/s/example.org/a", None),
        ("javascript:alert(1)", ADDRESS, None),
        ("", ADDRESS, None),
    ],
)
def test_a_claim_is_believed_of_the_own_site_only(
    claimed: str, address: str, url: str | None
) -> None:
    assert believed(claimed, address) == url


def test_sites_are_registered_domains() -> None:
    assert is_same_site("https://feeds.example.co.uk/a", "https://www.example.co.uk/b")
    assert not is_same_site("https://example.org", "https://example.com")
    assert is_same_site("http://wiki.intranet/a", "http://wiki.intranet/b")
