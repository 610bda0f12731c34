"""Fits the weights of bot/writing/overlap.py; run by hand: python -m tests.evals.fit_overlap

The articles and reference summaries are BUMP's, without those that are in a set which summaries are
measured on. Each article is taken twice, the second time with its sentences shuffled, so that its
opening counts for less than it does in American news alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.grounding.sentences import split, words
from bot.grounding.vocabulary import content_pairs, content_words
from bot.writing import overlap
from tests.evals.datasets import read

_MEASURED = ("realsumm100", "news_writer_summaries")

Example = tuple[list[str], str]


def main() -> None:
    examples = list(_twice(_articles()))
    word_weights = _fit([_word_rows(texts, summary) for texts, summary in examples])
    print("WORD_WEIGHTS =", word_weights)
    print("PAIR_WEIGHTS =", _fit([_pair_rows(*example, word_weights) for example in examples]))
    sizes = [len(set(content_words(summary))) / 3 for _, summary in examples]
    print("content words for each of three sentences:", round(float(np.mean(sizes)), 1))


def _articles() -> list[Example]:
    measured = [_runs(item["article"]) for name in _MEASURED for item in read(name)]
    summaries = {item["article"]: item["reference_summary"] for item in read("bump")}
    return [
        ([sentence.text for sentence in split(article)], summary)
        for article, summary in summaries.items()
        if not any(_is_shared(_runs(article), runs) for runs in measured)
    ]


def _runs(text: str) -> set[tuple[str, ...]]:
    tokens = words(text)
    return set(zip(*(tokens[start:] for start in range(4)), strict=False))


def _is_shared(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> bool:
    return len(one & other) > 0.3 * min(len(one), len(other))


def _twice(articles: list[Example]) -> Iterator[Example]:
    for number, (texts, summary) in enumerate(articles):
        yield texts, summary
        yield random.Random(number).sample(texts, len(texts)), summary


def _word_rows(texts: list[str], summary: str) -> list[tuple[overlap.Features, bool]]:
    repeated = set(content_words(summary))
    features = overlap.word_features([content_words(text) for text in texts], range(len(texts)))
    return [(row, word in repeated) for word, row in features.items()]


def _pair_rows(
    texts: list[str], summary: str, word_weights: overlap.Features
) -> list[tuple[overlap.Features, bool]]:
    repeated = set(content_pairs(summary))
    places = range(len(texts))
    sentences = [content_words(text) for text in texts]
    worth = {
        word: overlap.probability(word_weights, row)
        for word, row in overlap.word_features(sentences, places).items()
    }
    pairs = [content_pairs(text) for text in texts]
    features = overlap.pair_features(pairs, places, worth)
    return [(row, pair in repeated) for pair, row in features.items()]


def _fit(examples: list[list[tuple[overlap.Features, bool]]]) -> overlap.Features:
    rows = [row for example in examples for row in example]
    model = LogisticRegression(C=0.3, max_iter=1_000)
    model.fit(np.array([features for features, _ in rows]), [repeated for _, repeated in rows])
    weights = (model.intercept_[0], *model.coef_[0])
    return tuple(round(float(weight), 2) for weight in weights)


if __name__ == "__main__":
    main()
