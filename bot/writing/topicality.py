"""How far each sentence speaks of the topic of a briefing, beside the story's other sentences.

An article on a topic may be about much else: a round-up has one item of five on it, a report on
mustard a paragraph on the war. So a sentence is compared with the topic together with its
neighbours, since "The talks went on all night" is about what stands around it. Query-focused
selection is Otterbacher, Erkan and Radev's (2005); that the neighbours count is ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.grounding.vocabulary import content_words
from bot.writing.candidates import Candidate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]
    Embed = Callable[[list[str]], Vectors]

ON_TOPIC = 0.6  # share of the best likeness in the story from which a sentence is on topic
_PLAINLY = 0.6  # cosine from which a sentence is on topic, however much nearer others come
_UNTOLD = 0.2  # cosine that one must reach, lest the topic tell the sentences apart by chance
_MOST = 80  # sentences of a story that are compared: those with the topic's words, then early ones


def topicality(topic: str, candidates: Sequence[Candidate], embed: Embed) -> list[float]:
    """For each candidate a number in [0, 1], 1 for those nearest to the topic.

    All are 1 where no sentence comes near: the story was chosen for something else. The parts of a
    topic between commas are topics each; a sentence is as near as the nearest makes it.
    """
    parts = [part.strip() for part in topic.split(",") if part.strip()]
    compared = sorted(_compared(topic, candidates))
    if not parts or not compared:
        return [1.0] * len(candidates)
    own = embed([candidates[number].text for number in compared])
    around = _with_neighbours([candidates[number] for number in compared], own)
    near = (0.5 * (own + around) @ embed(parts).T).max(axis=1)
    best = min(float(near.max()), _PLAINLY)
    if best < _UNTOLD:
        return [1.0] * len(candidates)
    found = dict(zip(compared, (near / best).clip(0, 1).tolist(), strict=True))
    return [found.get(number, 0.0) for number in range(len(candidates))]


def _compared(topic: str, candidates: Sequence[Candidate]) -> list[int]:
    wanted = set(content_words(topic))

    def rank(number: int) -> tuple[bool, int]:
        one = candidates[number]
        return wanted.isdisjoint(content_words(one.text)), one.place

    return sorted(range(len(candidates)), key=rank)[:_MOST]


def _with_neighbours(candidates: Sequence[Candidate], vectors: Vectors) -> Vectors:
    """For each the direction of the mean of it, the sentence before and the one after it."""
    import numpy as np

    rows = {(one.passage.number, one.place): row for row, one in enumerate(candidates)}
    means = np.empty_like(vectors)
    for row, one in enumerate(candidates):
        near = ((one.passage.number, one.place + step) for step in (-1, 0, 1))
        means[row] = vectors[[rows[each] for each in near if each in rows]].mean(axis=0)
    unit: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True).clip(1e-9)
    return unit
