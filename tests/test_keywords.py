from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_core.documents import Document
from sqlalchemy import Connection, create_engine

import vectorstore.keywords
from vectorstore.filters import Where
from vectorstore.keywords import KeywordIndex, query_terms

INDEX = KeywordIndex()
DAY = 86_400


def chunk(article: str, text: str, title: str = "", n: int = 0, **metadata: Any) -> Document:
    identity = f"{article}:1:{n}"
    return Document(
        page_content=f"{title}\n\n{text}" if title else text,
        metadata={
            "id": identity, "article": article, "revision": 1, "n": n, "start": 0,
            "end": len(text), **metadata,
        },
    )  # fmt: skip


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{tmp_path / 'archive.db'}")
    with engine.begin() as opened:
        INDEX.create(opened)
        yield opened
    engine.dispose()


def find(connection: Connection, query: str, where: Where | None = None, k: int = 10) -> list[str]:
    return [identity for identity, _ in INDEX.search(connection, query, k, where or Where())]


def test_words_are_found_by_their_stem_and_without_accents(connection: Connection) -> None:
    INDEX.add(connection, [chunk("a", "The presidents visited São Paulo."), chunk("b", "Rain.")])
    assert find(connection, "Which president is visiting Sao Paulo?") == ["a:1:0"]


def test_a_noun_finds_its_verb(connection: Connection) -> None:
    INDEX.add(connection, [chunk("a", "The ferry collided with a ship."), chunk("b", "Rain.")])
    assert find(connection, "the collisions") == ["a:1:0"]
    assert query_terms("revision decisions") == ["revision", "decisions", "decide"]


def test_words_of_scripts_without_spaces_are_found_within_their_sentences(
    connection: Connection,
) -> None:
    INDEX.add(
        connection,
        [
            chunk("zh", "受台风影响，约五十万居民被转移到安全地带。"),
            chunk("ja", "探査機が小惑星に着陸し、岩石の採取に成功した。"),
            chunk("th", "น้ำท่วมกรุงเทพมหานครในวันจันทร์"),
        ],
    )
    assert find(connection, "台风") == ["zh:1:0"]
    assert find(connection, "多少居民？") == ["zh:1:0"]
    assert find(connection, "岩石を採取") == ["ja:1:0"]
    assert find(connection, "กรุงเทพ") == ["th:1:0"]


def test_a_word_in_the_title_counts_more(connection: Connection) -> None:
    INDEX.add(
        connection,
        [
            chunk("a", "An earthquake struck the coast.", title="Night in the town"),
            chunk("b", "Night fell on the quiet coast.", title="An earthquake strikes"),
            *[chunk(f"c{n}", "Nothing happened.") for n in range(20)],
        ],
    )
    assert find(connection, "earthquake") == ["b:1:0", "a:1:0"]


def test_a_name_in_the_query_counts_twice(connection: Connection) -> None:
    INDEX.add(connection, [chunk("a", "The visit of Abe."), chunk("b", "The visit of Kim.")])
    scores = dict(INDEX.search(connection, "visit Kim", 2))
    plain = dict(INDEX.search(connection, "visit kim", 2))
    assert scores["b:1:0"] - scores["a:1:0"] == pytest.approx(2 * (plain["b:1:0"] - plain["a:1:0"]))


def test_scores_are_above_zero_and_best_comes_first(connection: Connection) -> None:
    INDEX.add(connection, [chunk(f"a{n}", "talks " * n + "word " * 20) for n in range(1, 5)])
    scores = [score for _, score in INDEX.search(connection, "talks", 3)]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


@pytest.mark.parametrize(
    "query",
    ["", " ", '"', '"" OR', "NEAR(a b, 2)", "a AND NOT b", "title:x", "x*", "^x", "-x", "\0",
     "a\0b",
     "'; DROP TABLE keyword_chunks; --", "\U0001f600", "()", "{a b}", "_", "__init__", "the of and",
     "\u0301", "٣", "²", "x " * 10_000],
)  # fmt: skip
def test_no_query_is_an_error(connection: Connection, query: str) -> None:
    INDEX.add(connection, [chunk("a", "Some text")])
    assert isinstance(find(connection, query), list)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_no_text_is_an_error(connection: Connection, query: str) -> None:
    find(connection, query)


