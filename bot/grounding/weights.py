"""What each measure is worth, as numbers: how a score comes about.

A measure is set against its usual value (mean and spread over the sentences it was made from), cut
at four spreads either way, weighted and summed; the logistic function of the sum is the score.

How they were made. With a few hundred labelled sentences, equal weights predict other data better
than fitted ones (Dawes 1979; tried here: a ridge regression gained .01 on the kind of data that it
saw and lost up to .05 on SummEdits). So every measure is worth the same, its sign is what its
meaning says, and no label decides a weight. The means and spreads come from the sentences of BUMP
(reference summaries and their unfaithful twins) and QAGS (sentences judged by people), of articles
whose hash is even; so does the last step, Platt's calibration on QAGS, both classes weighing the
same. Nothing comes from SummEdits. `tests/evals/fit_support.py` makes the numbers, and
`tests/evals/test_support.py` measures on the other half.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

CUT = 4.0
BIAS = -0.744
SUPPORTED = 0.45  # from here a sentence without findings is supported, ...
PARTLY = 0.15  # ... and from here partly, or already from
HARDLY = 0.03  # here where the evidence has this share of the claim's words in some form
CARRIED = 0.75
CONTRADICTED = 0.6  # what is left of the score when the evidence states otherwise


SURE = 0.02  # a judge is never surer than this
DOUBTED = 0.68  # a judge that gives less (the mean of JUDGE, as a probability) does not find it


@dataclass(frozen=True, slots=True)
class Weight:
    """The usual value of a measure, its spread, and the log-odds that a spread above it adds."""

    mean: float
    spread: float
    worth: float


WEIGHTS: Mapping[str, Weight] = {
    "similarity": Weight(1.387, 0.404, 0.259),
    "links": Weight(1.012, 0.507, 0.259),
    "stretch": Weight(1.148, 1.229, -0.259),
    "overlap": Weight(0.889, 0.129, 0.259),
    "missing nouns": Weight(0.525, 0.775, -0.259),
    "missing names": Weight(0.058, 0.268, -0.259),
    "synonyms": Weight(0.137, 0.354, 0.259),
    "name": Weight(0.037, 0.199, -0.259),
    "number": Weight(0.029, 0.173, -0.259),
    "date": Weight(0.011, 0.103, -0.259),
    "negation": Weight(0.005, 0.075, -0.259),
    "opposite": Weight(0.032, 0.177, -0.259),
    "quote": Weight(0.000, 0.100, -0.259),
    "modality": Weight(0.019, 0.138, -0.259),
    "role": Weight(0.000, 0.100, -0.259),
    "new negation": Weight(0.011, 0.103, -0.259),
    "pronouns": Weight(0.191, 0.458, -0.259),
    "replaced": Weight(0.127, 0.365, -0.259),
    "misplaced": Weight(0.260, 0.493, -0.259),
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


def _log_odds(probability: float) -> float:
    """The logarithm of the odds; a plain yes or no counts as 49 to 1."""
    kept = max(SURE, min(1 - SURE, probability))
    return math.log(kept / (1 - kept))


def _standard(value: float, weight: Weight) -> float:
    return max(-CUT, min(CUT, (value - weight.mean) / weight.spread))
