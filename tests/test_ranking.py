from __future__ import annotations

import pytest
from langchain_core.documents import Document

from vectorstore.ranking import DAY, RECENCY, fuse, rank

NOW = 1_656_000_000  # in June 2022
QUESTION = "Who won the cup?"


def chunk(article: str, n: int = 1, age: float | None = None) -> Document:
    dated = {} if age is None else {"published": int(NOW - age * DAY)}
    metadata = {"id": f"{article}:1:{n}", "article": article, "n": n, **dated}
    return Document("text", metadata=metadata)


def ranked(
    *chunks: Document, query: str = QUESTION, now: int | None = NOW, **scores: float
) -> list[str]:
    own = {c.metadata["id"]: scores.get(c.metadata["article"], 0.5) for c in chunks}
    return [c.metadata["id"].split(":1:")[0] for c, _ in rank(query, chunks, own, now)]


def test_both_searches_count() -> None:
    scores = fuse({"near": 0.8, "both": 0.7, "far": 0.2}, {"both": 9.0, "words": 6.0})
    assert list(scores) == ["both", "near", "words", "far"]
    assert all(0 <= score <= 1 for score in scores.values())
    assert scores["far"] == 0


def test_one_search_alone_is_enough() -> None:
    assert list(fuse({"a": 0.5, "b": 0.6}, {})) == ["b", "a"]
    assert list(fuse({}, {"a": 1.0, "b": 2.0})) == ["b", "a"]
    assert fuse({"a": 0.5}, {}) == {"a": 0.0}
    assert fuse({}, {}) == {}


def test_a_second_good_chunk_of_the_article_counts() -> None:
    chunks = [chunk("one", 1), chunk("two", 1), chunk("two", 2)]
    scores = {"one:1:1": 0.6, "two:1:1": 0.6, "two:1:2": 0.5}
    best, _ = rank(QUESTION, chunks, scores)[0]
    assert best.metadata["id"] == "two:1:1"


def test_the_opening_of_an_article_counts_more() -> None:
    chunks = [chunk("one", 1), chunk("two", 0)]
    (best, score), (_, other) = rank(QUESTION, chunks, {"one:1:1": 0.5, "two:1:0": 0.5})
    assert best.metadata["article"] == "two"
    assert score > other


def test_among_equals_the_recent_comes_first() -> None:
    assert ranked(chunk("old", age=900), chunk("new", age=1), chunk("mid", age=60)) == [
        "new",
        "mid",
        "old",
    ]


def test_an_old_chunk_that_fits_clearly_better_comes_first() -> None:
    assert ranked(chunk("old", age=900), chunk("new", age=1), old=0.9, new=0.4) == ["old", "new"]


@pytest.mark.parametrize(
    "query",
    ["Who won the cup in 2019?", "Who won the cup last year?", "Which cup was won years ago?"],
)
def test_a_question_about_the_past_gets_no_recency(query: str) -> None:
    chunks = [chunk("old", age=900), chunk("new", age=1)]
    assert ranked(*chunks, query=query, old=0.5, new=0.45) == ["old", "new"]


def test_a_question_that_names_this_year_gets_recency() -> None:
    chunks = [chunk("old", age=900), chunk("new", age=1)]
    query = "Who won the 2022 cup, after losing that of 2021?"
    assert ranked(*chunks, query=query, old=0.5, new=0.45) == ["new", "old"]


@pytest.mark.parametrize("now", [None, NOW + 2_000 * DAY])
def test_an_archive_that_is_fed_no_more_has_a_present(now: int | None) -> None:
    chunks = [chunk("older", age=400), chunk("newer", age=1)]
    assert ranked(*chunks, now=now, older=0.5, newer=0.3) == ["newer", "older"]


def test_what_is_dated_after_now_gains_nothing() -> None:
    chunks = [chunk("future", age=-30), chunk("new", age=1)]
    assert ranked(*chunks, future=0.5, new=0.4) == ["new", "future"]


def test_undated_chunks_are_ranked_by_their_own_scores() -> None:
    assert ranked(chunk("a"), chunk("b"), a=0.4, b=0.5) == ["b", "a"]
    scores = [score for _, score in rank(QUESTION, [chunk("a")], {"a:1:1": 0.5}, NOW)]
    assert scores == [pytest.approx(0.4)]


def test_the_gain_is_bounded() -> None:
    new, old = chunk("new", age=0), chunk("old", age=10_000)
    gains = {
        c.metadata["article"]: score
        for c, score in rank(QUESTION, [new, old], {"new:1:1": 0.0, "old:1:1": 0.0}, NOW)
    }
    assert gains["new"] == pytest.approx(RECENCY)
    assert 0 < gains["old"] < 0.01
