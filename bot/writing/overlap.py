"""Foretells how much a choice of sentences would share with a summary written by a person.

For each word of the articles, and each pair of neighbouring words, two logistic models give the
probability that a person's summary repeats it, from how many sentences hold it, how early they
stand, and whether it is a number. The expected overlap of a choice is then an F1 over words and
pairs, counted once each: what is repeated adds length and no worth, so that short and varied
choices win by themselves. Concept coverage is Gillick and Favre's (2009), greedy choice under such
an objective Lin and Bilmes's (2011); the expected F1 in place of a budget is ours.

The weights were fitted to the 108 articles and reference summaries of BUMP's development half that
are in no set this is measured on, by tests/evals/fit_overlap.py, with each article once as it is
and once with its sentences shuffled, lest the place in the article count for too much.

This module knows nothing about meaning, and nothing about which sentences may be chosen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.grounding.vocabulary import Pairs, Words, content_pairs, content_words

REFERENCE = 9.5  # content words that a person's summary holds for each sentence asked for
_PAIRS = 1.2  # pairs in such a summary, in proportion to its content words
_EARLY = 5.0  # sentences after which an early place counts for a third

# the intercept, then a weight for each feature, in the order of `_word_features` and of pairs
WORD_WEIGHTS = (-3.11, 1.26, 1.05, 0.40)
PAIR_WEIGHTS = (-3.82, 1.35, 1.17, 0.55, 0.65)

Features = tuple[float, ...]
Term = TypeVar("Term", str, tuple[str, str])


@dataclass(frozen=True, slots=True)
class Vocabulary(Generic[Term]):
    """The terms (words, or pairs) of each sentence, and how probably a summary repeats each."""

    sentences: tuple[tuple[Term, ...], ...]
    worth: Mapping[Term, float]

    def overlap(self, chosen: Iterable[int], reference: float) -> float:
        """The expected F1 of these sentences against a summary of `reference` terms."""
        terms = [self.sentences[number] for number in chosen]
        shared = sum(self.worth[term] for term in set().union(*terms))
        return 2 * shared / (sum(map(len, terms)) + reference)


class Overlap:
    """What choices from `texts`, whose places in their articles are `places`, would share."""

    def __init__(self, texts: Sequence[str], places: Sequence[int]) -> None:
        words = [content_words(text) for text in texts]
        worth = {
            word: probability(WORD_WEIGHTS, features)
            for word, features in word_features(words, places).items()
        }
        pairs = [content_pairs(text) for text in texts]
        self._words = Vocabulary(tuple(words), worth)
        self._pairs = Vocabulary(
            tuple(pairs),
            {
                pair: probability(PAIR_WEIGHTS, features)
                for pair, features in pair_features(pairs, places, worth).items()
            },
        )

    def expect(self, chosen: Sequence[int], bullets: int) -> float:
        """The expected overlap in [0, 1] with a person's summary of `bullets` sentences."""
        reference = REFERENCE * bullets
        return 0.5 * (
            self._words.overlap(chosen, reference) + self._pairs.overlap(chosen, _PAIRS * reference)
        )


def word_features(sentences: Sequence[Words], places: Sequence[int]) -> dict[str, Features]:
    """For each word how many sentences hold it (log), how early they stand, whether a number."""
    return {
        word: (math.log(len(held)), _earliness(held), float(any(map(str.isdigit, word))))
        for word, held in _holders(sentences, places).items()
    }


def pair_features(
    sentences: Sequence[Pairs], places: Sequence[int], worth: Mapping[str, float]
) -> dict[tuple[str, str], Features]:
    """For each pair the same without the number, and the worth of its words."""
    return {
        pair: (math.log(len(held)), _earliness(held), *(worth.get(word, 0.0) for word in pair))
        for pair, held in _holders(sentences, places).items()
    }


def _holders(sentences: Sequence[tuple[Term, ...]], places: Sequence[int]) -> dict[Term, list[int]]:
    """The places of the sentences that hold each term."""
    held: dict[Term, list[int]] = {}
    for terms, place in zip(sentences, places, strict=True):
        for term in set(terms):
            held.setdefault(term, []).append(place)
    return held


def _earliness(places: Sequence[int]) -> float:
    return sum(math.exp(-place / _EARLY) for place in places)


def probability(weights: Features, features: Features) -> float:
    """A logistic model's: the first weight is its intercept."""
    intercept, *slopes = weights
    margin = intercept + sum(w * f for w, f in zip(slopes, features, strict=True))
    return 1 / (1 + math.exp(-margin))
