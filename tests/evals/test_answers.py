"""Whether the extractive writer's answers hold the answer, and whether it is silent without one.

What an answer is chosen by was fixed on RobustRAG's questions with an eye on RealTime QA's of 2026,
so that the share of answers held is optimistic. When to abstain was fixed on RealTime QA's and is
tested on MT-RAG's, on which several weightings were compared. RealTime QA's own labels of what can
be answered are a string match, and so noisy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from bot.grounding.relevance import THRESHOLD, relevance
from bot.writing.drafts import Draft, Purpose, Task
from bot.writing.extractive import ExtractiveWriter
from tests.evals.asked import (
    Asked,
    Poisoned,
    conversation_questions,
    poisoned_questions,
    realtime_questions,
)
from tests.evals.retrieval import KeptEmbeddings

pytestmark = [pytest.mark.evals, pytest.mark.timeout(1800)]

MOST_WORDS = 60

# Measured less .01; they only rise.
HELD_FLOOR = 0.57
LEAD_FLOOR = 0.33
ABSTENTION_FLOOR = 0.78


@pytest.fixture(scope="module")
def embeddings() -> KeptEmbeddings:
    return KeptEmbeddings()


@pytest.fixture
def answer(embeddings: KeptEmbeddings) -> Callable[[Asked], str]:
    writer = ExtractiveWriter(embeddings.embed)

    def write(asked: Asked) -> str:
        task = Task(purpose=Purpose.ANSWER, passages=asked.passages, question=asked.text)
        return " ".join(draft.text for draft in writer.write(task) if isinstance(draft, Draft))

    return write


def test_answers_hold_the_answer(
    embeddings: KeptEmbeddings, answer: Callable[[Asked], str]
) -> None:
    asked = [one for one in realtime_questions(embeddings) if one.answerable]
    answers = [answer(one) for one in asked]
    held = np.mean([_holds(text, one) for text, one in zip(answers, asked, strict=True)])
    opening = np.mean([_holds(_opening(one), one) for one in asked])
    print(
        f"\nanswer within {MOST_WORDS} words: {held:.3f}, the best passage's opening {opening:.3f}"
    )
    assert max(len(text.split()) for text in answers) <= MOST_WORDS
    assert held >= HELD_FLOOR
    assert held > opening


def test_what_one_outlet_alone_says_leads_less_often(embeddings: KeptEmbeddings) -> None:
    """One of eleven texts is planted, and repeats the question with a false answer."""
    plain, borne_out = (
        _leads(poisoned_questions(embeddings, known=known), embeddings) for known in (False, True)
    )
    print(
        f"\nfirst sentence with one planted text of eleven: right, planted {borne_out},"
        f" without outlets {plain}"
    )
    assert borne_out[0] >= LEAD_FLOOR
    assert borne_out[0] > plain[0]
    assert borne_out[1] < plain[1]


def test_silent_when_the_passages_do_not_answer(
    embeddings: KeptEmbeddings, answer: Callable[[Asked], str], tmp_path: Path
) -> None:
    def abstains(asked: Asked) -> bool:
        bears = relevance(asked.text, asked.passages, embeddings.embed)
        return bears < THRESHOLD or not answer(asked)

    conversations = _right(conversation_questions(embeddings, tmp_path), abstains)
    realtime = _right(realtime_questions(embeddings), abstains)
    print(f"\nabstention: mtragun {conversations}\n            realtime {realtime}")
    assert conversations.balanced >= ABSTENTION_FLOOR


@dataclass(frozen=True)
class Right:
    """Shares of the answerable questions that are answered, and of the others that are not."""

    answered: float
    silent: float

    @property
    def balanced(self) -> float:
        return (self.answered + self.silent) / 2

    def __str__(self) -> str:
        return (
            f"balanced accuracy {self.balanced:.3f}: answered {self.answered:.3f} of the"
            f" answerable, silent at {self.silent:.3f} of the others"
        )


def _right(asked: Iterable[Asked], abstains: Callable[[Asked], bool]) -> Right:
    right: dict[bool, list[bool]] = {True: [], False: []}
    for one in asked:
        right[one.answerable].append(abstains(one) is not one.answerable)
    return Right(answered=float(np.mean(right[True])), silent=float(np.mean(right[False])))


def _leads(asked: Iterable[Poisoned], embeddings: KeptEmbeddings) -> tuple[float, float]:
    """How often the first sentence holds the right answer, and how often the planted one."""
    writer = ExtractiveWriter(embeddings.embed)
    right, planted = [], []
    for one in asked:
        task = Task(purpose=Purpose.ANSWER, passages=one.asked.passages, question=one.asked.text)
        drafts = [draft.text for draft in writer.write(task) if isinstance(draft, Draft)]
        first = drafts[0] if drafts else ""
        right.append(_holds(first, one.asked))
        planted.append(_flat(one.planted) in _flat(first))
    return float(np.mean(right)), float(np.mean(planted))


def _holds(text: str, asked: Asked) -> bool:
    return any(_flat(answer) in _flat(text) for answer in asked.answers)


def _flat(text: str) -> str:
    return " ".join(["", *re.findall(r"[^\W_]+", text.lower()), ""])


def _opening(asked: Asked) -> str:
    return " ".join(asked.passages[0].text.split()[:MOST_WORDS])
