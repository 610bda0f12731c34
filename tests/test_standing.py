"""briefings.toml: what it may say, and how its mistakes are told."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.editions.standing import (
    HEADLINES,
    Limit,
    Watchlist,
    check_standing,
    name_of,
    read_standing,
)
from bot.errors import StandingBriefingError

UTC = ZoneInfo("UTC")


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "briefings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(tmp_path: Path, text: str) -> list[str]:
    return [str(one) for one in check_standing(write(tmp_path, text), UTC)[1]]


def test_the_sample_has_no_mistake(seeds: Path) -> None:
    standing, wrong = check_standing(seeds / "briefings.toml", UTC)
    assert not wrong
    assert [one.name for one in standing] == ["morning", "heat"]
    assert standing[1].subject == "heat pumps, grid expansion"
    assert standing[1].budget == Limit(tokens=50_000)


def test_an_entry_says_what_is_wanted(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        [[briefing]]
        name = "evening"
        topic = "floods"
        sources = ["https://example.org/feed", "articles"]
        period = "7d"
        stories = 4
        style = "headlines"
        schedule = "0 18 * * * Europe/Paris"
        budget = { tokens = 9, money = 0.5 }
        [briefing.watch]
        people = ["Ada Byron"]
        [[briefing.deliver]]
        to = "files"
        folder = "out"
        """,
    )
    (one,) = read_standing(path, UTC)
    assert one.sources == ("https://example.org/feed", str(tmp_path / "articles"))
    assert one.schedule is not None
    assert str(one.schedule.zone) == "Europe/Paris"
    assert (one.stories, one.style, one.budget) == (4, HEADLINES, Limit(9, 0.5))
    assert one.watch == Watchlist(people=("Ada Byron",))
    assert one.deliver == ({"to": "files", "folder": "out"},)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('schedul = "every day 07:00"', "line 3, briefing.schedul: .*mean 'schedule'"),
        ('stories = "many"', "line 3, briefing.stories: .*whole number"),
        ("stories = 0", "line 3, briefing.stories: .*from 1"),
        ("bullets = true", "line 3, briefing.bullets"),
        ('style = "headline"', "line 3, briefing.style: .*mean 'headlines'"),
        ('schedule = "every day"', "line 3, briefing.schedule: .*not understood"),
        ('schedule = "0 7 * * *"', "line 3, briefing.schedule: .*timezone"),
        ('timezone = "Europe/Berln"', "line 3, briefing.timezone: .*mean 'Europe/Berlin'"),
        (
            'schedule = "0 7 * * *"\ntimezone = "Mars/Base"',
            "line 4, briefing.timezone: .*a name such as Europe/Berlin",
        ),
        ('model = "extractve"', "line 3, briefing.model: .*mean 'extractive'"),
        ('period = "a while"', "line 3, briefing.period"),
        ('sources = ["a", 1]', "line 3, briefing.sources: .*list of texts"),
        ('sources = "a"', "line 3, briefing.sources"),
        ("budget = { tokens = 0 }", "line 3, briefing.budget.tokens"),
        ('budget = { tokens = "many" }', "line 3, briefing.budget.tokens: .*whole number"),
        ("budget = { coins = 1 }", "line 3, briefing.budget.coins"),
        ("budget = { money = -1 }", "line 3, briefing.budget.money: .*above 0"),
        ("\n[briefing.watch]\nterm = []", "line 5, briefing.watch.term: .*mean 'terms'"),
        ("deliver = [1]", "line 3, briefing.deliver: .*list of tables"),
        ('\n[[briefing]]\nname = "a"', "line 5, briefing.name: .*taken"),
        ("\n[[briefing]]", "line 4, briefing.name: .*needs a name"),
        ('\n[[briefing]]\nname = "A b"', "line 5, briefing.name: .*small letters"),
        ('\n[[briefings]]\nname = "b"', "line 4, briefings: .*mean 'briefing'"),
    ],
)
def test_a_mistake_is_told_by_line_and_key(tmp_path: Path, entry: str, told: str) -> None:
    (mistake,) = mistakes(tmp_path, f'[[briefing]]\nname = "a"\n{entry}\n')
    assert mistake.count("\n") == 0
    assert re.match(told, mistake), mistake


def test_every_mistake_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    told = mistakes(tmp_path, '[[briefing]]\nnam = "a"\n[[briefing]]\nname = "b"\nstories = 0\n')
    assert [one.split(",")[0] for one in told] == ["line 1", "line 2", "line 5"]


def test_a_right_entry_is_kept_beside_a_wrong_one(tmp_path: Path) -> None:
    path = write(tmp_path, '[[briefing]]\nname = "a"\n[[briefing]]\nname = "b"\nstories = 0\n')
    standing, wrong = check_standing(path, UTC)
    assert [one.name for one in standing] == ["a"]
    assert len(wrong) == 1
    with pytest.raises(StandingBriefingError, match=r"briefings\.toml, line 5, briefing\.stories"):
        read_standing(path, UTC)


def test_what_is_no_file_or_no_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(StandingBriefingError, match="not there"):
        read_standing(tmp_path / "briefings.toml", UTC)
    with pytest.raises(StandingBriefingError, match=r"not valid TOML.*line 1"):
        read_standing(write(tmp_path, "[[briefing]"), UTC)
    with pytest.raises(StandingBriefingError, match="no briefing"):
        read_standing(write(tmp_path, ""), UTC)


def test_an_unknown_name_is_told_with_those_there_are(seeds: Path) -> None:
    standing = read_standing(seeds / "briefings.toml", UTC)
    assert name_of("heat", standing).topic == "heat pumps"
    with pytest.raises(StandingBriefingError, match="morning, heat"):
        name_of("evening", standing)
