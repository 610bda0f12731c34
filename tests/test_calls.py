"""The ledger of calls and the cached replies, in real SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import Article
from bot.archive import Archive
from bot.archive.calls import Call, Ledger
from bot.archive.replies import OLDEST, Replies

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive(tmp_path / "newsbot.db", lambda text: [(0, len(text))])
    archive.put(Article(id="kim", text="Kim arrived in Vladivostok."))
    archive.put(Article(id="putin", text="Putin received him."))
    yield archive
    archive.close()


@pytest.fixture
def ledger(archive: Archive) -> Ledger:
    return Ledger(archive.database)


@pytest.fixture
def replies(archive: Archive) -> Replies:
    return Replies(archive.database)


def call(at: datetime = NOW, **given: Any) -> Call:
    given = {"purpose": "answer", "prompt": "abc", "model": "m", "cost": 0.5} | given
    return Call(at=at, input_tokens=100, cached_tokens=40, output_tokens=10, seconds=2.0, **given)


def test_what_calls_took_is_added_up_by_day_model_and_purpose(ledger: Ledger) -> None:
    for one in (
        call(),
        call(outcome="stopped"),
        call(purpose="story"),
        call(model="other", outcome="ModelTimeoutError"),
        call(NOW - timedelta(days=1)),
    ):
        ledger.add(one)
    found = ledger.usage(UTC)
    assert [(one.day.day, one.model, one.purpose, one.calls) for one in found] == [
        (24, "m", "answer", 2),
        (24, "m", "story", 1),
        (24, "other", "answer", 1),
        (23, "m", "answer", 1),
    ]
    first = found[0]
    assert (first.input_tokens, first.cached_tokens, first.output_tokens) == (200, 80, 20)
    assert (first.cost, first.seconds, first.failed) == (1.0, 4.0, 0)
    assert found[2].failed == 1


def test_a_day_is_one_of_the_users_timezone(ledger: Ledger) -> None:
    ledger.add(call(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)))
    assert ledger.usage(UTC)[0].day == date(2026, 11, 24)
    assert ledger.usage(ZoneInfo("Europe/Berlin"))[0].day == date(2026, 11, 25)


def test_a_price_that_is_not_known_makes_the_cost_unknown(ledger: Ledger) -> None:
    ledger.add(call())
    ledger.add(call(cost=None))
    assert ledger.usage(UTC)[0].cost is None


def test_what_was_spent_since_then_counts_whatever_the_offset(ledger: Ledger) -> None:
    assert ledger.spent(NOW) == (0, 0.0)
    ledger.add(call(NOW.astimezone(ZoneInfo("Asia/Tokyo"))))
    ledger.add(call(NOW - timedelta(hours=1)))
    assert ledger.spent(NOW) == (110, 0.5)
    assert ledger.spent(NOW - timedelta(hours=2)) == (220, 1.0)
    assert len(ledger.usage(UTC, since=NOW)) == 1


# Cached replies


def test_a_reply_is_found_under_its_key(replies: Replies) -> None:
    replies.keep("key", "Kim arrived. [1]", ["kim", "putin"], NOW)
    assert replies.find("key", NOW) == "Kim arrived. [1]"
    assert replies.find("other", NOW) is None


def test_a_reply_goes_with_the_first_article_that_it_was_made_from(
    archive: Archive, replies: Replies
) -> None:
    replies.keep("both", "Kim arrived. [1]", ["kim", "putin"], NOW)
    replies.keep("one", "Putin received him. [1]", ["putin"], NOW)
    archive.remove("kim")
    assert replies.find("both", NOW) is None
    assert replies.find("one", NOW) is not None
    files = archive.database.path.parent.glob("newsbot.db*")
    assert not any(b"Kim arrived" in file.read_bytes() for file in files)


def test_a_reply_that_comes_after_the_removal_is_not_kept(
    archive: Archive, replies: Replies
) -> None:
    archive.remove("kim")
    replies.keep("key", "Kim arrived. [1]", ["kim", "putin"], NOW)
    assert replies.find("key", NOW) is None


@pytest.mark.parametrize("shown", [[], ["not archived"], ["kim", "not archived"]])
def test_a_reply_about_what_is_not_archived_is_not_kept(replies: Replies, shown: list[str]) -> None:
    replies.keep("key", "Kim arrived. [1]", shown, NOW)
    assert replies.find("key", NOW) is None


def test_a_reply_is_forgotten_after_a_while(replies: Replies) -> None:
    replies.keep("key", "Kim arrived. [1]", ["kim"], NOW)
    assert replies.find("key", NOW + OLDEST) is None
    replies.keep("another", "Kim left. [1]", ["kim"], NOW + OLDEST)
    assert replies.find("key", NOW) is None


def test_the_oldest_replies_make_room(archive: Archive) -> None:
    replies = Replies(archive.database, largest=25)
    for minute in range(3):
        replies.keep(f"key {minute}", "ten bytes.", ["kim"], NOW + timedelta(minutes=minute))
    later = NOW + timedelta(minutes=5)
    kept = [replies.find(f"key {minute}", later) for minute in range(3)]
    assert kept == [None, "ten bytes.", "ten bytes."]
    replies.keep("large", "x" * 26, ["kim"], later)
    assert replies.find("large", later) is None
