"""Chooses the sentences of passages that answer a question, or none.

This module knows nothing about how passages were found, nor about how a sentence becomes a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.grounding.sentences import words
from bot.writing.candidates import Candidate
from bot.writing.drafts import Task
from bot.writing.selfcontained import is_selfcontained, is_statement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

THRESHOLD = 0.35
MOST_WORDS = 60


def reply(
    task: Task, candidates: Sequence[Candidate], embed: Callable[[list[str]], Floats]
) -> list[Candidate]:
    """At most three candidates that answer `task.question`, best first; none when none does."""
    usable = [
        each for each in candidates if is_statement(each.text) and is_selfcontained(each.text)
    ]
    if not usable:
        return []
    asked = set(words(task.question))
    rows = embed([task.question, *(candidate.text for candidate in usable)])
    overlap = [len(asked & set(words(each.text))) / max(len(asked), 1) for each in usable]
    scores = rows[1:] @ rows[0] + overlap
    chosen: list[int] = []
    count = 0
    for index in sorted(range(len(usable)), key=lambda index: -scores[index])[:10]:
        length = len(usable[index].text.split())
        if scores[index] < THRESHOLD or len(chosen) == min(3, task.bullets):
            break
        if chosen and count + length > MOST_WORDS:
            continue
        chosen.append(index)
        count += length
    return [usable[index] for index in chosen]
