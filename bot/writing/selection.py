"""Chooses the sentences that sum articles up: central, early, self-contained, and each new.

This module knows nothing about questions, nor about how a sentence becomes a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.writing.candidates import Candidate
from bot.writing.drafts import Task
from bot.writing.selfcontained import is_selfcontained, is_statement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

POSITION = 0.25
REDUNDANCY = 0.5


def select(
    task: Task, candidates: Sequence[Candidate], embed: Callable[[list[str]], Floats]
) -> list[Candidate]:
    """At most `task.bullets` candidates, in the order of the passages and their text."""
    import numpy as np

    usable = [candidate for candidate in candidates if is_statement(candidate.text)]
    if not usable:
        return []
    rows = embed([candidate.text for candidate in usable])
    centre = rows.mean(axis=0)
    scores = rows @ centre / max(float(np.linalg.norm(centre)), 1e-9)
    scores = scores + POSITION / np.sqrt([1 + candidate.place for candidate in usable])
    open_ = [index for index, each in enumerate(usable) if is_selfcontained(each.text)]
    chosen: list[int] = []
    while open_ and len(chosen) < task.bullets:
        worth = [
            scores[index] - REDUNDANCY * max((rows[index] @ rows[j] for j in chosen), default=0)
            for index in open_
        ]
        chosen.append(open_.pop(int(np.argmax(worth))))
    return [usable[index] for index in sorted(chosen)]
