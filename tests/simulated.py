"""Days of a standing briefing, simulated: articles come, processes run, overlap and are killed.

After any number of days everything must be there: one edition a slot, every article covered once,
every edition delivered.
"""

from __future__ import annotations

import json
import signal
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot import Newsbot, read_settings
from bot.archive.runs import State
from tests.edition_process import BUSY, start
from tests.newsdesk import EVERY_DAY, MONDAY

STANDING = EVERY_DAY + 'sources = ["news"]\n[[briefing.deliver]]\nto = "files"\nfolder = "out"\n'
PLACES = ("Aldburg", "Brack", "Corvo", "Dunmore", "Ellis", "Farrow", "Garth", "Holm", "Ivel")
THINGS = ("bridge", "harbour", "library", "tram", "clinic", "stadium", "market", "observatory")
DEEDS = ("opened", "closed", "flooded", "was sold", "burned down", "was restored", "won a prize")


def prepare(directory: Path) -> None:
    """An empty data directory with its standing briefing, first seen a minute before the first day.

    `moment_of(0)` is the first slot.
    """
    (directory / "news").mkdir(parents=True)
    (directory / "briefings.toml").write_text(STANDING, encoding="utf-8")
    settings = read_settings(data=directory, timezone="UTC")
    with Newsbot(settings, clock=lambda: moment_of(0) - timedelta(minutes=1)) as newsbot:
        assert newsbot.editions.scheduler().tick() == []


def moment_of(day: int) -> datetime:
    """When the slot of a day is due, with the minute that a scheduler takes to notice."""
    return MONDAY + timedelta(days=day, hours=7)


def publish(directory: Path, day: int, chance: Random) -> None:
    """Two new articles, and now and then a change of an earlier one."""
    when = moment_of(day) - timedelta(hours=3)
    for number in range(2):
        thing, place, deed = (chance.choice(some) for some in (THINGS, PLACES, DEEDS))
        text = (
            f"The {thing} of {place} {deed} on day {day}, said witness number {number}. "
            f"It cost {chance.randrange(1_000, 90_000):,} crowns and took {day + 2} weeks."
        )
        write(
            directory, f"{day:03}-{number}", f"The {thing} of {place}, {day}/{number}", text, when
        )
    if day and day % 4 == 0:
        write(directory, f"{day - 1:03}-0", "A correction", f"Witness {day} took it back.", when)


def write(directory: Path, name: str, title: str, text: str, when: datetime) -> None:
    """An article as a file; one that is there is replaced at once."""
    path = directory / "news" / f"{name}.jsonl"
    row = {"id": name, "title": title, "text": text, "published": when.isoformat()}
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(row) + "\n", encoding="utf-8")
    fresh.replace(path)


def run_out(directory: Path, moment: datetime, role: str = "schedule") -> None:
    """One process that nobody kills: afterwards the day is done."""
    process = start(directory, role, moment)
    process.join(120)
    assert process.exitcode == 0, process.exitcode


def run_killed(directory: Path, moment: datetime, point: str, count: int) -> None:
    """One process that is killed at a named point."""
    process = start(directory, "schedule", moment, point, count)
    process.join(120)
    assert process.exitcode == -signal.SIGKILL, (point, process.exitcode)


def run_together(directory: Path, moment: datetime, chance: Random, longest: float) -> int:
    """Two schedulers and a manual run at once, one of them killed at a random time; how many were.

    `longest` is the most seconds until the kill.
    """
    processes = [start(directory, role, moment) for role in ("schedule", "schedule", "run")]
    victim = chance.choice(processes)
    victim.join(chance.uniform(0, longest))
    victim.kill()
    for process in processes:
        process.join(120)
        assert process.exitcode in (0, BUSY, -signal.SIGKILL), process.exitcode
    return sum(process.exitcode == -signal.SIGKILL for process in processes)


def check(directory: Path, days: int) -> None:
    """Nothing is doubled and nothing is missing."""
    settings = read_settings(data=directory, timezone="UTC")
    with Newsbot(settings, clock=lambda: moment_of(days)) as newsbot:
        runs = newsbot.editions.history("daily")
        assert {one.run.state for one in runs} == {State.DONE}
        editions = sorted(newsbot.editions.editions("daily"), key=lambda one: one.number)
        assert [one.number for one in editions] == list(range(1, days + 1))
        assert [one.slot for one in editions] == [moment_of(day) for day in range(days)]
        covered = Counter(
            (one.article, one.revision) for e in editions for one in e.manifest.articles
        )
        assert set(covered.values()) == {1}
        live = {(one.id, one.revision) for one in newsbot.articles()}
        assert live <= set(covered)
        assert len(live) == 2 * days
        for one in runs:
            assert [str(each.state) for each in one.deliveries] == ["delivered"], one
    files = [path.name for path in (directory / "out").iterdir() if path.suffix == ".json"]
    assert len(files) == days
