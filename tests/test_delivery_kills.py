"""A process that is killed at each point of a delivery: nothing is lost and nothing doubled.

Where nobody can know whether an edition arrived it comes again, and a receiver that tells
repetitions by their ids has it once.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import feedparser
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from bot.delivery import Delivery, DeliveryState, deliver, read_destinations
from tests.one_delivery import POINTS
from tests.parcels import open_ledger, parcel
from tests.post_office import PASSWORD, post_office

SECRETS = {"SMTP_PASSWORD": PASSWORD}
SENDING = f"-{POINTS.index('sending')}"  # ends the id of an edition whose receiver kills its sender


class Receiver:
    """Counts what arrives of each edition, raw and by its id, and kills a sender meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.seen: list[tuple[str, str]] = []
        self.kills = True

    def take(self, edition: str, identity: str) -> None:
        self.seen.append((edition, identity))
        if self.kills and edition.endswith(SENDING):
            os.kill(int((self._folder / "pid").read_text()), signal.SIGKILL)

    def post(self, request: Request) -> Response:
        self.take(request.get_json()["id"], request.headers["Idempotency-Key"])
        return Response("")

    def counts(self, kind: str) -> list[tuple[int, int]]:
        """For each point: how many came, and how many of them are distinct."""
        editions = [f"{kind}-{number}" for number in range(len(POINTS))]
        ids = [[one for edition, one in self.seen if edition == wanted] for wanted in editions]
        return [(len(some), len(set(some))) for some in ids]


def kill_all(folder: Path, cases: Iterable[dict[str, Any]]) -> list[int]:
    """Runs the cases; the signals that ended them."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.one_delivery", str(folder)],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "SECRETS": json.dumps(SECRETS)},
        input="".join(json.dumps(case) + "\n" for case in cases),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return [int(line) for line in run.stdout.split()]


def resume(folder: Path, cases: Iterable[dict[str, Any]]) -> dict[str, Delivery]:
    """What a new process does: it delivers every edition again. The states, and what is left."""
    ledger = open_ledger(folder)
    before = {case["edition"]: ledger.of(case["edition"]) for case in cases}
    assert {edition for edition, known in before.items() if not known} == {
        f"{kind}-0" for kind in ("files", "feed", "mail", "webhook")
    }
    for case in cases:
        destinations = read_destinations([case["table"]], folder)
        edition = parcel(id=case["edition"], name=case["edition"], subject=case["edition"])
        (after,) = deliver(edition, destinations, ledger, read=SECRETS.get)
        assert after.state is DeliveryState.DELIVERED, after
        assert deliver(edition, destinations, ledger, read=SECRETS.get) == (after,)
        known = before[case["edition"]]
        assert known == () or known[0].token == after.token
    assert ledger.due() == ()
    return {edition: known[0] for edition, known in before.items() if known}


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_each_edition_arrives_once_wherever_its_sender_was_killed(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    receiver = Receiver(tmp_path)
    httpserver.expect_request("/in").respond_with_handler(receiver.post)
    with post_office(tmp_path) as office:
        office.on_mail = lambda mail: receiver.take(mail["Subject"], mail["Message-ID"])
        tables = (
            {"to": "files", "folder": "out"},
            {"to": "feed", "file": "feed.xml"},
            office.table(),
            {"to": "webhook", "url": httpserver.url_for("/in")},
        )
        cases = [
            {"edition": f"{table['to']}-{number}", "point": point, "table": table}
            for table in tables
            for number, point in enumerate(POINTS)
        ]
        assert kill_all(tmp_path, cases) == [signal.SIGKILL] * len(cases)
        receiver.kills = False
        before = resume(tmp_path, cases)
    once, twice = (1, 1), (2, 1)
    for kind in ("mail", "webhook"):
        assert receiver.counts(kind) == [once, once, once, twice, twice, once]
    for kind in ("files", "feed", "mail", "webhook"):
        states = [before[f"{kind}-{number}"].state for number in range(1, len(POINTS))]
        assert states == ["waiting", "unknown", "unknown", "unknown", "delivered"]
    names = [f"files-{n}-2026-11-24T0700+0000" for n in range(len(POINTS))]
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == sorted(f"{name}.{one}" for name in names for one in ("html", "json", "md"))
    entries = [entry.title for entry in feedparser.parse(tmp_path / "feed.xml").entries]
    assert sorted(entries) == [f"feed-{n}" for n in range(len(POINTS))]
