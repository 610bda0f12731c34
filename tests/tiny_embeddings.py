"""A tiny embedding model for tests that need no meaning: each word points somewhere of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

WIDTH = 64

Vector = NDArray[np.float32]


class TinyEmbeddings(Embeddings):
    """The same text always has the same vector; `embedded` counts the texts."""

    def __init__(self, name: str = "tiny") -> None:
        self.name = name
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> Vector:
        self.embedded += len(texts)
        rows = np.stack([_direction("")] * len(texts)) if texts else np.zeros((0, WIDTH))
        for row, text in zip(rows, texts, strict=True):
            row += sum(_direction(word) for word in re.findall(r"\w+", text.lower()))
        unit: Vector = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


@lru_cache(maxsize=100_000)
def _direction(word: str) -> Vector:
    return np.random.default_rng(crc32(word.encode())).standard_normal(WIDTH)
