"""Chooses the sentences of passages that answer a question, or none.

A sentence answers the better, the nearer it is to the question in meaning, the more of the
question's rare words it holds, and when it offers the kind of thing asked for: a number for
"how many", a date for "when", a means for "how", a name that the question does not give for "who",
"where" and "which". An open question ("what happened to the ferry?") takes what is said of its
topic, first sentences first. What it offers counts for more when sentences of other outlets offer
it too, as a newsroom asks for a second source: an article that nobody else bears out, such as one
that was written to be found, does not lead because it repeats the question (the idea of counting
what isolated passages agree on is that of RobustRAG, Xiang et al. 2024, arXiv:2405.15556).
The weights were chosen on RobustRAG's questions and tested on RealTime QA's of 2026.

This module knows nothing about how passages were found, nor about how a sentence becomes a draft.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.grounding.asking import topic_of
from bot.grounding.vocabulary import content_words
from bot.grounding.witnesses import publisher
from bot.writing.candidates import Candidate
from bot.writing.drafts import Task
from bot.writing.selfcontained import is_selfcontained, is_statement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Embed = Callable[[list[str]], NDArray[np.float32]]

MOST_SENTENCES = 3
MOST_WORDS = 60
THRESHOLD = 0.45  # the score below which a sentence answers nothing
_BEHIND = 0.35  # how far behind the best sentence another may be
_READ = 60  # sentences that are embedded, those with most of the question's words first
_WORDS, _KIND = 0.5, 0.2  # weights beside similarity's 1
_BORNE_OUT = 0.6  # what it is worth that two other outlets offer the same; one is worth half
_ENOUGH = 2  # other outlets
_NEAR = 0.8  # how far behind the best sentence one may be that bears another out
_LEAD = 0.2  # what an article's first sentence is worth to an open question ("what happened to")
_PARAPHRASE = 0.9  # cosine from which two sentences say the same

_ASIDE = re.compile(r"\(([^)]*)\)")


class _Kind(NamedTuple):
    """A kind of question: the words that ask it, and what answers it."""

    asked: re.Pattern[str]
    answer: re.Pattern[str]


_COUNT = _Kind(
    re.compile(
        r"\bhow (?:many|much|long|old|far|big|tall|large|fast|often|high)\b"
        r"|\bwh(?:at|ich) (?:percentage|share|number|amount|age|price)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\d[\d,.]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?"
        r"|thousands?|millions?|billions?|half|third|quarter|once|twice)\b",
        re.IGNORECASE,
    ),
)
_DATE = _Kind(
    re.compile(r"\bwhen\b|\bwh(?:at|ich) (?:day|date|month|time|year)\b", re.IGNORECASE),
    re.compile(
        r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july"
        r"|august|september|october|november|december|(?:jan|feb|aug|sept|oct|nov|dec)\.|\d{4}|today"
        r"|yesterday|tomorrow|tonight|(?:last|this|next) (?:week|month|year))\b",
        re.IGNORECASE,
    ),
)
_NAME = _Kind(
    re.compile(r"\b(?:who|whose|whom|where|which|name of)\b", re.IGNORECASE),
    re.compile(r"(?<=[^.!?]\s)[“\"'‘(]?([A-Z][\w'’.-]*)"),
)
_MANNER = _Kind(
    re.compile(r"\bhow (?:did|do|does|was|were|is|are|will|can|has|have)\b", re.IGNORECASE),
    re.compile(
        r"\b(?:by|via|through|using|aboard|with the help|with help|thanks to|by means)\b",
        re.IGNORECASE,
    ),
)


def reply(task: Task, candidates: Sequence[Candidate], embed: Embed) -> list[Candidate]:
    """At most three candidates that answer `task.question`, best first; none when none does.

    They hold at most 60 words together, unless the first alone is longer.
    """
    topic = topic_of(task.question)
    about = topic or task.question
    shared = _shared_words(about, candidates)
    usable = [n for n, each in enumerate(candidates) if _may_answer(each.text)]
    read = sorted(usable, key=lambda number: -shared[number])[:_READ]
    if not read:
        return []
    asked, *rows = embed([about, *(candidates[number].text for number in read)])
    vectors = dict(zip(read, rows, strict=True))
    fit = {
        number: float(vectors[number] @ asked)
        + _WORDS * shared[number]
        + _KIND * fits(task.question, candidates[number].text)
        + _LEAD * (bool(topic) and _opens(candidates[number]))
        for number in read
    }
    scores = _with_witnesses(task.question, candidates, fit)
    chosen: list[int] = []
    for number in sorted(scores, key=lambda number: -scores[number]):
        if _has_room(chosen, number, candidates) and not any(
            vectors[number] @ vectors[other] > _PARAPHRASE for other in chosen
        ):
            chosen.append(number)
        if len(chosen) == min(MOST_SENTENCES, task.bullets):
            break
    return [candidates[number] for number in chosen]


def fits(question: str, sentence: str) -> float:
    """1 when the sentence offers the kind of answer that is asked for, 0 when not, else .5."""
    kind = _kind_of(question)
    if kind is None:
        return 0.5
    if kind in (_COUNT, _NAME):  # the question's own do not answer it
        return float(bool(_offers(question, sentence)))
    return float(kind.answer.search(sentence) is not None)


def _kind_of(question: str) -> _Kind | None:
    kinds = (_COUNT, _DATE, _NAME, _MANNER)
    return next((kind for kind in kinds if kind.asked.search(question)), None)


def _offers(question: str, sentence: str) -> set[str]:
    """What the sentence offers in answer that the question does not say, in lower case.

    Numbers, dates or names; for other questions, words.
    """
    known, kind = set(content_words(question)), _kind_of(question)
    if kind is None or kind is _MANNER:
        return set(content_words(sentence)) - known
    said = _DATE.answer.sub(" ", sentence) if kind is _NAME else sentence
    found = (match.group(match.lastindex or 0) for match in kind.answer.finditer(said))
    return {word for text in found for word in content_words(text) or [text.lower()]} - known


def _with_witnesses(
    question: str, candidates: Sequence[Candidate], fit: Mapping[int, float]
) -> dict[int, float]:
    """The scores of those that answer: how they fit, and how well other outlets bear them out.

    Those too far behind the best are left out.
    """
    offers = {number: _offers(question, candidates[number].text) for number in fit}
    best = max(fit.values())
    said: dict[str, dict[str, str]] = {}  # what is offered: the sentences that do, their outlets
    for number in (each for each, value in fit.items() if value >= best - _NEAR):
        for word in offers[number]:
            outlets = said.setdefault(word, {})
            outlets[candidates[number].text] = _outlet(candidates[number])
    scores = {
        number: value
        + _BORNE_OUT * _borne_out(candidates[number], [said.get(one, {}) for one in offers[number]])
        for number, value in fit.items()
        if value >= THRESHOLD
    }
    least = max(scores.values(), default=0.0) - _BEHIND
    return {number: score for number, score in scores.items() if score >= least}


def _borne_out(candidate: Candidate, said: Iterable[Mapping[str, str]]) -> float:
    """From 0 to 1: how many other outlets offer, in other words, what the sentence offers."""
    own = _outlet(candidate)
    others = (
        {outlet for text, outlet in outlets.items() if text != candidate.text} - {own}
        for outlets in said
    )
    return min(_ENOUGH, max(map(len, others), default=0)) / _ENOUGH


def _outlet(candidate: Candidate) -> str:
    return publisher(candidate.passage.article.outlet)


def _opens(candidate: Candidate) -> bool:
    """Whether it is an article's first sentence, which says what happened."""
    return candidate.passage.start == 0 and candidate.place == 0


def _may_answer(text: str) -> bool:
    return is_statement(text) and is_selfcontained(text)


def _shared_words(question: str, candidates: Sequence[Candidate]) -> list[float]:
    """How much of the question's words each candidate holds; the rarer, the more they count.

    What stands in brackets counts a third: the names that are added to a follow-up say whom it is
    about, not what it asks.
    """
    asked = _weights(question)
    held = [asked.keys() & set(content_words(each.text)) for each in candidates]
    counts = Counter(word for words in held for word in words)
    worth = {
        word: weight * math.log((len(held) + 1) / (counts[word] + 0.5))
        for word, weight in asked.items()
    }
    total = sum(worth.values()) or 1.0
    return [sum(worth[word] for word in words) / total for words in held]


def _weights(question: str) -> dict[str, float]:
    weights = dict.fromkeys(content_words(question), 1.0)
    for aside in _ASIDE.findall(question):
        weights |= {word: weights[word] / 3 for word in content_words(aside) if word in weights}
    return weights


def _has_room(chosen: Sequence[int], number: int, candidates: Sequence[Candidate]) -> bool:
    words = sum(len(candidates[each].text.split()) for each in (*chosen, number))
    return not chosen or words <= MOST_WORDS
