from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive import Archive
from bot.archive.catalogue import Listing, Order, Wanted
from bot.entities import Article, Period

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive(
        tmp_path / "newsbot.db",
        lambda text: [match.span() for match in re.finditer(r"[^\n]+", text)],
        clock=lambda: NOW,
    )
    yield opened
    opened.close()


def article(name: str, text: str = "", days: int | None = 0, **details: object) -> Article:
    published = None if days is None else NOW - timedelta(days=days)
    facts = {"title": f"Headline {name}", "outlet": "Post", "published": published} | details
    return Article(id=name, text=text or f"Text of {name}.", **facts)  # type: ignore[arg-type]


def ids(listing: Listing) -> list[str]:
    return [entry.article.id for entry in listing.entries]


def test_entries_are_sorted_and_those_without_a_date_come_last(archive: Archive) -> None:
    for one in (
        article("a", days=1, outlet="zeta", title="b"),
        article("b", days=None, outlet="Alpha", title="C"),
        article("c", days=3, outlet=None, title="a"),
    ):
        archive.put(one)
    sorted_by = {order: ids(archive.catalogue.page(Wanted(order=order))) for order in Order}
    assert sorted_by == {
        Order.NEWEST: ["a", "c", "b"],
        Order.OLDEST: ["c", "a", "b"],
        Order.ADDED: ["a", "b", "c"],
        Order.HEADLINE: ["c", "a", "b"],
        Order.OUTLET: ["b", "a", "c"],
    }


def test_pages_divide_all_entries_between_them(archive: Archive) -> None:
    for n in range(7):
        archive.put(article(f"a{n}", days=n))
    pages = [archive.catalogue.page(Wanted(page=page, size=3)) for page in (1, 2, 3)]
    assert [ids(page) for page in pages] == [["a0", "a1", "a2"], ["a3", "a4", "a5"], ["a6"]]
    assert {(page.total, page.pages) for page in pages} == {(7, 3)}
    beyond = archive.catalogue.page(Wanted(page=99, size=3))
    assert (beyond.page, ids(beyond)) == (3, ["a6"])


def test_nothing_is_one_empty_page(archive: Archive) -> None:
    assert archive.catalogue.page(Wanted()) == Listing(entries=(), total=0, page=1, pages=1)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ferry", ["a"]),  # text and headline say "ferries"
        ("FERR harb", ["a"]),
        ("gazette", ["b"]),
        ("brook", ["b"]),
        ("trams ferry", []),
        ("100%", ["b"]),
        ('" NOT "', []),
        ("", ["a", "b"]),
        ("example.org", ["a"]),
    ],
)
def test_words_are_sought_in_text_headline_outlet_and_author(
    words: str, found: list[str], archive: Archive
) -> None:
    archive.put(article("a", "Two ferries sank in the harbour.", url="https://example.org/1"))
    archive.put(article("b", "Trams are 100 late.", outlet="The Gazette", author="Ada Brook"))
    assert ids(archive.catalogue.page(Wanted(words=words))) == found


def test_outlets_and_periods_filter(archive: Archive) -> None:
    archive.put(article("a", days=1))
    archive.put(article("b", days=9))
    archive.put(article("c", days=1, outlet="Gazette"))
    since = Period(since=NOW - timedelta(days=2))
    assert ids(archive.catalogue.page(Wanted(period=since))) == ["a", "c"]
    assert ids(archive.catalogue.page(Wanted(outlets=("Post",)))) == ["a", "b"]
    assert ids(archive.catalogue.page(Wanted(outlets=("Post",), period=since))) == ["a"]
    assert archive.catalogue.outlets() == {"Post": 2, "Gazette": 1}


def test_alternates_stand_under_the_article_whose_text_they_repeat(archive: Archive) -> None:
    archive.put(article("a", "One wire report."))
    archive.put(article("b", "One wire report.", outlet="Gazette"))
    archive.put(article("c"))
    listing = archive.catalogue.page(Wanted())
    assert listing.total == 2
    assert [one.article.id for one in listing.entries[0].alternates] == ["b"]
    assert ids(archive.catalogue.page(Wanted(outlets=("Gazette",)))) == ["a"]


def test_revisions_are_counted_and_kept_in_order(archive: Archive) -> None:
    first = article("a", "Ten were hurt.")
    archive.put(first)
    archive.put(replace(first, text="Twelve were hurt."))
    (entry,) = archive.catalogue.page(Wanted()).entries
    assert (entry.article.revision, entry.revisions, entry.added) == (2, 2, NOW)
    texts = [one.text for one in archive.catalogue.revisions("a")]
    assert texts == ["Ten were hurt.", "Twelve were hurt."]


def test_what_was_removed_is_not_listed(archive: Archive) -> None:
    archive.put(article("a"))
    archive.remove("a")
    assert archive.catalogue.page(Wanted()).total == 0
    assert archive.catalogue.revisions("a") == ()
