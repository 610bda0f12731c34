"""Archives of the first schema, of before near-duplicates were found, with copies among them."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import MetaData, Table, create_engine, insert

import bot.library
from bot import Newsbot, read_settings
from bot.archive.archive import COMPARED
from bot.archive.catalogue import Wanted
from bot.archive.chunks import hash_chunk
from bot.archive.rows import to_chunk, to_row
from bot.doctor import examine
from bot.entities import Article
from tests.test_groups import MORNING, article, edited, text
from vectorstore.keywords import KeywordIndex

FIRST = Path(__file__).parent / "archives/schema_0001.sql"


def reports(count: int) -> list[Article]:
    """So many reports, each printed by two others with words changed."""
    return [
        one
        for number in range(count)
        for original in (text(number, 120),)
        for one in (
            article(f"first{number}", original),
            article(f"second{number}", edited(original, 10), 1),
            article(f"third{number}", edited(original, 17), 2),
        )
    ]


def keep(path: Path, articles: Sequence[Article]) -> None:
    """An archive as the first Newsbot left it: each article by itself, with its chunk."""
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        database.executescript(FIRST.read_text(encoding="utf-8"))
    database.close()
    engine = create_engine(f"sqlite:///{path}")
    tables = {
        name: Table(name, MetaData(), autoload_with=engine)
        for name in ("articles", "revisions", "chunks")
    }
    with engine.begin() as connection:
        for one in articles:
            row = to_row(one) | {"article": one.id, "revision": 1}
            row |= {"added_at": MORNING.isoformat()}
            chunk = to_chunk(row | {"alternate_of": None}, (0, len(one.text)), 0)
            facts = chunk.metadata | {"text_hash": hash_chunk(chunk)}
            for name, values in (
                ("articles", row | {"id": one.id}), ("revisions", row), ("chunks", facts)
            ):  # fmt: skip
                known = {key: values[key] for key in tables[name].c.keys() & values.keys()}
                connection.execute(insert(tables[name]).values(**known))
            KeywordIndex().add(connection, [chunk])
    engine.dispose()


def expected(count: int) -> dict[str, str]:
    pairs = {f"{name}{n}": f"first{n}" for n in range(count) for name in ("second", "third")}
    return pairs | {"b2": "a2"}  # the dump's own


def test_copies_in_an_old_archive_count_once_as_soon_as_it_is_opened(tmp_path: Path) -> None:
    keep(tmp_path / "data/newsbot.db", reports(4))
    with Newsbot(read_settings(data=tmp_path / "data")) as newsbot:
        assert newsbot._equipment.library.shelf.alternates() == expected(4)
        assert newsbot.catalogue.page(Wanted()).total == 4 + 2  # those, and two of the dump's
        status = newsbot.status()
        assert (status["uncompared"], status["alternates"]) == (0, 9)


def test_what_opening_has_no_time_for_is_told_and_done_by_a_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bot.library, "_CATCHING_UP", 0.0)  # one transaction
    settings = read_settings(data=tmp_path / "data")
    keep(tmp_path / "data/newsbot.db", reports(40))
    with caplog.at_level(logging.WARNING), Newsbot(settings) as newsbot:
        left = newsbot.status()["uncompared"]
    assert left == 123 - COMPARED
    assert f"{left} articles of an earlier Newsbot are not compared yet" in caplog.text
    assert "newsbot rebuild" in caplog.text
    (finding,) = (one for one in examine(settings) if one.subject == "archive")
    assert not finding.good
    assert "articles not compared for copies yet" in finding.state
    with Newsbot(settings) as newsbot:
        newsbot.rebuild()
        assert newsbot._equipment.library.shelf.alternates() == expected(40)
        status = newsbot.status()
        assert (status["uncompared"], status["pending"]) == (0, 0)
    (finding,) = (one for one in examine(settings) if one.subject == "archive")
    assert finding.good
