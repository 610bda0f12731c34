"""Hybrid search as a LangChain retriever: vectors and keywords fused, recent chunks favoured.

The retriever holds no index: it is given `nearest`, `keyword_search` and `load`, and so works with
any store of vectors and any database. `load` is the truth: an id that it does not give is not live.

This module knows nothing about SQLite, Chroma or articles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever

from vectorstore.filters import ANYWHERE, Where
from vectorstore.ranking import fuse, rank, without_copies

Scored = list[tuple[str, float]]

FOUND = 200  # chunks asked of each of the two searches: a good article shows by several
LOADED = 120  # of those, the ones that are loaded and ranked


class HybridRetriever(BaseRetriever):
    """The `k` chunks that fit a query best, as Documents, best first.

    `nearest(vector, k, where)` gives ids and cosine similarities, `keyword_search(query, k, where)`
    ids and BM25 scores, both best first; `load(ids)` the live Documents among ids, each with `id`,
    `article` and, when dated, `published` in its metadata; of articles that share a `group`, being
    copies of each other, one is shown. A question that names no past year
    favours recent chunks, as seen from `now` (epoch seconds) or from the newest chunk found. Each
    Document's metadata gains `score` and `similarity`: the cosine, or None where it was found by
    its words and is not among the nearest.

        retriever = HybridRetriever(
            embeddings=open_embeddings(), nearest=store.nearest, keyword_search=search, load=load
        )
        retriever.invoke("Who met in Beijing?")
    """

    embeddings: Embeddings
    nearest: Callable[[Any, int, Where], Scored]
    keyword_search: Callable[[str, int, Where], Scored]
    load: Callable[[Sequence[str]], list[Document]]
    k: int = 8
    where: Where = ANYWHERE
    now: int | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        if not query.strip():
            return []
        found = max(FOUND, 2 * self.k)
        vector = self.embeddings.embed_query(query)
        similarities = dict(self.nearest(vector, found, self.where))
        keywords = dict(self.keyword_search(query, found, self.where))
        scores = fuse(similarities, keywords)
        chunks = self.load(list(scores)[: max(LOADED, 2 * self.k)])
        chunks = without_copies(chunks, similarities, keywords)
        ranked = rank(query, chunks, scores, self.now)
        return [_passage(chunk, score, similarities) for chunk, score in ranked[: self.k]]


def _passage(chunk: Document, score: float, similarities: dict[str, float]) -> Document:
    scores = {"score": score, "similarity": similarities.get(chunk.metadata["id"])}
    return Document(
        id=chunk.id, page_content=chunk.page_content, metadata={**chunk.metadata, **scores}
    )
