"""What a robots.txt permits, by RFC 9309; it fetches nothing.

The longest matching rule decides, "Allow" wins a tie, `*` and a final `$` are understood.
Patterns are matched piece by piece rather than by regular expressions, which a hostile file could
make run for ever. `Crawl-delay` is no part of the standard, and honoured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urlsplit

SIZE = 500 * 1024  # bytes that the standard asks readers to read at least
_MOST_RULES = 5_000
_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` is the path to match, percent-encoded in one way."""

    pattern: str
    allows: bool


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one reader: those that name it, else those for everyone."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0  # seconds between requests

    def allows(self, url: str) -> bool:
        """Whether the page at `url` may be fetched."""
        parts = urlsplit(url)
        path = _normal(parts.path or "/") + (f"?{_normal(parts.query)}" if parts.query else "")
        matching = [rule for rule in self.rules if _matches(rule.pattern, path)]
        if path == "/robots.txt" or not matching:
            return True
        return max(matching, key=lambda rule: (len(rule.pattern), rule.allows)).allows


EVERYTHING = Robots()


def parse_robots(text: str, agent: str) -> Robots:
    """The rules that the text holds for the product token `agent`, such as "Newsbot"."""
    own = Robots()
    everyone = Robots()
    found_own = False
    for agents, rules, delay in _groups(text):
        if agent.lower() in agents:
            own = Robots(own.rules + rules, max(own.delay, delay))
            found_own = True
        elif "*" in agents:
            everyone = Robots(everyone.rules + rules, max(everyone.delay, delay))
    return own if found_own else everyone


_Group = tuple[set[str], tuple[Rule, ...], float]


def _groups(text: str) -> Sequence[_Group]:
    """Agents, rules and delay of each group; lines before the first agent mean nothing."""
    groups: list[tuple[set[str], list[Rule], list[float]]] = []
    is_naming = False
    for line in text.removeprefix("\ufeff").splitlines()[:_MOST_RULES]:
        field = _LINE.match(line)
        if field is None:
            continue
        name, value = field[1].lower(), field[2].strip()
        if name == "user-agent":
            if not is_naming:
                groups.append((set(), [], []))
            groups[-1][0].add(_product(value))
            is_naming = True
        elif groups and name in ("allow", "disallow", "crawl-delay"):
            is_naming = False
            _add(name, value, groups[-1][1], groups[-1][2])
    return [(agents, tuple(rules), max(delays, default=0.0)) for agents, rules, delays in groups]


def _add(name: str, value: str, rules: list[Rule], delays: list[float]) -> None:
    if name == "crawl-delay":
        if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value):
            delays.append(float(value))
    elif value:  # an empty Disallow forbids nothing
        rules.append(Rule(_normal(value), name == "allow"))


def _product(value: str) -> str:
    token = re.match(r"[A-Za-z_-]+|\*", value)
    return token[0].lower() if token else ""


def _normal(path: str) -> str:
    return quote(unquote_to_bytes(path.encode("utf-8", "replace")), safe="/*$?&=:@!'(),;+~#[]%")


def _matches(pattern: str, path: str) -> bool:
    """Whether `path` begins with `pattern`, where `*` is anything, and a final `$` the end."""
    ends = pattern.endswith("$")
    pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(pieces[0]):
        return False
    place = len(pieces[0])
    if len(pieces) == 1:
        return not ends or place == len(path)
    for piece in pieces[1:-1]:
        found = path.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    last = pieces[-1]
    if ends:
        return len(path) - len(last) >= place and path.endswith(last)
    return path.find(last, place) >= 0
