from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier
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
    (lambda newsbot: newsbot.conflicts(8), "8 is no article"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.resolve("x"), "citation is 'x'; it must be a Citation"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.ingest(3), "3 is no article"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.ingest(["A text.", 4]), "4 is no article"),  # type: ignore[list-item]
    (lambda newsbot: newsbot.ingest(addresses=[3]), r"addresses is \[3\]"),  # type: ignore[list-item]
    (lambda newsbot: newsbot.watch("inbox"), "folders is .'inbox',."),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.search(None), "query is None"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.ask("Who?", "7d"), "history is '7d'; it must be several Turn"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.ask("Who?", outlets=3), "outlets is 3"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.ask("Who?", on_screen="it"), "on_screen is 'it'"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.brief(bullets="many"), "bullets is 'many'"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.estimate(until=[]), r"\[\] names no time"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.articles(most=0), "most is 0"),
    (lambda newsbot: newsbot.suggestions(count="3"), "count is '3'"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.retriever(count=0), "count is 0"),
    (lambda newsbot: newsbot.usage(since=5), "5 names no time"),  # type: ignore[arg-type]
    (lambda newsbot: newsbot.article(3), "no article 3"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("call", "told"), WRONG, ids=[told for _, told in WRONG])
def test_a_wrong_argument_is_told_in_one_line(
    tmp_path: Path, call: Callable[[Newsbot], Any], told: str
) -> None:
    newsbot = Newsbot(read_settings(data=tmp_path), clock=lambda: NOW)
    with newsbot, pytest.raises(errors.NewsbotError, match=told) as raised:
        call(newsbot)
    assert "\n" not in str(raised.value)


def test_settings_that_are_none_are_told() -> None:
    with pytest.raises(errors.SettingsError, match="settings is 'x'; it must be a Settings"):
        Newsbot("x")  # type: ignore[arg-type]


@pytest.mark.parametrize("opened", [True, False])
def test_a_closed_newsbot_says_that_it_is_closed(tmp_path: Path, opened: bool) -> None:
    newsbot = Newsbot(read_settings(data=tmp_path), clock=lambda: NOW)
    if opened:
        newsbot.articles()
    newsbot.close()
    newsbot.close()
    for call in (newsbot.articles, lambda: newsbot.ask("Who?"), lambda: newsbot.ingest("A text.")):
        with pytest.raises(errors.ArchiveError, match="is closed; open another"):
            call()


def test_several_sources_may_be_paths_and_texts(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text("Ferry hits wall\n\nA ferry hit the harbour wall on Monday.\n")
    with Newsbot(read_settings(data=tmp_path / "data"), clock=lambda: NOW) as newsbot:
        report = newsbot.ingest([path, ["Bridge opens\n\nA bridge opened in the north.\n"]])
        titles = {article.title for article in newsbot.articles()}
    assert len(report.outcomes) == 2
    assert titles == {"Ferry hits wall", "Bridge opens"}


def test_threads_that_begin_at_once_share_one_newsbot(tmp_path: Path) -> None:
    texts = [f"Ferry {n} hits wall\n\nFerry {n} hit the wall on Monday.\n" for n in range(6)]
    start = Barrier(len(texts))

    def keep_and_search(text: str) -> int:
        start.wait()
        newsbot.ingest(text)
        return len(newsbot.search("ferry"))

    with (
        Newsbot(read_settings(data=tmp_path), clock=lambda: NOW) as newsbot,
        ThreadPoolExecutor(len(texts)) as threads,
    ):
        found = list(threads.map(keep_and_search, texts))
        assert len(newsbot.articles()) == len(texts)
    assert all(found)


def test_one_outlet_is_not_taken_for_its_letters() -> None:
    filters = read_filters(None, None, "Ridge Wire", "ferry", NOW)
    assert filters.outlets == ("Ridge Wire",)
    assert filters.articles == ("ferry",)


def test_a_day_begins_at_the_users_midnight() -> None:
    assert read_moment(date(2026, 11, 20), NOW) == datetime(2026, 11, 20, tzinfo=UTC)
