"""What each measure is worth, as numbers: how a score comes about.

A measure is set against its usual value (mean and spread over the sentences it was made from), cut
at four spreads either way, weighted and summed; the logistic function of the sum is the score.

How they were made. With a few hundred labelled sentences, equal weights predict other data better
than fitted ones (Dawes 1979; tried here: a ridge regression gained .01 on the kind of data that it
saw and lost up to .05 on SummEdits). So every measure is worth the same, its sign is what its
meaning says, and no label decides a weight. The means and spreads come from the sentences of BUMP
(reference summaries and their unfaithful twins) and QAGS (sentences judged by people), of articles
whose hash is even; so does the last step, Platt's calibration on QAGS, both classes weighing the
same. No number comes from SummEdits; which measures count at all, and how sentences make a whole,
was chosen with both halves of all sets in view. `tests/evals/fit_support.py` makes the numbers,
and `tests/evals/test_support.py` measures on the other half.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CUT = 4.0
BIAS = -0.692
SUPPORTED = 0.41  # from here a sentence without findings is supported, ...
PARTLY = 0.18  # ... and from here partly, or already from
HARDLY = 0.03  # here where the evidence has this share of the claim's words in some form
CARRIED = 0.75
CONTRADICTED = 0.6  # what is left of the score when the evidence states otherwise, ...
DISCREDITED = 0.37  # ... and of the odds of a whole text, for each such sentence


SURE = 0.02  # a judge is never surer than this
DOUBTED = 0.68  # a judge that gives less (the mean of JUDGE, as a probability) does not find it


@dataclass(frozen=True, slots=True)
class Weight:
    """The usual value of a measure, its spread, and the log-odds that a spread above it adds."""

    mean: float
    spread: float
    worth: float


WEIGHTS: Mapping[str, Weight] = {
    "similarity": Weight(1.387, 0.404, 0.271),
    "links": Weight(1.012, 0.508, 0.271),
    "stretch": Weight(1.148, 1.229, -0.271),
    "detached": Weight(0.152, 0.437, -0.271),
    "overlap": Weight(0.889, 0.129, 0.271),
    "missing names": Weight(0.058, 0.268, -0.271),
    "synonyms": Weight(0.137, 0.354, 0.271),
    "name": Weight(0.037, 0.199, -0.271),
    "number": Weight(0.027, 0.169, -0.271),
    "date": Weight(0.011, 0.103, -0.271),
    "negation": Weight(0.002, 0.039, -0.271),
    "opposite": Weight(0.005, 0.071, -0.271),
    "quote": Weight(0.000, 0.100, -0.271),
    "modality": Weight(0.019, 0.138, -0.271),
    "role": Weight(0.000, 0.100, -0.271),
    "new negation": Weight(0.011, 0.103, -0.271),
    "pronouns": Weight(0.191, 0.458, -0.271),
    "replaced": Weight(0.127, 0.365, -0.271),
    "misplaced": Weight(0.261, 0.494, -0.271),
    "misplaced names": Weight(0.026, 0.196, -0.271),
}

# Of the log-odds of a judge's probability. A spread of it counts as much as a spread of all the
# above together does: equal weights again, and no label decided. Made from 229 sentences of the
# same halves of BUMP and QAGS by tests/evals/fit_judge.py, with Qwen2.5-Coder-1.5B-Instruct.
JUDGE = Weight(0.766, 0.924, 1.546)


def score(
    measures: Mapping[str, float], *, contradicted: bool, judged: float | None = None
) -> float:
    """The support found, in (0, 1); `judged` is the probability that a judge gives it, if any."""
    total = BIAS + sum(
        weight.worth * _standard(measures[name], weight) for name, weight in WEIGHTS.items()
    )
    if judged is not None:
        total += JUDGE.worth * _standard(_log_odds(judged), JUDGE)
    return (CONTRADICTED if contradicted else 1.0) / (1 + math.exp(-total))


def overall(scores: Sequence[float], contradicted: int) -> float:
    """The support of a whole text from its sentences' scores, so many of them contradicted.

    A mean of square roots, so that a sentence that nothing carries costs more than one that is
    carried well makes up for. A text is as faithful as its worst error, however many sound
    sentences stand around it: so each contradicted one takes from the odds of the whole.
    """
    if not scores:
        return 0.0
    mean = (sum(map(math.sqrt, scores)) / len(scores)) ** 2
    left: float = mean * DISCREDITED**contradicted
    return left / (left + 1.0 - mean)


def _log_odds(probability: float) -> float:
    """The logarithm of the odds; a plain yes or no counts as 49 to 1."""
    kept = max(SURE, min(1 - SURE, probability))
    return math.log(kept / (1 - kept))


def _standard(value: float, weight: Weight) -> float:
    return max(-CUT, min(CUT, (value - weight.mean) / weight.spread))
