"""Where the keys of a TOML text stand, which tomllib does not say."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_NAME = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"^\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")


def find_lines(text: str) -> dict[Path, int]:
    """The line (from 1) of each table and key by its path, an array's tables counted from 0.

    Keys of inline tables are not found; their table's line is the nearest that is known.
    """
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    quotes = ""  # of a string over several lines that is open
    for number, line in enumerate(text.splitlines(), start=1):
        if not quotes:
            if header := _HEADER.match(line):
                table = _table(_names(header[2]), header[1] == "[[", counts)
                lines.setdefault(table, number)
                lines.setdefault(table[:-1], number)  # of an array, its first table
            elif key := _KEY.match(line):
                lines.setdefault((*table, *_names(key[1])), number)
        for mark in ('"""', "'''"):
            if quotes in ("", mark) and line.count(mark) % 2:
                quotes = "" if quotes else mark
    return lines


def line_of(path: Path, lines: dict[Path, int]) -> int:
    """The line of a path, or of the nearest table around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip(" \"'") for name in re.findall(_NAME, dotted))


def _table(names: tuple[str, ...], is_array: bool, counts: dict[Path, int]) -> Path:
    """The path of a header: arrays of tables on the way stand for their latest table."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, names[-1])
    if is_array:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path
