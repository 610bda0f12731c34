"""Finding short news in twelve languages, and English news beside the English default."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.evals.datasets import read
from tests.evals.foreign_news import ARTICLES
from vectorstore.embeddings import OnnxEmbeddings
from vectorstore.multilingual import MultilingualEmbeddings

Model = OnnxEmbeddings | MultilingualEmbeddings


def mean_reciprocal_rank(model: Model, texts: Sequence[str], asked: dict[str, set[int]]) -> float:
    """Over questions, each with the places of the texts that answer it; within the first ten."""
    passages = model.embed(texts)
    total = 0.0
    for question, right in asked.items():
        order = np.argsort(-(passages @ np.array(model.embed_query(question))))[:10]
        ranks = [rank for rank, place in enumerate(order.tolist(), 1) if place in right]
        total += 1 / ranks[0] if ranks else 0.0
    return total / len(asked)


@pytest.mark.evals
def test_the_multilingual_model_finds_what_is_asked_in_other_languages() -> None:
    texts = [article.text for article in ARTICLES]
    own = {article.question: {place} for place, article in enumerate(ARTICLES)}
    english = {article.english: {place} for place, article in enumerate(ARTICLES)}
    figures = {
        type(model).__name__: [
            mean_reciprocal_rank(model, texts, asked) for asked in (own, english)
        ]
        for model in (MultilingualEmbeddings(), OnnxEmbeddings())
    }
    print(f"\nMRR, asked in the article's language and in English: {figures}")
    assert figures["MultilingualEmbeddings"][0] >= 0.98
    assert figures["MultilingualEmbeddings"][1] >= 0.90
    assert figures["OnnxEmbeddings"][0] < figures["MultilingualEmbeddings"][0]


@pytest.mark.benchmark
@pytest.mark.timeout(3600)
def test_english_news_is_found_beside_the_english_default() -> None:
    """The title and first 180 words of each article of RealTime QA, by vectors alone."""
    articles = read("realtimeqa2022_retrieval_corpus")
    texts = [f"{one['title']}\n\n{' '.join(one['text'].split()[:180])}" for one in articles]
    places = {one["url"]: place for place, one in enumerate(articles)}
    asked = {
        row["question"]: {places[url] for url in row["gold_urls"] if url in places}
        for row in read("realtimeqa2022_retrieval_queries")
    }
    for model in (OnnxEmbeddings(), MultilingualEmbeddings()):
        print(f"\n{type(model).__name__}: {mean_reciprocal_rank(model, texts, asked):.3f}")
