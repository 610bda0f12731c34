"""How fast and how well articles are found: at 100,000 chunks, and beside plain LangChain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.archive import Archive
from bot.archive.chunks import hash_chunk
from bot.archive.nearest import Nearest
from bot.entities import Article
from tests.evals.retrieval import KeptEmbeddings, Plain, Product, measure, questions, splitter
from vectorstore.embeddings import OnnxEmbeddings
from vectorstore.filters import Where
from vectorstore.retriever import HybridRetriever
from vectorstore.store import ChunkStore, open_store

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ARTICLES, CHUNKS = 20_000, 100_000
MOST_MILLISECONDS = 50  # p95 of a search, the embedding of its query included
VOCABULARY = 30_000

Times = NDArray[np.float64]


def milliseconds(work: Callable[[str], object], queries: Sequence[str]) -> Times:
    times = []
    for query in queries:
        start = perf_counter()
        work(query)
        times.append((perf_counter() - start) * 1000)
    return np.array(times)


def told(times: Times) -> str:
    return f"p50 {np.percentile(times, 50):.1f} ms, p95 {np.percentile(times, 95):.1f} ms"


def words(rng: np.random.Generator, count: int) -> str:
    """Words as frequent as those of a language (Zipf's law), with stop words left out."""
    ranks = np.exp(rng.uniform(np.log(20), np.log(VOCABULARY), count)).astype(int)
    return " ".join(f"w{rank:x}" for rank in ranks)


def article(rng: np.random.Generator, number: int) -> Article:
    sentences = (f"The {words(rng, 19)}." for _ in range(5 * 170 // 20))
    return Article(
        id=f"a{number}",
        title=words(rng, 10),
        text=" ".join(sentences),
        outlet=f"outlet{number % 40}",
        published=NOW - timedelta(minutes=97 * number),
        retrieved=NOW,
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive of 20,000 articles of random words, each of five chunks."""
    opened = Archive(tmp_path_factory.mktemp("many") / "archive.db", splitter().split_spans)
    rng = np.random.default_rng(0)
    for number in range(ARTICLES):
        opened.put(article(rng, number))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def store(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChunkStore]:
    """An index of the archive's chunks by random vectors around a thousand topics."""
    opened = open_store(tmp_path_factory.mktemp("index"), OnnxEmbeddings())
    rng = np.random.default_rng(1)
    topics = rng.normal(size=(1_000, 384))
    ids = archive.chunks.pending(opened.identity)
    for start in range(0, len(ids), 5_000):
        chunks = archive.chunks.load(ids[start : start + 5_000])
        near = topics[rng.integers(0, len(topics), len(chunks))]
        vectors = (near + 0.7 * rng.normal(size=near.shape)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        metadatas = [chunk.metadata for chunk in chunks]
        opened.upsert([one["id"] for one in metadatas], vectors, metadatas)
        hashes = [hash_chunk(chunk) for chunk in chunks]
        archive.chunks.keep_vectors(opened.model, dict(zip(hashes, vectors, strict=True)))
    yield opened
    opened.close()


def since(days: int) -> Where:
    return Where(since=int((NOW - timedelta(days=days)).timestamp()))


FILTERS = {
    "everything": Where(),
    "last week": since(7),
    "last month": since(30),
    "last year": since(365),
    "last three years": since(1_095),
    "one outlet of forty": Where(outlets=("outlet3",)),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_search_among_100_000_chunks_is_quick(
    archive: Archive, store: ChunkStore, name: str
) -> None:
    retriever = HybridRetriever(
        embeddings=OnnxEmbeddings(),
        nearest=Nearest(store, archive.chunks),
        keyword_search=archive.chunks.search,
        load=archive.chunks.load,
        where=FILTERS[name],
        now=int(NOW.timestamp()),
    )
    rng = np.random.default_rng(2)
    queries = [words(rng, int(rng.integers(3, 12))) for _ in range(220)]
    times = milliseconds(retriever.invoke, queries)[20:]
    print(f"\n{store.count()} chunks, {name}: {told(times)}")
    assert store.count() >= 0.9 * CHUNKS
    assert np.percentile(times, 95) < MOST_MILLISECONDS


def test_articles_are_found_better_than_by_plain_langchain(tmp_path: Path) -> None:
    embeddings = KeptEmbeddings()
    product, plain = Product(tmp_path / "ours", embeddings), Plain(tmp_path / "plain", embeddings)
    rankers = {"ours": product.rank, "plain LangChain": plain.rank}
    for dated in (False, True):
        print(f"\n{'dated' if dated else 'dateless'}")
        for name, rank in rankers.items():
            asked = {question.text: question for question in questions()}
            ranks = measure(lambda question: rank(question, dated=dated), product.alternates)  # noqa: B023
            times = milliseconds(lambda text: rank(asked[text], dated=dated), list(asked))  # noqa: B023
            print(f"{name:>16}: {ranks}, {told(times)}")
    product.close()


def test_the_model_embeds_at_a_steady_rate() -> None:
    embeddings, rng = OnnxEmbeddings(), np.random.default_rng(3)
    texts = [words(rng, 100) for _ in range(100)]
    embeddings.embed(texts[:4])
    start = perf_counter()
    embeddings.embed(texts)
    took = perf_counter() - start
    print(f"\n{len(texts) / took:.1f} full chunks embedded a second")
