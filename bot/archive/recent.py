"""The vectors read last, kept in memory: a filter that is asked for again need not read them anew.

By the hash of the text that was embedded, so that nothing here can become untrue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

MOST = 16_384  # vectors; 25 megabytes of 384 numbers each


class RecentVectors:
    """Answers for `load(model, hashes)`, whose vectors it keeps. Threads may share it."""

    def __init__(
        self, load: Callable[[str, Sequence[str]], Mapping[str, Vectors]], most: int = MOST
    ) -> None:
        self._load = load
        self._most = most
        self._lock = Lock()
        self._model = ""
        self._places: dict[str, int] = {}
        self._rows: Vectors | None = None

    def __call__(self, model: str, hashes: Sequence[str]) -> tuple[list[int], Vectors]:
        """Which of `hashes` have a vector, by position, and these: of shape (found, width)."""
        import numpy as np

        with self._lock:
            if model != self._model:
                self._forget(model)
            self._read([one for one in dict.fromkeys(hashes) if one not in self._places])
            if self._rows is None:
                return [], np.empty((0, 0), dtype=np.float32)
            found = [n for n, one in enumerate(hashes) if one in self._places]
            rows = self._rows[[self._places[hashes[n]] for n in found]]
            if len(self._places) > self._most:
                self._forget(model)
        return found, rows

    def _read(self, hashes: Sequence[str]) -> None:
        import numpy as np

        loaded = self._load(self._model, hashes) if hashes else {}
        if not loaded:
            return
        self._places |= {one: len(self._places) + n for n, one in enumerate(loaded)}
        new = np.stack(list(loaded.values()))
        self._rows = new if self._rows is None else np.concatenate([self._rows, new])

    def _forget(self, model: str) -> None:
        self._model, self._places, self._rows = model, {}, None
