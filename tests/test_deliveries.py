"""The ledger: intents, receipts, what is due, and what nobody knows."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from bot.archive.deliveries import WAITS, Deliveries
from bot.archive.receipts import DeliveryState
from bot.errors import ArchiveError
from tests.parcels import Clock, open_ledger

EDITION, DESK, FEED = "morning-1", "mail:desk", "atomfeed:all"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Deliveries:
    ledger = open_ledger(tmp_path, clock)
    ledger.plan(EDITION, [(DESK, "mail to the desk"), (FEED, "feed all.xml")])
    return ledger


def state(ledger: Deliveries, destination: str = DESK) -> DeliveryState:
    return next(one.state for one in ledger.of(EDITION) if one.destination == destination)


def test_what_is_planned_is_due_and_keeps_its_token(ledger: Deliveries) -> None:
    planned = ledger.due()
    assert {one.destination for one in planned} == {DESK, FEED}
    assert len({one.token for one in planned}) == 2
    ledger.plan(EDITION, [(DESK, "mail to the desk"), (FEED, "feed all.xml")])
    assert ledger.due() == planned


def test_a_delivery_that_arrived_is_never_begun_again(ledger: Deliveries) -> None:
    begun = ledger.begin(EDITION, DESK)
    assert begun is not None
    ledger.finish(begun)
    assert state(ledger) is DeliveryState.DELIVERED
    assert ledger.begin(EDITION, DESK) is None
    assert ledger.begin(EDITION, DESK, again=True) is None
    assert [one.destination for one in ledger.due()] == [FEED]


def test_an_intent_without_a_receipt_is_unknown_once_its_sender_is_gone(
    ledger: Deliveries,
) -> None:
    with ledger.alone(DESK, 0) as mine:
        assert mine
        first = ledger.begin(EDITION, DESK)
        assert first is not None
        seen: list[DeliveryState] = []
        other = threading.Thread(target=lambda: seen.append(state(ledger)))
        other.start()
        other.join()
        assert seen == [DeliveryState.SENDING]
    assert state(ledger) is DeliveryState.UNKNOWN
    assert DESK in {one.destination for one in ledger.due()}
    second = ledger.begin(EDITION, DESK)
    assert second is not None
    assert (second.token, second.attempts, second.unknown) == (first.token, 2, 1)
    ledger.finish(second)
    assert "1 of unknown outcome" in str(ledger.of(EDITION)[1])


def test_only_one_sends_to_a_destination_at_a_time(ledger: Deliveries, tmp_path: Path) -> None:
    other = open_ledger(tmp_path)
    with (
        ledger.alone(DESK, 0) as mine,
        other.alone(FEED, 0) as elsewhere,
        other.alone(DESK, 0) as too,
    ):
        assert (mine, elsewhere, too) == (True, True, False)
    with other.alone(DESK, 0) as now:
        assert now


def test_a_folder_of_locks_that_cannot_be_made_is_told(ledger: Deliveries, tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("a file")
    with pytest.raises(ArchiveError, match="cannot be written"), ledger.alone(DESK, 0):
        pass


def test_failures_that_may_pass_wait_longer_each_time_and_end(
    ledger: Deliveries, clock: Clock
) -> None:
    for number, wait in enumerate(WAITS, start=1):
        begun = ledger.begin(EDITION, DESK)
        assert begun is not None
        assert begun.attempts == number
        ledger.postpone(begun, "refused for now")
        assert ledger.begin(EDITION, DESK) is None
        clock.pass_by(wait - 1)
        assert ledger.begin(EDITION, DESK) is None
        clock.pass_by(1)
        assert DESK in {one.destination for one in ledger.due()}
    begun = ledger.begin(EDITION, DESK)
    assert begun is not None
    ledger.postpone(begun, "refused for now")
    assert state(ledger) is DeliveryState.FAILED
    assert "given up after 8 attempts: refused for now" in str(ledger.of(EDITION)[1])
    again = ledger.begin(EDITION, DESK, again=True)
    assert again is not None
    assert again.attempts == 1


def test_a_server_that_asks_for_more_time_gets_it_within_a_day(
    ledger: Deliveries, clock: Clock
) -> None:
    for asked, given in ((1, 60), (7_200, 7_200), (10**9, 86_400)):
        begun = ledger.begin(EDITION, DESK, again=True)
        assert begun is not None
        ledger.postpone(begun, "busy", wait=asked)
        waiting = next(one for one in ledger.of(EDITION) if one.destination == DESK)
        assert waiting.next_at is not None
        assert (waiting.next_at - clock.now).total_seconds() in (given, WAITS[begun.attempts - 1])


def test_an_attempt_that_was_always_cut_short_is_given_up(ledger: Deliveries) -> None:
    for _ in range(len(WAITS) + 1):
        assert ledger.begin(EDITION, DESK) is not None
    assert ledger.begin(EDITION, DESK) is None
    assert state(ledger) is DeliveryState.FAILED


def test_recipients_that_were_served_are_remembered(ledger: Deliveries, clock: Clock) -> None:
    begun = ledger.begin(EDITION, DESK)
    assert begun is not None
    ledger.postpone(begun, "one has to wait", served=("a@example.org",))
    clock.pass_by(60)
    again = ledger.begin(EDITION, DESK)
    assert again is not None
    assert again.served == ("a@example.org",)


def test_a_postponement_of_unknown_end_forgets_no_recipient(
    ledger: Deliveries, clock: Clock
) -> None:
    begun = ledger.begin(EDITION, DESK)
    assert begun is not None
    ledger.postpone(begun, "one has to wait", served=("a@example.org",))
    clock.pass_by(60)
    again = ledger.begin(EDITION, DESK)
    assert again is not None
    ledger.postpone(again, "cut off", unknown=True)
    assert state(ledger) is DeliveryState.UNKNOWN
    kept = next(one for one in ledger.of(EDITION) if one.destination == DESK)
    assert kept.served == ("a@example.org",)


def test_what_is_no_longer_wanted_is_given_up(ledger: Deliveries) -> None:
    ledger.give_up(EDITION, DESK, "no longer in briefings.toml")
    assert state(ledger) is DeliveryState.FAILED
    assert [one.destination for one in ledger.due()] == [FEED]
    assert ledger.next_at() is not None


def test_the_table_is_the_one_that_the_migration_makes(tmp_path: Path) -> None:
    from sqlalchemy import create_engine, inspect

    from bot.archive.receipts import deliveries

    open_ledger(tmp_path)
    found = inspect(create_engine(f"sqlite:///{tmp_path / 'newsbot.db'}"))
    columns = {
        one["name"]: (str(one["type"]), one["nullable"]) for one in found.get_columns("deliveries")
    }
    wanted = {one.name: (str(one.type), one.nullable) for one in deliveries.columns}
    assert columns == wanted
    with sqlite3.connect(tmp_path / "newsbot.db") as connection:
        assert connection.execute("SELECT count(*) FROM deliveries").fetchone() == (0,)
