"""Texts scored with the judge, by the judge alone and without it, and what their scores are worth.

Intervals are bootstrapped by article: texts of one article stand and fall together.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from bot.entities import Article
from bot.grounding.support import Checker
from tests.evals.remembered import RememberedJudge, UnknownError
from tests.evals.test_support import half
from vectorstore.embeddings import OnnxEmbeddings

SEED = 7
ROUNDS = 1_000  # of the bootstrap
STRETCH = 40  # items that are taken together; among them the judge's server reuses what it has read

KINDS = ("with the judge", "the judge alone", "without a judge")
Scores = tuple[float, float, float]  # of those three
Statistic = Callable[[NDArray[np.float64], NDArray[np.int64]], float]  # of scores and chosen rows


@dataclass(frozen=True)
class Figure:
    """One measure: its value for each kind of score, and the first's interval of 95%."""

    name: str
    texts: int
    articles: int
    values: Scores
    low: float
    high: float


class Scorer:
    """Scores texts against an article, three ways."""

    def __init__(self, judge: RememberedJudge) -> None:
        embeddings = OnnxEmbeddings()
        self._judge = judge
        self._without = Checker(embeddings)
        self._judged = Checker(embeddings, judge=judge)
        self._judged.language = self._without.language  # each sentence is read once

    def score(self, text: str, article: str) -> Scores:
        """Raises UnknownError where the judge's answer is not known and time is over."""
        given = [Article(id="article", text=article)]
        judged = self._judged.check_text(text, given)
        alone = [
            self._judge.said.get(claim.text, claim.score or 0.0)
            for claim in judged.claims
            if claim.score is not None
        ]
        return (
            judged.score,
            float(np.mean(alone or [0.0])),
            self._without.check_text(text, given).score,
        )

    def score_all(
        self, items: Sequence[dict[str, Any]], texts: Callable[[dict[str, Any]], Sequence[str]]
    ) -> Iterator[tuple[dict[str, Any], list[Scores]]]:
        """Each item with its texts' scores, but for those that the judge did not get to."""
        for start in range(0, len(items), STRETCH):
            for item in sorted(items[start : start + STRETCH], key=lambda item: item["article"]):
                try:
                    yield item, [self.score(text, item["article"]) for text in texts(item)]
                except UnknownError:
                    continue


def sample(items: Iterable[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    """So many of the items, the same at each call."""
    drawn = list(items)
    random.Random(SEED).shuffle(drawn)
    return drawn[:size]


def figure(
    name: str, scores: Sequence[Scores], articles: Sequence[str], statistic: Statistic
) -> Figure:
    """The statistic of each kind of score, and the interval of the first."""
    columns = np.array(scores).T
    rows = np.arange(len(articles))
    values = tuple(statistic(column, rows) for column in columns)
    low, high = _interval(columns[0], articles, statistic)
    return Figure(name, len(rows), len(set(articles)), values, low, high)  # type: ignore[arg-type]


def _interval(
    scores: NDArray[np.float64], articles: Sequence[str], statistic: Statistic
) -> tuple[float, float]:
    groups = [np.flatnonzero(np.array(articles) == name) for name in sorted(set(articles))]
    chance = np.random.default_rng(SEED)
    found = []
    for _ in range(ROUNDS):
        drawn = chance.integers(len(groups), size=len(groups))
        value = statistic(scores, np.concatenate([groups[n] for n in drawn]))
        if not np.isnan(value):
            found.append(value)
    low, high = np.percentile(found, [2.5, 97.5]) if found else (np.nan, np.nan)
    return float(low), float(high)


def auc(labels: Sequence[int]) -> Statistic:
    """The area under the ROC curve; NaN where one class is absent."""
    truth = np.array(labels)

    def statistic(scores: NDArray[np.float64], rows: NDArray[np.int64]) -> float:
        chosen = truth[rows]
        if chosen.min() == chosen.max():
            return float("nan")
        return float(roc_auc_score(chosen, scores[rows]))

    return statistic


def balanced_accuracy(labels: Sequence[int], articles: Sequence[str]) -> Statistic:
    """As test_support measures it: the threshold for one half of the articles is the middle between
    the classes' means of the other half."""
    truth, halves = np.array(labels), np.array([half(article) for article in articles])

    def statistic(scores: NDArray[np.float64], rows: NDArray[np.int64]) -> float:
        right = np.zeros(len(truth))
        for which in (0, 1):
            others = [scores[(halves != which) & (truth == label)] for label in (0, 1)]
            if not all(len(other) for other in others):
                return float("nan")  # a sample too small to have a threshold
            means = [other.mean() for other in others]
            here = halves == which
            right[here] = (scores[here] >= sum(means) / 2) == truth[here]
        shares = [right[rows][truth[rows] == label] for label in (0, 1)]
        if not all(len(share) for share in shares):
            return float("nan")
        return float(np.mean([share.mean() for share in shares]))

    return statistic


def pairs_right(scores: NDArray[np.float64], rows: NDArray[np.int64]) -> float:
    """The share of pairs whose difference is above nought; a tie is half a pair."""
    chosen = scores[rows]
    return float(((chosen > 0) + (chosen == 0) / 2).mean())
