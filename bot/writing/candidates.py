"""The sentences of passages that an extractive writer may choose from, with where they stand.

This module knows nothing about what they are chosen for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.entities import Passage, Sentence
from bot.grounding.sentences import split


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage. `sentence` counts from the passage's start, as does `place`.

    `place` is its number among the passage's sentences, from 0.
    """

    passage: Passage
    sentence: Sentence
    place: int

    @property
    def text(self) -> str:
        """The sentence verbatim."""
        return self.sentence.text

    @property
    def position(self) -> tuple[str, int, int]:
        """The article, its revision, and where the sentence starts in its text."""
        article = self.passage.article
        return article.id, article.revision, self.passage.start + self.sentence.start


def gather(
    passages: Iterable[Passage], allowed: Callable[[Sentence], bool]
) -> tuple[Candidate, ...]:
    """Every allowed sentence once, though passages may overlap, in the order of the passages."""
    found: dict[tuple[str, int, int], Candidate] = {}
    for passage in passages:
        for place, sentence in enumerate(split(passage.text)):
            candidate = Candidate(passage, sentence, place)
            if allowed(sentence):
                found.setdefault(candidate.position, candidate)
    return tuple(found.values())
