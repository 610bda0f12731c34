"""The writer without a model: whole sentences of the articles, chosen, never written.

Each draft is a sentence verbatim with its citation, so that what it says is carried by its article
by construction. This module knows nothing about archives, prompts or how a claim is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from bot.entities import Citation, Claim, Estimate, Sentence
from bot.grounding.foreign import is_other_language
from bot.writing.candidates import Candidate, gather
from bot.writing.drafts import Draft, Purpose, Task, Turn
from bot.writing.followups import standalone
from bot.writing.replies import reply
from bot.writing.selection import select
from bot.writing.translingual import nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.writing.translingual import Likeness

    Embed = Callable[[list[str]], NDArray[np.float32]]


def _all(sentence: Sentence) -> bool:
    return True


class ExtractiveWriter:
    """Chooses sentences. `embed` gives unit rows, one a text; `allowed` may refuse a sentence.

    `likeness`, of embeddings that know many languages, gives the cosines of a question with texts.
    """

    name = "extractive"

    def __init__(
        self,
        embed: Embed,
        allowed: Callable[[Sentence], bool] = _all,
        likeness: Likeness | None = None,
    ) -> None:
        self._embed = embed
        self._allowed = allowed
        self._likeness = likeness

    def write(self, task: Task) -> Iterator[str | Draft]:
        """A draft a chosen sentence; none when no sentence answers the question."""
        candidates = gather(task.passages, self._allowed)
        yield from map(_draft, self._choose(task, candidates))

    def _choose(self, task: Task, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
        if task.purpose is not Purpose.ANSWER:
            return select(task, candidates, self._embed)
        if self._likeness and is_other_language(task.question, task.passages):
            return nearest(task, candidates, self._likeness)
        return reply(task, candidates, self._embed)

    def rewrite(self, task: Task, draft: Draft, found: Claim) -> Draft | None:
        """Always None: a sentence of an article is as good as it gets."""
        return None

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """The question with the names that it leaves out, by rules."""
        return standalone(question, history)

    def estimate(self, task: Task) -> Estimate:
        """Nothing: no model is asked."""
        return Estimate()

    def stop(self) -> None:
        """Nothing runs that would take long."""


def _draft(candidate: Candidate) -> Draft:
    sentence = candidate.sentence
    citation = Citation(
        candidate.passage.article.id,
        candidate.passage.article.revision,
        candidate.passage.start + sentence.start,
        candidate.passage.start + sentence.end,
        sentence.text,
    )
    return Draft(text=sentence.text, passages=(candidate.passage.number,), citations=(citation,))
