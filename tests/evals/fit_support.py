"""Makes the numbers of bot/grounding/weights.py; run by hand: python -m tests.evals.fit_support

Means and spreads of the measures over the sentences of BUMP and QAGS, of articles whose hash is
even, and Platt's calibration on QAGS's: one worth for all measures, and the bias.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.entities import Article, Passage
from bot.grounding.alignment import Evidence, align, carriers
from bot.grounding.facts import carried, compare
from bot.grounding.indicators import measure
from bot.grounding.language import Language
from bot.grounding.sentences import split
from bot.grounding.weights import CUT, WEIGHTS
from tests.evals.datasets import read
from tests.evals.test_support import half
from vectorstore.embeddings import OnnxEmbeddings

Row = tuple[str, str, int | None]  # an article, a sentence, and its label where people gave one

LEAST_SPREAD = 0.1  # of a measure that was never found in these sentences


def main() -> None:
    language = Language(OnnxEmbeddings())
    rows = list(_rows())
    values = np.array([_measures(sentence, article, language) for article, sentence, _ in rows])
    means, spreads = values.mean(axis=0), values.std(axis=0)
    spreads = np.where(spreads > 0, spreads, LEAST_SPREAD)
    signs = np.sign([weight.worth for weight in WEIGHTS.values()])
    totals = np.clip((values - means) / spreads, -CUT, CUT) @ signs
    judged = [n for n, (_, _, label) in enumerate(rows) if label is not None]
    labels = [rows[n][2] for n in judged]
    platt = LogisticRegression(C=10, class_weight="balanced").fit(totals[judged, None], labels)
    print("BIAS =", round(float(platt.intercept_[0]), 3))
    for name, mean, spread, sign in zip(WEIGHTS, means, spreads, signs, strict=True):
        print(f'"{name}": Weight({mean:.3f}, {spread:.3f}, {sign * platt.coef_[0][0]:.3f}),')


def _rows() -> Iterator[Row]:
    for item in read("bump"):
        if not half(item["article"]):
            for text in (item["reference_summary"], item["edited_summary"]):
                for sentence in split(text):
                    yield item["article"], sentence.text, None
    for item in read("qags_cnndm") + read("qags_xsum"):
        if not half(item["article"]):
            for sentence in item["sentences"]:
                yield item["article"], sentence["sentence"], sentence["label"]


def _measures(sentence: str, text: str, language: Language) -> list[float]:
    article = Article(id="article", text=text)
    whole = Passage(number=1, article=article.details, start=0, end=len(text), text=text)
    evidence = Evidence(carriers([whole]), language)
    chosen = evidence.nearest(sentence)
    alignment = align(language.read(sentence), chosen, language, evidence)
    findings = compare(alignment, evidence.text)
    values = measure(alignment, findings, evidence.text, carried(alignment, evidence.text))
    return [values[name] for name in WEIGHTS]


if __name__ == "__main__":
    main()
