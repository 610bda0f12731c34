"""Questions with the passages that were found for them, and whether these should be answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.archive import Archive
from bot.archive.indexing import Index
from bot.entities import Article, ArticleDetails, Passage
from bot.writing.drafts import Turn
from bot.writing.followups import standalone
from tests.evals.datasets import read
from tests.evals.retrieval import KeptEmbeddings, splitter
from vectorstore.chunking import chunk_text
from vectorstore.retriever import HybridRetriever
from vectorstore.store import open_store

RETRIEVED = 8
_FOUND = 10


@dataclass(frozen=True)
class Asked:
    text: str
    passages: tuple[Passage, ...]
    answerable: bool
    answers: tuple[str, ...] = ()


def realtime_questions(embeddings: KeptEmbeddings) -> Iterator[Asked]:
    """RealTime QA of 2026: each question with chunks of its own articles, the nearest first."""
    for row in read("realtimeqa2026_rag200"):
        articles = [
            Article(
                id=page["url"],
                title=page["title"],
                text=page["text"],
                outlet=urlsplit(page["url"]).hostname,
            )
            for page in row["docs"]
        ]
        passages = _nearest(row["question"], articles, embeddings)
        yield Asked(row["question"], passages, row["answer_in_docs"], tuple(row["answer"]))


@dataclass(frozen=True)
class Poisoned:
    """A question on which one outlet of many tells something false that was made to be found."""

    asked: Asked
    planted: str


def poisoned_questions(embeddings: KeptEmbeddings, *, known: bool) -> Iterator[Poisoned]:
    """RobustRAG: ten found texts and one that was planted; `known` when the outlets are told."""
    for row in read("robustrag_realtimeqa100"):
        found = [
            (page["title"], page["text"], urlsplit(page.get("link", "")).hostname)
            for page in row["context"][:_FOUND]
        ]
        planted = ("", row["incorrect_context"][0], "planted.example")
        articles = [
            Article(id=f"{n}", title=title, text=text, outlet=outlet if known else None)
            for n, (title, text, outlet) in enumerate([*found, planted])
        ]
        passages = _nearest(row["question"], articles, embeddings)
        answers = (*row["correct"], *row["expanded"])
        yield Poisoned(Asked(row["question"], passages, True, answers), row["incorrect"])


def _nearest(
    question: str, articles: Sequence[Article], embeddings: KeptEmbeddings
) -> tuple[Passage, ...]:
    spans = [(one, span) for one in articles for span in splitter().split_spans(one.text)]
    texts = [f"{one.title}\n\n{one.text[start:end]}" for one, (start, end) in spans]
    rows = embeddings.embed([question, *texts])
    ranked = sorted(range(len(spans)), key=lambda number: -float(rows[number + 1] @ rows[0]))
    return tuple(
        Passage(number=n, article=one.details, start=start, end=end, text=one.text[start:end])
        for n, (one, (start, end)) in enumerate((spans[i] for i in ranked[:RETRIEVED]), start=1)
    )


def conversation_questions(embeddings: KeptEmbeddings, directory: Path) -> Iterator[Asked]:
    """MT-RAG: the last turn of each conversation, asked of all passages of its collection.

    A question that is only partly answerable counts as answerable; one that is underspecified wants
    another question back, and is left out.
    """
    rows = read("mtragun_tasks")
    for collection in sorted({row["collection"] for row in rows}):
        own = [row for row in rows if row["collection"] == collection]
        archive = Archive(directory / f"{collection}.db", splitter().split_spans)
        store = open_store(directory / collection, embeddings)
        Index(archive, store, embeddings).ingest(_articles(own))
        retriever = HybridRetriever(
            embeddings=embeddings,
            nearest=store.nearest,
            keyword_search=archive.chunks.search,
            load=archive.chunks.load,
            k=RETRIEVED,
        )
        yield from (_asked(row, retriever) for row in own if _is_labelled(row))
        store.close()
        archive.close()


def _articles(rows: Sequence[dict[str, Any]]) -> list[Article]:
    texts = {passage["id"]: passage["text"] for row in rows for passage in row["contexts"]}
    return [Article(id=name, text=text) for name, text in texts.items() if text.strip()]


def _is_labelled(row: dict[str, Any]) -> bool:
    return row["answerability"][0] != "UNDERSPECIFIED"


def _asked(row: dict[str, Any], retriever: HybridRetriever) -> Asked:
    said = [turn["text"] for turn in row["input"]]
    history = [Turn(*pair) for pair in zip(said[:-1:2], said[1::2], strict=True)]
    question = standalone(said[-1], history)
    passages = tuple(
        Passage(
            number=number,
            article=ArticleDetails(id=chunk.metadata["article"]),
            start=chunk.metadata["start"],
            end=chunk.metadata["end"],
            text=chunk_text(chunk),
            similarity=chunk.metadata["similarity"],
        )
        for number, chunk in enumerate(retriever.invoke(question), start=1)
    )
    return Asked(question, passages, row["answerability"][0] != "UNANSWERABLE")
