"""A tiny embedding model for tests that need no meaning: words hashed into a few dimensions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

WIDTH = 256


class TinyEmbeddings(Embeddings):
    """The same text always has the same vector; `embedded` counts the texts."""

    def __init__(self, name: str = "tiny") -> None:
        self.name = name
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        rows = np.full((len(texts), WIDTH), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[crc32(word.encode()) % WIDTH] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.embed(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]
