"""Answers across languages, by embeddings that know many: a question in one, articles in another.

Words tell nothing there, so closeness alone decides. Fixed on 24 short news in twelve languages
(tests/evals/foreign_news.py) with the multilingual model: of questions in the articles' language
.83 are answered, and .13 where the answering article is away; in another language .54 and .08.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.entities import Passage
from bot.writing.candidates import Candidate
from bot.writing.drafts import Task
from bot.writing.selfcontained import is_statement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Likeness = Callable[[str, list[str]], NDArray[np.float32]]

THRESHOLD = 0.82  # cosine of a question and the nearest passage from which it may answer
ACROSS = 0.80  # the same where their languages differ
_BEHIND = 0.02  # how far behind the best sentence another may be
_MOST = 2  # sentences


def bears_on(language: str | None, passages: Sequence[Passage]) -> bool:
    """Whether a passage is near enough to the question of this language to answer it."""
    return any(
        (passage.similarity or 0.0)
        >= (THRESHOLD if passage.article.language == language else ACROSS)
        for passage in passages
    )


def nearest(task: Task, candidates: Sequence[Candidate], likeness: Likeness) -> list[Candidate]:
    """The sentences nearest to the question; `likeness` gives the cosine of each text with it."""
    usable = [one for one in candidates if is_statement(one.text)] or list(candidates)
    if not usable:
        return []
    cosines = likeness(task.question, [one.text for one in usable]).tolist()
    order = sorted(range(len(usable)), key=lambda place: -cosines[place])
    near = [place for place in order if cosines[place] >= cosines[order[0]] - _BEHIND]
    return [usable[place] for place in near[:_MOST]]
