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
from vectorstore.ranking import Candidate, rank

Scored = list[tuple[str, float]]

CANDIDATES = 100  # from each of the two searches


class HybridRetriever(BaseRetriever):
    """The `k` chunks that fit a query best, as Documents, best first.

    `nearest(vector, k, where)` gives ids and cosine similarities, `keyword_search(query, k, where)`
    ids and BM25 scores, both best first; `load(ids)` the live Documents among ids, each with its
    `id` in the metadata. With `now` (epoch seconds) a question that names no date favours recent
    chunks. Each Document's metadata gains `score` and `similarity`, the cosine, or None where only
    its words were found.

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
        ranked = rank(query, self._candidates(query), self.now)
        return [_passage(candidate) for candidate in ranked[: self.k]]

    def _candidates(self, query: str) -> list[Candidate]:
        depth = max(CANDIDATES, 2 * self.k)
        vector = self.embeddings.embed_query(query)
        similarities = dict(self.nearest(vector, depth, self.where))
        keywords = dict(self.keyword_search(query, depth, self.where))
        ids = list(dict.fromkeys([*similarities, *keywords]))
        return [
            Candidate(chunk, similarities.get(identity), keywords.get(identity, 0.0))
            for chunk in self.load(ids)
            if (identity := chunk.metadata["id"])
        ]


def _passage(candidate: Candidate) -> Document:
    chunk = candidate.chunk
    scores = {"score": candidate.score, "similarity": candidate.similarity}
    return Document(
        id=chunk.id, page_content=chunk.page_content, metadata={**chunk.metadata, **scores}
    )
