"""What each measure is worth, as numbers: how a score comes about.

A measure is set against its usual value (mean and spread over the sentences it was made from), cut
at four spreads either way, weighted and summed; the logistic function of the sum is the score.

How they were made. From BUMP (reference summaries and their unfaithful twins) and QAGS (CNN/DM and
XSum, sentences judged by people), the articles whose hash is even; nothing was fitted on SummEdits,
nor on the other half. Three tenths of each weight are a ridge regression (pairs ranked, sentences
classed; each measure bound to the sign that its meaning gives it, since a few hundred sentences
would else teach accidents), seven tenths are the same for all measures (Dawes 1979: with little
data equal weights predict other data best). The last step is Platt's calibration on the QAGS
sentences of that half, both classes weighing the same. `tests/evals/test_support.py` measures on
the odd half.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

CUT = 4.0
BIAS = -0.855
SUPPORTED = 0.45  # from here a sentence without findings is supported, ...
PARTLY = 0.2  # ... and from here partly


@dataclass(frozen=True, slots=True)
class Weight:
    """The usual value of a measure, its spread, and the log-odds that a spread above it adds."""

    mean: float
    spread: float
    worth: float


WEIGHTS: Mapping[str, Weight] = {
    "similarity": Weight(0.829, 0.115, 0.325),
    "links": Weight(0.692, 0.181, 0.316),
    "weakest links": Weight(0.516, 0.237, 0.116),
    "stretch": Weight(1.149, 1.229, -0.313),
    "overlap": Weight(0.893, 0.125, 0.241),
    "missing nouns": Weight(0.526, 0.776, -0.241),
    "missing words": Weight(0.508, 0.538, -0.024),
    "missing names": Weight(0.059, 0.270, -0.263),
    "synonyms": Weight(0.137, 0.354, 0.283),
    "name": Weight(0.034, 0.189, -0.393),
    "number": Weight(0.029, 0.173, -0.329),
    "date": Weight(0.011, 0.103, -0.334),
    "negation": Weight(0.005, 0.075, -0.338),
    "opposite": Weight(0.032, 0.177, -0.352),
    "quote": Weight(0.000, 0.100, -0.329),
    "modality": Weight(0.019, 0.138, -0.329),
    "role": Weight(0.000, 0.100, -0.329),
    "new negation": Weight(0.011, 0.103, -0.347),
    "pronouns": Weight(0.191, 0.458, -0.329),
}


def score(measures: Mapping[str, float]) -> float:
    """The support found, in (0, 1)."""
    total = BIAS + sum(
        weight.worth * _standard(measures[name], weight) for name, weight in WEIGHTS.items()
    )
    return 1 / (1 + math.exp(-total))


def _standard(value: float, weight: Weight) -> float:
    return max(-CUT, min(CUT, (value - weight.mean) / weight.spread))
