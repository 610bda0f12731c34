"""Citation marks in a model's text: [1], [1, 2], [1][2], 【1】, [Passage 1], (passage 1).

The prompts ask for [1]; the rest is what models write all the same. This module knows nothing
about sentences or streams.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WORD = r"(?:(?:passages?|sources?|articles?|notes?)\s*)"
_NUMBERS = rf"\^?{_WORD}?\d{{1,3}}(?:\s*(?:,|;|&|and|-|–)\s*{_WORD}?\d{{1,3}})*"
_MARK = re.compile(
    rf"\s*(?:\[\s*({_NUMBERS})\s*\]|【\s*({_NUMBERS})(?:†[^】]*)?\s*】"
    rf"|\(\s*({_WORD}\d{{1,3}}(?:\s*(?:,|and)\s*\d{{1,3}})*)\s*\))",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?")
_OPEN = re.compile(r"\s*(?:\[[^\[\]]{0,40}|【[^】]{0,40}|\([^()]{0,25})$")


class Unmarked(NamedTuple):
    """Text without its marks, the numbers in them, and for each character where it had stood."""

    text: str
    numbers: tuple[int, ...]
    origins: tuple[int, ...]


def take_marks(text: str) -> Unmarked:
    """Takes the marks and the space before each out of the text."""
    numbers: dict[int, None] = {}
    kept: list[int] = []
    start = 0
    for mark in _MARK.finditer(text):
        kept.extend(range(start, mark.start()))
        start = mark.end()
        numbers.update(dict.fromkeys(_numbers(next(group for group in mark.groups() if group))))
    kept.extend(range(start, len(text)))
    return Unmarked("".join(text[place] for place in kept), tuple(numbers), tuple(kept))


def begins_with_mark(text: str) -> bool:
    """Whether marks stand before their sentences here, not behind them."""
    return _MARK.match(text) is not None


def without_open_mark(text: str) -> str:
    """The text without a mark at its end that is not complete yet."""
    return _OPEN.sub("", text)


def defuse_marks(text: str) -> str:
    """An article's own [1] as (1), so that a model does not take it for a passage's number."""
    return re.sub(r"[\[【](\s*\^?\d{1,3}(?:\s*,\s*\d{1,3})*\s*)[\]】]", r"(\1)", text)


def _numbers(inside: str) -> list[int]:
    numbers: list[int] = []
    for first, last in _RANGE.findall(inside):
        end = int(last or first)
        numbers.extend(range(int(first), end + 1) if 0 <= end - int(first) < 20 else (int(first),))
    return numbers
