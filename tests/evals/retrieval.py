"""RealTime QA's questions asked of its articles: by the product and by plain LangChain.

Vectors are kept by the hash of their text under .cache/, so that only a first run embeds them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from numpy.typing import NDArray

from bot.archive import Archive
from bot.archive.indexing import Index
from bot.entities import Article
from bot.grounding.sentences import split
from bot.sources import read as read_source
from tests.evals.datasets import find, read
from vectorstore.chunking import SentenceSplitter
from vectorstore.embeddings import OnnxEmbeddings
from vectorstore.filters import ANYWHERE, Where
from vectorstore.retriever import HybridRetriever
from vectorstore.store import open_store

CORPUS, QUESTIONS = "realtimeqa2022_retrieval_corpus", "realtimeqa2022_retrieval_queries"
DEPTH = 60  # passages that are asked for, to have ten articles
_CACHE = Path(__file__).parents[2] / ".cache" / "evals"

Ranked = list[str]  # addresses of articles, best first


@dataclass(frozen=True)
class Question:
    text: str
    gold: frozenset[str]
    asked: datetime  # the end of the day on which it was asked


def questions() -> list[Question]:
    return [
        Question(row["question"], frozenset(row["gold_urls"]), _day(row["date"]) + timedelta(1))
        for row in read(QUESTIONS)
    ]


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y/%m/%d").replace(tzinfo=UTC)


def splitter() -> SentenceSplitter:
    """The product's."""
    return SentenceSplitter(lambda text: [(one.start, one.end) for one in split(text)])


class KeptEmbeddings(Embeddings):
    """The product's embeddings, each text embedded once on this machine."""

    def __init__(self) -> None:
        self._model = OnnxEmbeddings()
        self.name = self._model.name
        _CACHE.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(_CACHE / "vectors.db", isolation_level=None)
        self._kept.execute("CREATE TABLE IF NOT EXISTS vectors (hash TEXT PRIMARY KEY, row BLOB)")

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        hashes = [sha256(text.encode()).hexdigest() for text in texts]
        rows = {one: row for one in hashes if (row := self._row(one)) is not None}
        absent = {one: text for one, text in zip(hashes, texts, strict=True) if one not in rows}
        for one, row in zip(absent, self._model.embed(list(absent.values())), strict=True):
            self._kept.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?)", (one, row.tobytes()))
            rows[one] = row
        return np.stack([rows[one] for one in hashes])

    def _row(self, one: str) -> NDArray[np.float32] | None:
        found = self._kept.execute("SELECT row FROM vectors WHERE hash = ?", (one,)).fetchone()
        return None if found is None else np.frombuffer(found[0], dtype=np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.embed(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class Product:
    """The articles in an archive and an index, as `newsbot ingest` leaves them."""

    def __init__(self, directory: Path, embeddings: KeptEmbeddings) -> None:
        self.archive = Archive(directory / "archive.db", splitter().split_spans)
        self.store = open_store(directory / "index", embeddings)
        self._embeddings = embeddings
        found = [one for one in read_source(find(CORPUS)) if isinstance(one, Article)]
        Index(self.archive, self.store, embeddings).ingest(found)
        urls = {article.id: row["url"] for article, row in zip(found, read(CORPUS), strict=True)}
        self.alternates = {urls[a]: urls[b] for a, b in self.archive.alternates().items()}
        self._urls = urls

    def retriever(self, filters: Where = ANYWHERE, now: datetime | None = None) -> HybridRetriever:
        return HybridRetriever(
            embeddings=self._embeddings,
            nearest=self.store.nearest,
            keyword_search=self.archive.chunks.search,
            load=self.archive.chunks.load,
            k=DEPTH,
            where=filters,
            now=None if now is None else int(now.timestamp()),
        )

    def close(self) -> None:
        self.store.close()
        self.archive.close()

    def rank(self, question: Question, *, dated: bool) -> Ranked:
        until = int(question.asked.timestamp())
        retriever = (
            self.retriever(Where(until=until), question.asked) if dated else self.retriever()
        )
        passages = retriever.invoke(question.text)
        return _in_order([self._urls[passage.metadata["article"]] for passage in passages])


class Plain:
    """What a LangChain tutorial builds."""

    def __init__(self, directory: Path, embeddings: Embeddings) -> None:
        documents = [
            Document(
                f"{row['title']}\n\n{row['text']}",
                metadata={
                    "url": row["url"],
                    "published": int(_day(row["publish_date"]).timestamp()),
                },
            )
            for row in read(CORPUS)
        ]
        characters = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        self._store = Chroma(embedding_function=embeddings, persist_directory=str(directory))
        chunks = characters.split_documents(documents)
        for start in range(0, len(chunks), 1000):
            self._store.add_documents(chunks[start : start + 1000])

    def rank(self, question: Question, *, dated: bool) -> Ranked:
        until = int(question.asked.timestamp())
        filters: dict[str, Any] = {"filter": {"published": {"$lt": until}}} if dated else {}
        found = self._store.similarity_search(question.text, k=DEPTH, **filters)
        return _in_order([chunk.metadata["url"] for chunk in found])


def _in_order(urls: Sequence[str]) -> Ranked:
    return list(dict.fromkeys(urls))


@dataclass(frozen=True)
class Ranks:
    """The rank of each question's first gold article, from 1; infinity when it was not found."""

    ranks: NDArray[np.float64]

    @property
    def reciprocal(self) -> NDArray[np.float64]:
        return np.where(self.ranks <= 10, 1 / self.ranks, 0.0)

    @property
    def mrr(self) -> float:
        return float(self.reciprocal.mean())

    def recall(self, k: int) -> float:
        return float((self.ranks <= k).mean())

    def __str__(self) -> str:
        recalls = " ".join(f"R@{k} {self.recall(k):.3f}" for k in (1, 5, 10))
        return f"MRR@10 {self.mrr:.3f} {recalls}"


def measure(rank: Callable[[Question], Ranked], alternates: dict[str, str]) -> Ranks:
    """Ranks by article; an article stands for its alternates, as in the product."""
    found = []
    for question in questions():
        gold = {alternates.get(url, url) for url in question.gold}
        ranked = _in_order([alternates.get(url, url) for url in rank(question)])
        found.append(next((n for n, url in enumerate(ranked, 1) if url in gold), np.inf))
    return Ranks(np.array(found, dtype=np.float64))


def paired_interval(ours: Ranks, theirs: Ranks, resamples: int = 10_000) -> tuple[float, float]:
    """The 95% interval of the difference in MRR@10, by resampling questions."""
    difference = ours.reciprocal - theirs.reciprocal
    rows = np.random.default_rng(0).integers(0, len(difference), (resamples, len(difference)))
    low, high = np.percentile(difference[rows].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)
