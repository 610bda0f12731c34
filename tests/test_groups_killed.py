"""Processes that are killed while they group near-duplicates leave no half a group behind."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, event, select, update

from bot.archive import Archive
from bot.archive.likeness import read_wording
from bot.archive.schema import articles as rows
from bot.archive.schema import sketches
from bot.entities import Article
from tests.test_groups import MORNING, article, edited, text

pytestmark = pytest.mark.slow

Work = Callable[[Archive], None]
FORK = get_context("fork")  # what is loaded here is loaded there


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    archive = Archive(path, lambda text: [(0, len(text))], lambda: MORNING)
    yield archive
    archive.close()


def printed(families: int) -> list[Article]:
    """Reports that three outlets print, the last of them word for word, in an order of chance."""
    found = []
    for n in range(families):
        original = text(n, 120)
        for hours, copy in enumerate([original, edited(original, 9), original]):
            found.append(article(f"{n}at{hours}", copy, hours))
    random.Random(5).shuffle(found)
    return found


def keep(archive: Archive) -> None:
    """Copies come, an original is revised to another text, and one is removed."""
    for one in printed(3):
        if archive.removed_at(one.id) is None:
            archive.put(one)
    archive.put(article("0at0", text(90, 120)))
    if archive.removed_at("1at0") is None:
        archive.remove("1at0")


def compare(archive: Archive) -> None:
    while archive.compare(2)[0]:
        pass


def kill_at(path: Path, work: Work, point: str, number: int) -> bool:
    """Whether the work got to the event of that number and died there."""

    def run() -> None:
        numbers = count()

        def die(*_: object) -> None:
            if next(numbers) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, point, die)
        with opened(path) as archive:
            work(archive)

    child = FORK.Process(target=run)
    child.start()
    child.join(60)
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


def check(archive: Archive) -> None:
    """Groups of one level, sketches of all texts, and each text of a group searched once."""
    alternates, live = archive.alternates(), {one.id for one in archive.details()}
    assert set(alternates) | set(alternates.values()) <= live
    assert not set(alternates) & set(alternates.values())
    with archive.database.read() as connection:
        kept = [
            tuple(row) for row in connection.execute(select(sketches.c.article, sketches.c.hash))
        ]
    texts = {one.id: one.text for one in archive.articles(sorted(live))}
    assert sorted(kept) == sorted((a, h) for a in live for h in read_wording(texts[a]).sketch)
    searched = [one.split(":")[0] for one, _ in archive.chunks.search("council harbour", 99)]
    held = [(alternates.get(one, one), texts[one]) for one in searched]
    assert len(held) == len(set(held))
    assert set(held) == {(alternates.get(one, one), texts[one]) for one in live}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The groups that nobody was killed over."""
    with opened(tmp_path_factory.mktemp("whole") / "newsbot.db") as archive:
        keep(archive)
        check(archive)
        return archive.alternates()


@pytest.mark.parametrize("point", ["begin", "commit"])  # after a committed step, and before it
def test_killed_at_each_committed_step_the_groups_are_whole_and_then_complete(
    tmp_path: Path, kept: dict[str, str], point: str
) -> None:
    assert kept == {"0at2": "0at1", "1at2": "1at1", "2at1": "2at0", "2at2": "2at0"}
    for number in count():
        path = tmp_path / f"{number}/newsbot.db"
        died = kill_at(path, keep, point, number)
        with opened(path) as archive:
            check(archive)
            keep(archive)
            check(archive)
            assert archive.alternates() == kept
        if not died:
            break
    assert number > 12  # opening, ten texts that come, one that goes


def test_killed_at_any_statement_again_and_again_nothing_is_lost(
    tmp_path: Path, kept: dict[str, str]
) -> None:
    chance, path = random.Random(11), tmp_path / "newsbot.db"
    died = [
        kill_at(path, keep, "before_cursor_execute", chance.randrange(5, 400)) for _ in range(12)
    ]
    assert any(died)
    with opened(path) as archive:
        check(archive)
        keep(archive)
        check(archive)
        assert archive.alternates() == kept


def test_killed_at_any_time_while_many_are_kept(tmp_path: Path) -> None:
    def keep_many(path: Path) -> None:
        with opened(path) as archive:
            for one in printed(40):
                archive.put(one)

    chance, path = random.Random(3), tmp_path / "newsbot.db"
    for _ in range(6):
        child = FORK.Process(target=keep_many, args=(path,))
        child.start()
        time.sleep(chance.uniform(0.05, 0.6))
        child.kill()
        child.join(60)
        with opened(path) as archive:
            check(archive)
    keep_many(path)
    with opened(path) as archive:
        check(archive)
        assert archive.alternates() == {f"{n}at{h}": f"{n}at0" for n in range(40) for h in (1, 2)}


def test_killed_while_an_old_archive_is_compared_it_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "newsbot.db"
    with opened(path) as archive:
        for one in printed(4):
            archive.put(one)
        expected = archive.alternates()
        with archive.database.write() as connection:
            connection.execute(delete(sketches))
            connection.execute(update(rows).values(compared=None, alternate_of=None))
    for number in (30, 60, 90, 120, 150):
        kill_at(path, compare, "before_cursor_execute", number)
    with opened(path) as archive:
        compare(archive)
        check(archive)
        assert archive.alternates() == expected
