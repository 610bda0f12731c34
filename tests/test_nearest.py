from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive import Archive
from bot.archive.indexing import Index
from bot.archive.nearest import Nearest
from bot.entities import Article
from tests.tiny_embeddings import TinyEmbeddings
from vectorstore.filters import Where
from vectorstore.store import open_store

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ARTICLES = 60
EMBEDDINGS = TinyEmbeddings()


def article(n: int) -> Article:
    return Article(
        id=f"a{n}",
        title=f"Headline {n}",
        text=f"word{n} word{n % 7} word{n % 11}",
        outlet=f"outlet{n % 3}",
        published=NOW - timedelta(days=n),
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """An index of 60 articles of one chunk, published a day apart."""
    directory = tmp_path_factory.mktemp("nearest")
    archive = Archive(directory / "newsbot.db", lambda text: [(0, len(text))])
    opened = Index(archive, open_store(directory / "index", EMBEDDINGS), EMBEDDINGS)
    opened.ingest(article(n) for n in range(ARTICLES))
    yield opened
    opened.store.close()
    opened.archive.close()


def since(days: int) -> Where:
    return Where(since=int((NOW - timedelta(days=days)).timestamp()))


# few, many, enough: by kept vectors; by what the index gives, filtered; by the index's own filter
WAYS = {"exact": (1_000, 10, 0.0), "filtered": (2, ARTICLES, 0.0), "by Chroma": (2, 10, 1.0)}


@pytest.mark.parametrize("where", [since(10), since(40), Where(outlets=("outlet1",)), Where()])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_way_finds_what_chroma_finds(
    index: Index, way: tuple[int, int, float], where: Where
) -> None:
    nearest = Nearest(index.store, index.archive.chunks, *way)
    for query in ("word3 word4", "Headline 12", "word40"):
        vector = EMBEDDINGS.embed_query(query)
        found = nearest(vector, 10, where)
        expected = index.store.nearest(vector, 10, where)
        assert [cosine for _, cosine in found] == pytest.approx(
            [cosine for _, cosine in expected], abs=1e-5
        )


def test_a_filter_that_passes_nothing_finds_nothing(index: Index) -> None:
    nowhere = Where(articles=("none",))
    assert Nearest(index.store, index.archive.chunks)([0.0] * 64, 5, nowhere) == []


def test_a_removed_article_is_not_near(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "newsbot.db", lambda text: [(0, len(text))])
    index = Index(archive, open_store(tmp_path / "index", EMBEDDINGS), EMBEDDINGS)
    index.ingest([article(1), article(2)])
    archive.remove("a1")  # the index still holds its vector
    nearest = Nearest(index.store, archive.chunks)
    found = nearest(EMBEDDINGS.embed_query("word1"), 5, since(100))
    assert [identity for identity, _ in found] == ["a2:1:0"]
