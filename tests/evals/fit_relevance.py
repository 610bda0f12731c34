"""Fits the weights of bot/grounding/relevance.py; run by hand: python -m tests.evals.fit_relevance

On RealTime QA's questions of 2026, whether or not the answer stands in their articles. So few and
noisy labels cannot weigh features against each other: all count alike, in units of their
spread (Dawes 1979), and only the slope of their sum and the threshold are fitted.
"""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.grounding.relevance import measure
from tests.evals.asked import realtime_questions
from tests.evals.retrieval import KeptEmbeddings


def main() -> None:
    embeddings = KeptEmbeddings()
    asked = list(realtime_questions(embeddings))
    rows = [measure(one.text, one.passages, embeddings.embed) or (0.0, 0.0, 0.0) for one in asked]
    spread = np.std(rows, axis=0)
    model = LogisticRegression(C=10, class_weight="balanced", max_iter=1_000)
    model.fit((rows / spread).sum(axis=1, keepdims=True), [one.answerable for one in asked])
    weights = (model.intercept_[0], *(model.coef_[0][0] / spread))
    print("WEIGHTS =", tuple(round(float(weight), 2) for weight in weights))


if __name__ == "__main__":
    main()
