from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from langchain_core.documents import Document
from sqlalchemy import create_engine

from vectorstore.embeddings import OnnxEmbeddings
from vectorstore.filters import ANYWHERE, Where
from vectorstore.keywords import KeywordIndex
from vectorstore.retriever import HybridRetriever

DAY = 86_400
NOW = 20_000 * DAY
EMBEDDINGS = OnnxEmbeddings()


def chunk(article: str, text: str, age: int | None = None, **metadata: object) -> Document:
    published = {} if age is None else {"published": NOW - age * DAY}
    identity = f"{article}:1:0"
    kept = {"id": identity, "article": article, "revision": 1, "n": 0, "start": 0, "end": len(text)}
    return Document(id=identity, page_content=text, metadata={**kept, **published, **metadata})


CHUNKS = [
    chunk("summit", "The leaders of Russia and North Korea met in Vladivostok.", age=3),
    chunk("storm", "A hurricane reached Florida; thousands left their homes.", age=2),
    chunk("oldstorm", "A hurricane reached Florida; thousands fled their homes.", age=400),
    chunk("rates", "The central bank raised interest rates to 5.25%.", age=30, outlet="Wire"),
    chunk("cats", "Cats sleep for most of the day."),
]

MakeRetriever = Callable[..., HybridRetriever]


@pytest.fixture
def make() -> MakeRetriever:
    """A retriever over `CHUNKS`, with vectors in memory and keywords in SQLite."""
    connection = create_engine("sqlite://").connect()
    index = KeywordIndex()
    index.create(connection)
    index.add(connection, CHUNKS)
    vectors = EMBEDDINGS.embed([chunk.page_content for chunk in CHUNKS])

    def nearest(vector: list[float], k: int, where: Where) -> list[tuple[str, float]]:
        near = zip(CHUNKS, vectors @ np.array(vector), strict=True)
        found = [(c.metadata["id"], float(s)) for c, s in near if where.matches(c.metadata)]
        return sorted(found, key=lambda pair: -pair[1])[:k]

    def search(query: str, k: int, where: Where) -> list[tuple[str, float]]:
        return index.search(connection, query, k, where)

    def load(ids: Sequence[str]) -> list[Document]:
        return [chunk for chunk in CHUNKS if chunk.metadata["id"] in ids]

    def retriever(**changes: object) -> HybridRetriever:
        parts = {"nearest": nearest, "keyword_search": search, "load": load, **changes}
        return HybridRetriever(embeddings=EMBEDDINGS, **parts)

    return retriever


def articles(passages: Sequence[Document]) -> list[str]:
    return [passage.metadata["article"] for passage in passages]


def test_the_best_passage_comes_first_with_its_scores(make: MakeRetriever) -> None:
    passages = make().invoke("Where did Kim and Putin meet?")
    assert articles(passages)[0] == "summit"
    assert passages[0].page_content == CHUNKS[0].page_content
    assert passages[0].id == "summit:1:0"
    assert 0.2 < passages[0].metadata["similarity"] <= 1
    scores = [passage.metadata["score"] for passage in passages]
    assert scores == sorted(scores, reverse=True)


def test_what_only_words_find_has_no_similarity(make: MakeRetriever) -> None:
    passages = make(nearest=lambda vector, k, where: []).invoke("5.25")
    assert articles(passages) == ["rates"]
    assert passages[0].metadata["similarity"] is None


def test_what_only_vectors_find_is_there_too(make: MakeRetriever) -> None:
    passages = make(keyword_search=lambda query, k, where: []).invoke("feline animals")
    assert articles(passages)[0] == "cats"


def test_no_more_than_k(make: MakeRetriever) -> None:
    assert len(make(k=2).invoke("hurricane")) == 2


def test_filters_reach_both_searches(make: MakeRetriever) -> None:
    assert articles(make(where=Where(outlets=("Wire",))).invoke("hurricane")) == ["rates"]
    recent = make(where=Where(since=NOW - 10 * DAY)).invoke("hurricane Florida")
    assert set(articles(recent)) == {"summit", "storm"}


def test_what_is_not_live_is_dropped(make: MakeRetriever) -> None:
    alive = make(load=lambda ids: [CHUNKS[4]])
    assert articles(alive.invoke("hurricane in Florida")) == ["cats"]


@pytest.mark.parametrize("query", ["", "  \n"])
def test_an_empty_query_finds_nothing(make: MakeRetriever, query: str) -> None:
    assert make().invoke(query) == []


def test_an_empty_archive_finds_nothing(make: MakeRetriever) -> None:
    def nothing(*given: object) -> list[tuple[str, float]]:
        return []

    empty = make(nearest=nothing, keyword_search=nothing, load=lambda ids: [])
    assert empty.invoke("hurricane") == []


def test_it_is_a_runnable(make: MakeRetriever) -> None:
    chain = make(k=1, where=ANYWHERE) | (lambda passages: passages[0].metadata["article"])
    assert chain.invoke("interest rates") == "rates"


@pytest.mark.parametrize(("query", "shown"), [("hurricane Florida", "first"), ("Tampa", "copy")])
def test_of_copies_the_original_is_shown_unless_a_copy_has_what_it_lacks(
    make: MakeRetriever, query: str, shown: str
) -> None:
    first = chunk("first", "A hurricane reached Florida; thousands left their homes.", age=3)
    copy = chunk("copy", "A hurricane reached Florida; thousands left Tampa.", group="first")
    found = {one.id: one for one in (first, copy)}
    texts = EMBEDDINGS.embed([first.page_content, copy.page_content])

    def nearest(vector: list[float], k: int, where: Where) -> list[tuple[str, float]]:
        return list(zip(found, (texts @ np.array(vector)).tolist(), strict=True))

    def words(query: str, k: int, where: Where) -> list[tuple[str, float]]:
        return [(str(one.id), 2.0) for one in found.values() if query in one.page_content]

    copies = make(nearest=nearest, keyword_search=words, load=lambda ids: [found[n] for n in ids])
    assert articles(copies.invoke(query)) == [shown]