def test_operators_are_words(connection: Connection) -> None:
    INDEX.add(connection, [chunk("a", "near the station"), chunk("b", "far away")])
    assert find(connection, "NEAR station") == ["a:1:0"]


def test_stop_words_are_dropped_unless_nothing_else_is_there() -> None:
    assert query_terms("Who is the president of the US?") == ["president", "us"]
    assert query_terms("Who is it?") == ["who", "is", "it"]


def test_filters(connection: Connection) -> None:
    INDEX.add(
        connection,
        [
            chunk("a", "talks", outlet="Wire", published=100),
            chunk("b", "talks", outlet="Post", published=200),
            chunk("c", "talks", outlet="Post"),
        ],
    )
    found = {
        "since": find(connection, "talks", Where(since=150)),
        "until": find(connection, "talks", Where(until=200)),
        "outlet": find(connection, "talks", Where(outlets=("Post",))),
        "articles": find(connection, "talks", Where(articles=("a", "c"))),
        "both": find(connection, "talks", Where(since=0, outlets=("Post", "Wire"))),
    }
    assert {name: sorted(ids) for name, ids in found.items()} == {
        "since": ["b:1:0"],
        "until": ["a:1:0"],
        "outlet": ["b:1:0", "c:1:0"],
        "articles": ["a:1:0", "c:1:0"],
        "both": ["a:1:0", "b:1:0"],
    }


@pytest.mark.parametrize(
    ("since", "until", "inside"),
    [(DAY, 2 * DAY, True), (DAY + 500, None, True), (None, DAY + 1, True), (2 * DAY, None, False),
     (None, DAY, False), (2 * DAY - 1, 2 * DAY, True)],
)  # fmt: skip
def test_a_day_is_an_interval(
    connection: Connection, since: int | None, until: int | None, inside: bool
) -> None:
    day = chunk("a", "talks", published=DAY, published_until=2 * DAY)
    INDEX.add(connection, [day])
    where = Where(since=since, until=until)
    assert (find(connection, "talks", where) == ["a:1:0"]) is inside
    assert where.matches(day.metadata) is inside


def test_in_a_large_index_the_rarest_words_are_searched_for(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectorstore.keywords, "MAX_ROWS", 5)
    chunks = [chunk(f"a{n}", "talks held" + (" in Minsk" if n < 4 else "")) for n in range(20)]
    INDEX.add(connection, [*chunks, chunk("b", "Nothing else was held")])
    assert sorted(find(connection, "talks Minsk Atlantis")) == [f"a{n}:1:0" for n in range(4)]
    assert find(connection, "talks held") == []
    assert find(connection, "nothing talks held") == ["b:1:0"]
    INDEX.remove(connection, [f"a{n}:1:0" for n in range(4, 19)])
    assert find(connection, "Atlantis") == []


def test_adding_again_replaces(connection: Connection) -> None:
    INDEX.add(connection, [chunk("a", "old words")])
    INDEX.add(connection, [chunk("a", "new words")])
    assert find(connection, "old") == []
    assert find(connection, "words") == ["a:1:0"]


def test_removing_what_is_not_there_is_no_error(connection: Connection) -> None:
    INDEX.remove(connection, ["x:1:0"])
    assert find(connection, "x") == []


def test_the_words_of_a_removed_chunk_leave_the_file(tmp_path: Path) -> None:
    file = tmp_path / "archive.db"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        INDEX.create(connection)
        INDEX.add(connection, [chunk(f"a{n}", f"common words {n}") for n in range(50)])
    with engine.begin() as connection:
        INDEX.add(connection, [chunk("secret", "zyxomma quibble", title="Vexillology")])
    assert b"zyxomma" in file.read_bytes()
    with engine.begin() as connection:
        INDEX.remove(connection, ["secret:1:0"])
    engine.dispose()
    left = file.read_bytes().lower()
    # FTS5 shares prefixes between neighbouring words: the ends of the words are looked for
    assert not any(word in left for word in (b"zyxomma", b"yxomma", b"quibbl", b"exillolog"))


def test_a_transaction_rolls_back_keywords_too(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'archive.db'}")
    with engine.begin() as connection:
        INDEX.create(connection)
    with engine.connect() as connection:
        INDEX.add(connection, [chunk("a", "talks")])
        connection.rollback()
        assert find(connection, "talks") == []
