"""robots.txt by RFC 9309, its examples among the tests."""

from __future__ import annotations

import time

import pytest

from bot.sources.robots import parse_robots

RULES = """
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""


@pytest.mark.parametrize(
    ("agent", "path", "allowed"),
    [
        ("Newsbot", "/publications/a", True),
        ("Newsbot", "/example/a", False),
        ("Newsbot", "/a/picture.gif", False),
        ("Newsbot", "/a/picture.gif?size=1", True),
        ("foobot", "/example/page.html", True),
        ("FooBot", "/example/other.html", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/example/other.html", True),
        ("quxbot", "/example/page.html", True),
    ],
)
def test_groups_and_the_longest_rule(agent: str, path: str, allowed: bool) -> None:
    assert parse_robots(RULES, agent).allows(f"https://example.org{path}") is allowed


@pytest.mark.parametrize(
    ("rule", "path", "matches"),
    [
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish", False),
        ("/fish*", "/fishheads", True),
        ("/fish/", "/fish", False),
        ("/*.php", "/folder/any.php?x", True),
        ("/*.php$", "/a.php?x", False),
        ("/*.php$", "/a.php5.php", True),
        ("/fish*.php", "/fishheads/cats.php?x", True),
        ("/a%3cd.html", "/a%3Cd.html", True),
        ("/é", "/%C3%A9t%C3%A9", True),
        ("*", "/any", True),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("/a*b$", "/ab/a", False),
    ],
)
def test_patterns(rule: str, path: str, matches: bool) -> None:
    robots = parse_robots(f"User-agent: *\nDisallow: {rule}", "Newsbot")
    assert robots.allows(f"https://example.org{path}") is not matches


def test_allow_wins_a_tie_and_an_empty_disallow_forbids_nothing() -> None:
    url = "https://example.org/page"
    assert parse_robots("user-agent: *\ndisallow: /page\nallow: /page", "Newsbot").allows(url)
    assert parse_robots("user-agent: *\ndisallow:", "Newsbot").allows(url)
    assert parse_robots("disallow: /", "Newsbot").allows(url)


def test_groups_that_name_the_reader_are_one() -> None:
    text = "User-agent: newsbot\nDisallow: /a\nCrawl-delay: 2\n\nUser-agent: *\nDisallow: /\n\n"
    robots = parse_robots(text + "User-agent: Newsbot/2\nDisallow: /b # not this", "Newsbot")
    assert [robots.allows(f"https://example.org/{path}") for path in "abc"] == [False, False, True]
    assert robots.delay == 2


@pytest.mark.parametrize("text", ["", "\x00\xff", "<html>", "User-agent\n:::", "Allow: /" * 99])
def test_nonsense_forbids_nothing(text: str) -> None:
    assert parse_robots(text, "Newsbot").allows("https://example.org/a")


def test_a_hostile_pattern_takes_no_time() -> None:
    robots = parse_robots(f"User-agent: *\nDisallow: /{'a*' * 500}b$", "Newsbot")
    begun = time.monotonic()
    assert robots.allows("https://example.org/" + "a" * 1900)
    assert time.monotonic() - begun < 0.5
