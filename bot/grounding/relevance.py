"""Tells whether passages bear on a question at all, before any writer is asked.

Two things are looked at, of the sentences of the best passages: how near the nearest one is to the
question in meaning, and how many of the question's content words one of them holds. A logistic
model of the two, fitted on RealTime QA's questions of 2026 (tests/evals/fit_relevance.py) and
tested on MT-RAG's, gives a probability. Of an open question ("what happened to the ferry?") only
its topic is looked at.

This module knows nothing about how passages were found. It cannot tell a passage on the very
subject that lacks the fact asked for.
"""

from __future__ import annotations

import math
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

THRESHOLD = 0.5
WEIGHTS = (-2.48, 2.52, 1.72)  # intercept, similarity, words held
_PASSAGES = 4  # the best ones; the others seldom hold what these do not
_SENTENCES = 60


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


def measure(question: str, passages: Sequence[Passage], embed: Embed) -> tuple[float, float] | None:
    """The best sentence's cosine, and the best share of the question's words; None: no sentence."""
    texts = [sentence.text for passage in passages[:_PASSAGES] for sentence in split(passage.text)]
    texts = list(dict.fromkeys(texts))[:_SENTENCES]
    if not texts:
        return None
    topic = topic_of(question)
    about = topic or question
    if topic:  # an article on the very topic may have another word for it: a crash, a collision
        titles = (passage.article.title for passage in passages[:_PASSAGES])
        texts += [title for title in dict.fromkeys(titles) if title]
    rows = embed([about, *texts])
    asked = set(content_words(about))
    held = max(len(asked.intersection(content_words(text))) for text in texts)
    return float((rows[1:] @ rows[0]).max()), held / len(asked) if asked else 1.0
