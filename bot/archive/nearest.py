"""The chunks nearest to a vector among those that a filter passes, at any size of the archive.

Chroma finds out which chunks a filter passes before it searches, which takes 50 to 700 milliseconds
among 100,000. The keyword index's table knows it in 5. So where few pass, their kept vectors are
compared one by one, which is exact; those read last are in memory. Where many do, more are asked of
the index than are wanted, and those that do not pass are left out. Only where that leaves too few
does Chroma filter itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vectorstore.filters import ANYWHERE, Where

if TYPE_CHECKING:
    from bot.archive.chunks import Chunks
    from vectorstore.store import ChunkStore

FEW = 4_000  # chunks whose vectors are compared in 10 milliseconds, once they are in memory
MANY = 400  # chunks asked of the index in 10 milliseconds
ENOUGH = 0.05  # the share of what is wanted that must pass, for the index to be asked no further


@dataclass(frozen=True, slots=True)
class Nearest:
    """Finds what `store.nearest` finds."""

    store: ChunkStore
    chunks: Chunks
    few: int = FEW
    many: int = MANY
    enough: float = ENOUGH

    def __call__(self, vector: Any, k: int, where: Where = ANYWHERE) -> list[tuple[str, float]]:
        """The ids of the `k` chunks most similar to `vector`, best first, with their cosine."""
        if where == ANYWHERE:
            return self.store.nearest(vector, k)
        passing = self.chunks.within(where, self.few + 1)
        if len(passing) <= self.few:
            return self._among(vector, k, passing)
        found = self.store.nearest(vector, max(k, self.many))
        passed = self.chunks.matching([identity for identity, _ in found], where)
        if len(passed) < self.enough * k:
            return self.store.nearest(vector, k, where)
        return [pair for pair in found if pair[0] in passed][:k]

    def _among(self, vector: Any, k: int, ids: list[str]) -> list[tuple[str, float]]:
        """The nearest of these chunks, as far as their vectors are kept."""
        import numpy as np

        found, rows = self.chunks.matrix(self.store.model, ids)
        if not found:
            return []
        # not `@`, whose threads go on spinning for a while and so slow down what comes next
        cosines = np.einsum("ij,j->i", rows, np.asarray(vector, dtype=np.float32))
        return [(found[i], float(cosines[i])) for i in np.argsort(-cosines, kind="stable")[:k]]
