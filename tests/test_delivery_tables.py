"""The `deliver` tables: what they name, and how their mistakes are told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.delivery import (
    AtomFeed,
    Folder,
    Mail,
    Webhook,
    find_mistakes,
    read_destinations,
    unset_variables,
)
from bot.delivery.destinations import label_all
from bot.errors import DestinationError

MAIL = {
    "to": "mail",
    "server": "smtp.example.org",
    "sender": "Newsbot <news@example.org>",
    "recipients": ["desk@example.org"],
}


def test_each_kind_is_read() -> None:
    files, feed, mail, hook, slack = read_destinations(
        [
            {"to": "files", "folder": "editions", "formats": ["markdown"]},
            {"to": "feed", "file": "feed.xml", "entries": 10},
            {**MAIL, "user": "me", "password_variable": "SMTP_PASSWORD"},
            {"to": "webhook", "url": "http://10.0.0.1:8080/in", "token_variable": "HOOK_TOKEN"},
            {"to": "webhook", "format": "slack", "url_variable": "SLACK_URL", "name": "channel"},
        ],
        base=Path("/srv/news"),
    )
    assert isinstance(files, Folder)
    assert files.folder == Path("/srv/news/editions").absolute()
    assert isinstance(feed, AtomFeed)
    assert feed.entries == 10
    assert isinstance(mail, Mail)
    assert mail.address == ("smtp.example.org", 587)
    assert isinstance(hook, Webhook)
    assert hook.label == "webhook at 10.0.0.1:8080"
    assert isinstance(slack, Webhook)
    assert (slack.key, slack.label) == ("webhook:channel", "channel")
    assert unset_variables((mail, hook, slack), {"HOOK_TOKEN": "x"}.get) == (
        "SMTP_PASSWORD",
        "SLACK_URL",
    )


def test_no_two_destinations_are_called_the_same() -> None:
    hooks = read_destinations(
        [
            {"to": "webhook", "url": "https://hooks.example.org/first?key=s3cret"},
            {"to": "webhook", "url": "https://hooks.example.org/second"},
            {"to": "webhook", "url": "https://hooks.example.org:8443/first"},
            {"to": "webhook", "url": "https://hooks.example.org/third", "name": "desk"},
        ]
    )
    assert label_all(hooks) == (
        "webhook at hooks.example.org, 1 of 2",
        "webhook at hooks.example.org, 2 of 2",
        "webhook at hooks.example.org:8443",
        "desk",
    )


def test_a_destination_keeps_its_key_when_how_it_is_reached_changes() -> None:
    first, *_ = read_destinations([MAIL])
    second, *_ = read_destinations([{**MAIL, "server": "other.example.org", "timeout": 5}])
    third, *_ = read_destinations([{**MAIL, "recipients": ["other@example.org"]}])
    assert first.key == second.key != third.key


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ({"to": "emial"}, "to", "did you mean mail?"),
        ({"to": ["mail"]}, "to", "to is one of files, feed, mail, webhook"),
        ({}, "to", "to is one of files"),
        ("files", "to", "must be a table"),
        ({"to": "files"}, "folder", 'it is missing; add it, as in folder = "editions"'),
        ({"to": "files", "folder": 3}, "folder", "path"),
        ({"to": "files", "folder": "a", "formats": ["pdf"]}, "formats", "'markdown'"),
        ({"to": "feed", "file": "a", "xyz": 1}, "xyz", "the keys are name, file"),
        ({"to": "feed", "file": "a", "entrys": 3}, "entrys", "did you mean entries?"),
        ({"to": "feed", "file": "a", "entries": 0}, "entries", "greater than or equal to 1"),
        ({"to": "feed", "file": "a", "url": "feed.xml"}, "url", "begins with http"),
        ({**MAIL, "host": "x"}, "host", "did you mean server?"),
        ({**MAIL, "port": 70_000}, "port", "less than or equal to 65535"),
        ({**MAIL, "sender": "nobody"}, "sender", "give a mail address"),
        ({**MAIL, "recipients": []}, "recipients", "at least 1"),
        ({**MAIL, "recipients": ["a@b\nBcc: c@d"]}, "recipients", "give a mail address"),
        ({**MAIL, "recipients": ["a@b.c, d@e.f"]}, "recipients", "give a mail address"),
        ({**MAIL, "security": "none"}, "", "for a server on this machine only"),
        ({**MAIL, "user": "me"}, "", "go together"),
        ({**MAIL, "timeout": 0}, "timeout", "greater than 0"),
        ({"to": "webhook"}, "", "give either url or url_variable"),
        ({"to": "webhook", "url": "ftp://x/"}, "url", "begins with http"),
        ({"to": "webhook", "url": "https://u:p@x/"}, "url", "token_variable"),
        ({"to": "webhook", "url": "http://[::1/"}, "url", "begins with http"),
        ({"to": "webhook", "url": "https://x/\r\nA: b"}, "url", "%XX"),
        ({"to": "webhook", "url": "https://x/", "format": "slack"}, "", "is a secret"),
    ],
)
def test_a_mistake_is_told_by_its_key(table: Any, key: str, said: str) -> None:
    (mistake,) = find_mistakes([{"to": "files", "folder": "fine"}, table])
    assert mistake.keys[:2] == ((1, key) if key else (1,))
    assert said in mistake.message
    with pytest.raises(DestinationError, match="destination 2") as told:
        read_destinations([{"to": "files", "folder": "fine"}, table])
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "table",
    [
        {**MAIL, "password": "hunter2"},
        {**MAIL, "user": "me", "password_variable": "hunter2"},
        {"to": "webhook", "url": "https://x/", "token": "hunter2"},
        {"to": "webhook", "url": "https://hunter2@x/"},
        {"to": "webhook", "url_variable": "https://hooks.example/hunter2"},
        {"to": "webhook", "format": "slack", "url": "https://hooks.slack.com/hunter2"},
    ],
)
def test_a_secret_in_the_wrong_place_is_told_and_not_repeated(table: dict[str, Any]) -> None:
    mistakes = find_mistakes([table])
    assert mistakes
    assert all("variable" in one.message for one in mistakes)
    assert not any("hunter2" in str(one) for one in mistakes)


def test_the_same_destination_twice_is_a_mistake() -> None:
    (mistake,) = find_mistakes([MAIL, MAIL])
    assert "stands twice" in mistake.message
    assert find_mistakes([MAIL, {**MAIL, "name": "second"}]) == ()


def test_all_mistakes_are_found_and_the_first_one_raised() -> None:
    tables = [{"to": "files"}, {"to": "feed", "fil": "x"}]
    assert [one.keys for one in find_mistakes(tables)] == [(0, "folder"), (1, "file"), (1, "fil")]
    with pytest.raises(DestinationError, match=r"destination 1, folder.*\(and 2 more\)"):
        read_destinations(tables)


def test_the_example_of_the_readme_has_no_mistakes() -> None:
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(\[\[briefing\.deliver.*?)```", text, re.DOTALL)
    briefings = tomllib.loads(f"[[briefing]]\n{example}")["briefing"]
    assert find_mistakes(briefings[0]["deliver"]) == ()
    assert {one.to for one in read_destinations(briefings[0]["deliver"])} == {
        *("files", "feed", "mail", "webhook")
    }
