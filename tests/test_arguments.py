from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import Newsbot, errors, read_settings
from bot.arguments import read_filters
from bot.periods import read_moment

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
WRONG: list[tuple[Callable[[Newsbot], Any], str]] = [
    (lambda newsbot: newsbot.ask(None), "question is None"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.ask("  "), "question is empty"),
    (lambda newsbot: newsbot.ask("why? " * 1000), "4,999 characters"),
    (lambda newsbot: newsbot.ask("Who?", since=5), "5 names no time"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.search("ferry", count=0), "count is 0"),
    (lambda newsbot: newsbot.brief(3), "topic is 3"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.brief(stories=0), "stories is 0"),
    (lambda newsbot: newsbot.brief(since="2026-02-01", until="2026-01-01"), "ends before"),
    (lambda newsbot: newsbot.summarise("A text.", bullets="3"), "bullets is '3'"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.summarise(None), "None is no article"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.check("A text.", [7]), "7 is no article"),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("call", "told"), WRONG, ids=[told for _, told in WRONG])
def test_a_wrong_argument_is_told_in_one_line(
    tmp_path: Path, call: Callable[[Newsbot], Any], told: str
) -> None:
    newsbot = Newsbot(read_settings(data=tmp_path), clock=lambda: NOW)
    with newsbot, pytest.raises(errors.NewsbotError, match=told) as raised:
        call(newsbot)
    assert "\n" not in str(raised.value)


def test_one_outlet_is_not_taken_for_its_letters() -> None:
    filters = read_filters(None, None, "Ridge Wire", "ferry", NOW)
    assert filters.outlets == ("Ridge Wire",)
    assert filters.articles == ("ferry",)


def test_a_day_begins_at_the_users_midnight() -> None:
    assert read_moment(date(2026, 11, 20), NOW) == datetime(2026, 11, 20, tzinfo=UTC)
