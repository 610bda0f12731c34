"""What callers give to `Newsbot`, in the form that its parts take; what will not do is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.entities import Filters
from bot.errors import SettingsError
from bot.periods import Moment, period_between

Thing = TypeVar("Thing")

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


def read_one(name: str, thing: Thing, kind: type[Thing]) -> Thing:
    """A thing of a kind."""
    if not isinstance(thing, kind):
        raise SettingsError(f"{name} is {thing!r}; it must be a {kind.__name__}.")
    return thing


def read_several(
    name: str, things: Thing | Iterable[Thing], kind: type[Thing]
) -> tuple[Thing, ...]:
    """Several things of a kind; one alone is one, so that no `str` is taken for its letters."""
    if isinstance(things, kind):
        return (things,)
    several = tuple(things) if isinstance(things, Iterable) else (things,)
    if not all(isinstance(one, kind) for one in several):
        raise SettingsError(f"{name} is {things!r}; it must be several {kind.__name__}.")
    return several


def read_filters(
    since: Moment, until: Moment, outlets: Sequence[str], articles: Sequence[str], now: datetime
) -> Filters:
    """What a search is limited to: articles published in [since, until), outlets, ids."""
    return Filters(
        period=period_between(since, until, now),
        outlets=read_several("outlets", outlets, str),
        articles=read_several("articles", articles, str),
    )
