"""Deliveries that are killed: `python -m tests.one_delivery FOLDER`, with cases on standard input.

Each case is an edition, a point and a `deliver` table, a line of JSON; each runs in a process of
its own, which notes its id in the folder's file `pid` and ends by SIGKILL at the point, or after so
many seconds where the point is "any".
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from bot.archive.database import Database
from bot.archive.deliveries import Deliveries
from bot.archive.receipts import Delivery
from bot.delivery import deliver, read_destinations
from tests.parcels import Clock, parcel

# Loaded once, and not in each of the processes that are forked.
HEAVY = ("filelock", "httpx", "lxml.html", "nh3", "smtplib", "bot.sources.sockets")
POINTS = ("before the plan", "planned", "begun", "sending", "sent", "done")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class MortalLedger(Deliveries):
    """The ledger of a process that is killed before or after one of its transactions."""

    point = ""

    def plan(self, edition: str, destinations: Any) -> None:
        self._die_at("before the plan")
        super().plan(edition, destinations)
        self._die_at("planned")

    def begin(self, edition: str, destination: str, *, again: bool = False) -> Delivery | None:
        begun = super().begin(edition, destination, again=again)
        self._die_at("begun")
        return begun

    def finish(self, begun: Delivery, message: str = "") -> None:
        self._die_at("sent")
        super().finish(begun, message)
        self._die_at("done")

    def _die_at(self, point: str) -> None:
        if point == self.point:
            die()


def run(folder: Path, case: dict[str, Any]) -> None:
    """One case, in this process. A file is "sending" when it is written but not in its place;
    what receives mail or a POST kills this process itself, by its id. The folder's file `seconds`
    says how long a delivery took that nobody killed."""
    ledger = MortalLedger(Database(folder / "newsbot.db"), Clock())
    ledger.point = case["point"]
    if case["point"] == "sending" and case["table"]["to"] in ("files", "feed"):
        os.replace = lambda *_: die()
    begun = time.monotonic()
    if case["point"] == "any":
        signal.setitimer(signal.ITIMER_REAL, case["seconds"])  # whose signal ends the process
    (folder / "pid").write_text(str(os.getpid()))
    secrets = json.loads(os.environ["SECRETS"])
    destinations = read_destinations([case["table"]], folder)
    name = case["edition"]
    deliver(parcel(id=name, name=name, subject=name), destinations, ledger, read=secrets.get)
    (folder / "seconds").write_text(str(time.monotonic() - begun))


def main(folder: Path) -> None:
    for module in HEAVY:
        importlib.import_module(module)
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            run(folder, json.loads(line))
            os._exit(0)
        _, status = os.waitpid(process, 0)
        print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
