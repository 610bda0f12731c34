"""Tells whether passages bear on a question at all, before any writer is asked.

Three things are looked at: how near the nearest sentence of the best passages is to the question in
meaning, how near the nearest whole passage is, and how many of the question's content words one of
the sentences holds. A logistic model of the three, fitted on RealTime QA's questions of 2026
(tests/evals/fit_relevance.py) and tested on MT-RAG's, gives a probability. Of an open question
("what happened to the ferry?") only its topic is looked at.

This module knows nothing about how passages were found. It cannot tell a passage on the very
subject that lacks the fact asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.entities import Passage
from bot.grounding.asking import topic_of
from bot.grounding.sentences import split
from bot.grounding.vocabulary import content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Embed = Callable[[list[str]], NDArray[np.float32]]

# The lowest that is within one standard error of the best on the questions of the fit (the rule of
# Breiman et al. 1984): what is asked in vain costs little, since the writer may be silent too.
THRESHOLD = 0.43
WEIGHTS = (-2.98, 1.86, 1.89, 1.27)  # intercept, sentence, passage, words held
_PASSAGES = 4  # the best ones; the others seldom hold what these do not
_SENTENCES = 60
_NOUN = re.compile(r"(?<=[aeiou])(?<!vi)sion$")  # of a verb in -de; "revision" has another


def relevance(question: str, passages: Sequence[Passage], embed: Embed) -> float:
    """How probably the passages (best first) answer the question, in [0, 1]; 0 without passages.

    `embed` gives unit rows, one a text.
    """
    features = measure(question, passages, embed)
    if features is None:
        return 0.0
    intercept, *weights = WEIGHTS
    margin = intercept + sum(w * f for w, f in zip(weights, features, strict=True))
    return 1 / (1 + math.exp(-margin))


def measure(
    question: str, passages: Sequence[Passage], embed: Embed
) -> tuple[float, float, float] | None:
    """The cosines of the best sentence and passage, and the most words that one sentence holds.

    None where there is no sentence; the words are the question's, the most is a share of them.
    """
    best = passages[:_PASSAGES]
    texts = [sentence.text for passage in best for sentence in split(passage.text)]
    bodies = [f"{passage.article.title}\n\n{passage.text}".strip() for passage in best]
    texts = list(dict.fromkeys(texts))[:_SENTENCES]
    if not texts:
        return None
    topic = topic_of(question)
    about = topic or question
    if topic:  # an article on the very topic may have another word for it: a crash, a collision
        titles = (passage.article.title for passage in best)
        texts += [title for title in dict.fromkeys(titles) if title]
    rows = embed([about, *bodies, *texts])
    cosines = rows[1:] @ rows[0]
    asked = _roots(about)
    held = max(len(asked & _roots(text)) for text in texts)
    share = held / len(asked) if asked else 1.0
    nearest = float(cosines[len(bodies) :].max())
    # a topic is a word or two, to which no whole passage is near
    return nearest, nearest if topic else float(cosines[: len(bodies)].max()), share


def _roots(text: str) -> set[str]:
    """The content words of a text; a noun such as "collision" is one with its verb, "collided"."""
    return {_NOUN.sub("d", word) for word in content_words(text)}
