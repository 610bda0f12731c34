"""What callers give to `Newsbot`, in the form that its parts take; what will not do is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.entities import Filters
from bot.errors import SettingsError
from bot.periods import Moment, period_between

LONGEST_QUESTION = 4_000  # characters


def read_question(question: str) -> str:
    """A question without the space around it. Raises SettingsError when it is empty or too long."""
    text = read_text("question", question)
    if not text:
        raise SettingsError("The question is empty; ask something in words.")
    if len(text) > LONGEST_QUESTION:
        raise SettingsError(
            f"The question has {len(text):,} characters; ask in at most {LONGEST_QUESTION:,}."
        )
    return text


def read_text(name: str, text: str) -> str:
    """A text without the space around it."""
    if not isinstance(text, str):
        raise SettingsError(f"{name} is {text!r}; it must be text, a str.")
    return text.strip()


def read_number(name: str, number: int) -> int:
    """A number of things that are wanted, 1 or more."""
    if not isinstance(number, int) or number < 1:
        raise SettingsError(f"{name} is {number!r}; it must be a whole number, at least 1.")
    return number


def read_names(names: str | Sequence[str]) -> tuple[str, ...]:
    """Several names; a `str` is one, never its letters."""
    return (names,) if isinstance(names, str) else tuple(names)


def read_filters(
    since: Moment, until: Moment, outlets: Sequence[str], articles: Sequence[str], now: datetime
) -> Filters:
    """What a search is limited to: articles published in [since, until), outlets, ids."""
    return Filters(
        period=period_between(since, until, now),
        outlets=read_names(outlets),
        articles=read_names(articles),
    )
