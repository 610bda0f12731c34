"""Chooses the sentences that sum up an article, or the articles of one story.

Only statements that stand alone are chosen. The next one is always that with which the choice would
share most with a person's summary (`bot.writing.overlap`: what many sentences tell, and early), and
it must be new: a paraphrase of a chosen one, by the cosine of their embeddings, is passed over.
Where a story has a topic, only what speaks of it is chosen (`bot.writing.topicality`).

This module knows nothing about questions, nor about how a sentence becomes a draft.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.grounding.vocabulary import content_words
from bot.writing.candidates import Candidate
from bot.writing.drafts import Purpose, Task
from bot.writing.overlap import Overlap
from bot.writing.selfcontained import is_plain, is_selfcontained, is_statement
from bot.writing.topicality import ON_TOPIC, topicality

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Embed = Callable[[list[str]], NDArray[np.float32]]

PARAPHRASE = 0.85  # cosine from which two sentences say the same
_SHARED = 0.3  # share of its content words that a paraphrase has in common, at the least
_NEAR = 0.02  # a story's candidates this close in expected overlap are equals: the newest wins


def select(task: Task, candidates: Sequence[Candidate], embed: Embed) -> list[Candidate]:
    """At most `task.bullets` candidates: a summary's in its text's order, a story's best first."""
    topical = _topicality(task, candidates, embed)
    alone = _on_topic(_standing_alone(candidates), topical)
    plain = [number for number in alone if is_plain(candidates[number].text)]
    overlap = Overlap([each.text for each in candidates], [each.place for each in candidates])
    choice = _Choice(task, candidates, overlap, topical, embed)
    for _ in range(task.bullets):
        if not choice.extend(plain) and not choice.extend(alone):
            break
    numbers = choice.chosen if task.purpose is Purpose.STORY else sorted(choice.chosen)
    return [candidates[number] for number in numbers]


def _standing_alone(candidates: Sequence[Candidate]) -> list[int]:
    """Statements that stand alone, else the first that does not: no article must go unsaid."""
    statements = [n for n, each in enumerate(candidates) if is_statement(each.text)]
    alone = [number for number in statements if is_selfcontained(candidates[number].text)]
    return alone or statements[:1] or list(range(len(candidates)))[:1]


def _topicality(task: Task, candidates: Sequence[Candidate], embed: Embed) -> list[float]:
    if task.purpose is Purpose.STORY and task.question:
        return topicality(task.question, candidates, embed)
    return [1.0] * len(candidates)


def _on_topic(numbers: Sequence[int], topical: Sequence[float]) -> list[int]:
    """Those on topic, else the nearest: an article that was chosen for its topic says something."""
    about = [number for number in numbers if topical[number] >= ON_TOPIC]
    return about or sorted(numbers, key=lambda number: -topical[number])[:1]


class _Choice:
    """The sentences chosen so far, best first, as numbers of candidates."""

    def __init__(
        self,
        task: Task,
        candidates: Sequence[Candidate],
        overlap: Overlap,
        topical: Sequence[float],
        embed: Embed,
    ) -> None:
        self.chosen: list[int] = []
        self._task = task
        self._candidates = candidates
        self._overlap = overlap
        self._topical = topical
        self._embed = embed
        self._vectors: dict[int, NDArray[np.float32]] = {}

    def extend(self, usable: Sequence[int]) -> bool:
        """Chooses one more sentence, where a new one is left; says whether one was."""
        for number in self._by_worth(self._from_wanted_outlets(usable)):
            if self._is_new(number):
                self.chosen.append(number)
                return True
        return False

    def _by_worth(self, numbers: Sequence[int]) -> list[int]:
        bullets = self._task.bullets
        worth = {
            number: self._overlap.expect([*self.chosen, number], bullets)
            * math.sqrt(self._topical[number])
            for number in numbers
            if number not in self.chosen
        }
        ranked = sorted(worth, key=lambda number: -worth[number])
        if self._task.purpose is Purpose.STORY:
            equals = [n for n in ranked if worth[n] >= (1 - _NEAR) * worth[ranked[0]]]
            equals.sort(key=self._newness, reverse=True)
            ranked[: len(equals)] = equals
        return ranked

    def _newness(self, number: int) -> float:
        published = self._candidates[number].passage.article.published
        return published.timestamp() if published else 0.0

    def _from_wanted_outlets(self, usable: Sequence[int]) -> Sequence[int]:
        """Other outlets' sentences, when one outlet alone has told all but the last bullet."""
        outlets = {self._outlet(number) for number in self.chosen}
        is_last = len(self.chosen) == self._task.bullets - 1
        if self._task.purpose is not Purpose.STORY or not is_last or len(outlets) != 1:
            return usable
        return [number for number in usable if self._outlet(number) not in outlets] or usable

    def _outlet(self, number: int) -> str:
        article = self._candidates[number].passage.article
        return article.outlet or article.id

    def _is_new(self, number: int) -> bool:
        """Whether no chosen sentence says the same; only those that share words are embedded."""
        alike = [each for each in self.chosen if self._shares_words(number, each)]
        if not alike:
            return True
        own = self._vector(number)
        return max(float(self._vector(each) @ own) for each in alike) < PARAPHRASE

    def _shares_words(self, number: int, other: int) -> bool:
        one, two = (set(content_words(self._candidates[each].text)) for each in (number, other))
        return len(one & two) >= _SHARED * min(len(one), len(two))

    def _vector(self, number: int) -> NDArray[np.float32]:
        if number not in self._vectors:
            self._vectors[number] = self._embed([self._candidates[number].text])[0]
        return self._vectors[number]
