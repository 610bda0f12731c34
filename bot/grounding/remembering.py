"""Embeds each sentence once: the same ones are looked at for relevance, for an answer, for support.

This module knows nothing about models; it keeps vectors in memory, the latest used.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Embed = Callable[[list[str]], NDArray[np.float32]]

KEPT = 4_096  # vectors of 384 numbers: 6 MB


def remembering(embed: Embed, kept: int = KEPT) -> Embed:
    """The same function with a memory of the last `kept` texts. Threads may share it."""
    import numpy as np

    rows: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
    lock = Lock()

    def recall(texts: list[str]) -> dict[str, NDArray[np.float32]]:
        with lock:
            known = {text: rows[text] for text in texts if text in rows}
            for text in known:
                rows.move_to_end(text)
        return known

    def keep(found: dict[str, NDArray[np.float32]]) -> None:
        with lock:
            rows.update(found)
            while len(rows) > kept:
                rows.popitem(last=False)

    def embed_once(texts: list[str]) -> NDArray[np.float32]:
        known = recall(texts)
        absent = [text for text in dict.fromkeys(texts) if text not in known]
        if absent:
            found = dict(zip(absent, embed(absent), strict=True))
            keep(found)
            known |= found
        return np.stack([known[text] for text in texts]) if texts else embed(texts)

    return embed_once
