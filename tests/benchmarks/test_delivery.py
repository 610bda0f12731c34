"""Editions whose senders are killed at random times, until each has arrived."""

from __future__ import annotations

from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from bot.delivery import DeliveryState
from tests.parcels import open_ledger
from tests.post_office import post_office
from tests.test_delivery_kills import Receiver, kill_all

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

EDITIONS = 15
ROUNDS = 8


def test_each_edition_arrives_once_whenever_its_sender_is_killed(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    receiver = Receiver(tmp_path)
    receiver.kills = False
    httpserver.expect_request("/in").respond_with_handler(receiver.post)
    chance = Random(5)
    killed = 0
    with post_office(tmp_path) as office:
        office.on_mail = lambda mail: receiver.take(mail["Subject"], mail["Message-ID"])
        tables = (office.table(), {"to": "webhook", "url": httpserver.url_for("/in")})
        open_ledger(tmp_path)  # with its tables
        seconds = {table["to"]: _measure(tmp_path, table) for table in tables}
        receiver.seen.clear()
        waiting = {f"{table['to']}-{n}": table for table in tables for n in range(EDITIONS)}
        for last in [False] * ROUNDS + [True]:
            cases = [
                {
                    "edition": edition,
                    "point": "" if last else "any",
                    "seconds": chance.uniform(0.0005, seconds[table["to"]]),
                    "table": table,
                }
                for edition, table in waiting.items()
            ]
            killed += sum(signal != 0 for signal in kill_all(tmp_path, cases))
            waiting = {one: table for one, table in waiting.items() if not _is_done(tmp_path, one)}
    assert waiting == {}
    arrived: dict[str, list[str]] = {}
    for edition, identity in receiver.seen:
        arrived.setdefault(edition, []).append(identity)
    raw = sum(map(len, arrived.values()))
    print(
        f"\n{2 * EDITIONS} editions, {killed} senders killed within the "
        f"{seconds['mail']:.3f} s (mail) and {seconds['webhook']:.3f} s (webhook) of a delivery: "
        f"{raw} arrivals, each under one id"
    )
    assert len(arrived) == 2 * EDITIONS
    ledger = open_ledger(tmp_path)
    for edition, identities in arrived.items():
        (done,) = ledger.of(edition)
        assert len(set(identities)) == 1
        assert len(identities) <= 1 + done.unknown
    assert killed >= EDITIONS


def _measure(folder: Path, table: dict[str, Any]) -> float:
    """How many seconds a delivery takes on this machine, the median of three."""
    taken = []
    for number in range(3):
        edition = f"measured-{table['to']}-{number}"
        assert kill_all(folder, [{"edition": edition, "point": "", "table": table}]) == [0]
        taken.append(float((folder / "seconds").read_text()))
    return median(taken)


def _is_done(folder: Path, edition: str) -> bool:
    return any(one.state is DeliveryState.DELIVERED for one in open_ledger(folder).of(edition))
