"""Near-duplicates: what is an edited copy, and what stands for a group as articles come and go."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from bot.archive import Archive
from bot.archive.schema import articles as rows
from bot.archive.schema import sketches
from bot.entities import Article, Outcome
from tests.kept_groups import find_alternates

WORDS = (
    "council river harbour bridge minister budget vote strike train station market price storm "
    "rescue doctor school teacher court judge hearing witness company factory worker union plan "
    "road traffic island ferry captain engine smoke alarm meeting letter report figure winter"
).split()
MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)


def text(seed: int, words: int = 300) -> str:
    """News of a kind: the words of one vocabulary in an order of its own, with a few numbers."""
    chance = random.Random(seed)
    chosen = [chance.choice(WORDS) for _ in range(words)]
    for place in range(20, words, 60):
        chosen[place] = str(chance.randrange(100, 1000))
    return " ".join(chosen)


def article(identity: str, text: str, hours: int = 0) -> Article:
    return Article(id=identity, text=text, published=MORNING + timedelta(hours=hours))


def edited(original: str, every: int) -> str:
    """Every so many words another word, as somebody who edits leaves it; numbers stay."""
    words = original.split()
    for place in range(3, len(words), every):
        if not words[place].isdigit():
            words[place] = "changed"
    return " ".join(words)


@pytest.mark.parametrize("every", [20, 10, 7])
def test_a_copy_with_words_changed_here_and_there_is_an_alternate(every: int) -> None:
    original = text(1)
    copy = edited(original, every)
    assert find_alternates([article("a", original), article("b", copy, 1)]) == {"b": "a"}


def test_a_copy_with_its_parts_in_another_order_is_an_alternate() -> None:
    parts = [text(seed, 60) for seed in range(5)]
    moved = " ".join(edited(part, 12) for part in reversed(parts))
    assert find_alternates([article("a", " ".join(parts)), article("b", moved, 1)]) == {"b": "a"}


def test_a_later_version_with_a_new_passage_is_no_alternate() -> None:
    original = text(1)
    later = f"{text(2, 60)} {edited(original, 20)}"
    assert find_alternates([article("a", original), article("b", later, 1)]) == {}


def test_numbers_in_each_others_places_make_another_report() -> None:
    original = edited(text(1), 20)
    numbers = {word for word in original.split() if word.isdigit()}
    other = " ".join(str(int(w) + 1) if w in numbers else w for w in original.split())
    assert numbers
    assert find_alternates([article("a", original), article("b", other, 1)]) == {}


def test_a_number_that_was_left_out_makes_none() -> None:
    original = text(1)
    number = next(word for word in original.split() if word.isdigit())
    assert find_alternates(
        [article("a", original), article("b", original.replace(number, ""), 1)]
    ) == {"b": "a"}


def test_short_texts_that_share_their_form_are_two() -> None:
    first = "The match between Brenmoor and Ellery was won by Brenmoor after a late goal by Hale"
    second = "The match between Norvale and Skerry was won by Norvale after a late goal by Lind"
    assert find_alternates([article("a", first), article("b", second, 1)]) == {}


def test_other_texts_are_not_compared_with_everything() -> None:
    articles = [article(str(number), text(number)) for number in range(30)]
    assert find_alternates(articles) == {}


# As articles come, change and go


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive(tmp_path / "newsbot.db", lambda text: [(0, len(text))], lambda: MORNING)
    yield opened
    opened.close()


def wire(hours: int, every: int = 0, identity: str = "") -> Article:
    """A copy of one report, printed so many hours later, with every so many words changed."""
    original = text(1)
    return article(identity or f"at{hours}", edited(original, every) if every else original, hours)


def found(archive: Archive) -> set[str]:
    return {one.split(":")[0] for one, _ in archive.chunks.search("council harbour", 99)}


@pytest.mark.parametrize("order", list(permutations([wire(0, 9), wire(1), wire(2, 15)])))
def test_the_first_stands_for_all_whatever_came_first(
    archive: Archive, order: tuple[Article, ...]
) -> None:
    for one in order:
        archive.put(one)
    assert archive.alternates() == {"at1": "at0", "at2": "at0"}
    assert archive.counts()["alternates"] == 2


def test_an_edited_copy_is_an_alternate_that_its_own_words_still_find(archive: Archive) -> None:
    archive.put(wire(0))
    kept = archive.put(wire(1, 9))
    assert (kept.outcome, kept.added) == (Outcome.ALTERNATE, ("at1:1:0",))
    assert [one for one, _ in archive.chunks.search("changed", 9)] == ["at1:1:0"]
    groups = {one.metadata["group"] for one in archive.chunks.load(["at0:1:0", "at1:1:0"])}
    assert groups == {"at0"}


def test_the_very_same_text_is_searched_once_in_its_group(archive: Archive) -> None:
    for one in (wire(1, 9), wire(2, 9), wire(0)):
        archive.put(one)
    assert archive.alternates() == {"at1": "at0", "at2": "at0"}
    assert found(archive) == {"at0", "at1"}
    kept = archive.remove("at1")
    assert kept.added == ("at2:1:0",)
    assert found(archive) == {"at0", "at2"}


@pytest.mark.parametrize("removes", [True, False])
def test_when_the_first_leaves_the_next_stands_for_the_others(
    archive: Archive, removes: bool
) -> None:
    for one in (wire(0), wire(2, 15), wire(1, 9)):
        archive.put(one)
    if removes:
        archive.remove("at0")
    else:
        archive.put(article("at0", text(7)))
    assert archive.alternates() == {"at2": "at1"}
    assert {"at1", "at2"} <= found(archive)


def test_a_copy_that_is_revised_to_another_text_leaves_the_group(archive: Archive) -> None:
    archive.put(wire(0))
    archive.put(wire(1, 9))
    assert archive.put(article("at1", text(7), 1)).outcome is Outcome.REVISED
    assert archive.alternates() == {}
    assert archive.put(wire(1, 15)).outcome is Outcome.ALTERNATE


def test_what_was_removed_leaves_no_sketch(archive: Archive) -> None:
    archive.put(wire(0))
    archive.remove("at0")
    with archive.database.read() as connection:
        assert connection.execute(sketches.select()).all() == []


def test_what_an_earlier_newsbot_kept_is_compared_afterwards(archive: Archive) -> None:
    for one in (wire(2, 15), wire(0), wire(1, 9), article("other", text(7))):
        archive.put(one)
    expected = archive.alternates()
    with archive.database.write() as connection:
        connection.execute(delete(sketches))
        connection.execute(update(rows).values(compared=None, alternate_of=None))
    assert archive.uncompared() == 4
    assert [archive.compare(3)[0], archive.compare(3)[0], archive.compare(3)[0]] == [3, 1, 0]
    assert archive.alternates() == expected == {"at1": "at0", "at2": "at0"}
    assert archive.uncompared() == 0


_KEEPS = """
import sys
from datetime import timedelta
from pathlib import Path
from bot.archive import Archive
from tests.test_groups import MORNING, wire
archive = Archive(Path(sys.argv[1]), lambda text: [(0, len(text))], lambda: MORNING)
for n in range(int(sys.argv[2]), 24, 3):
    archive.put(wire(n, 8 + n % 9))
"""


def test_several_processes_keep_one_group(tmp_path: Path) -> None:
    path = tmp_path / "newsbot.db"
    keeping = [
        subprocess.Popen([sys.executable, "-c", _KEEPS, str(path), str(n)]) for n in (2, 1, 0)
    ]
    assert [one.wait(timeout=60) for one in keeping] == [0, 0, 0]
    archive = Archive(path, lambda text: [(0, len(text))], lambda: MORNING)
    assert archive.alternates() == {f"at{n}": "at0" for n in range(1, 24)}
    archive.close()


@pytest.mark.slow
def test_a_wire_that_a_hundred_print_is_kept_in_seconds(archive: Archive) -> None:
    for n in range(100):
        archive.put(replace(wire(100 - n, 8 + n % 9), outlet=f"Outlet {n}"))
    assert set(archive.alternates().values()) == {"at1"}
    assert archive.counts()["alternates"] == 99
