"""Makes JUDGE of bot/grounding/weights.py; run by hand: python -m tests.evals.fit_judge

The usual log-odds of the judge and their spread, over sentences of QAGS and of BUMP (references and
their unfaithful twins) of articles whose hash is even. A spread of them is worth what a spread of
all checks in code is worth together; no label decides it, as none decides the other weights, and
with a hundred of them a regression could not say it better. Labels only show what came of it.
Nothing comes from SummEdits. What .cache/evals does not know is asked for `--minutes`.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator

import numpy as np
from sklearn.metrics import roc_auc_score

from bot.entities import Article
from bot.grounding.sentences import split
from bot.grounding.support import Checker
from bot.grounding.weights import JUDGE, SURE
from bot.settings import read_settings
from bot.writing.judge import open_judge
from tests.evals.datasets import read
from tests.evals.judged import sample
from tests.evals.local import CONTEXT, PATIENCE
from tests.evals.remembered import RememberedJudge, UnknownError
from tests.evals.test_support import half
from vectorstore.embeddings import OnnxEmbeddings

PAIRS, SUMMARIES = 60, 25

Row = tuple[str, str, str, int]  # the set, an article, a sentence and its label


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--judge", default="local")
    options = parser.parse_args()
    settings = read_settings(judge_model=options.judge, context_tokens=CONTEXT, timeout=PATIENCE)
    opened = open_judge(settings)
    assert opened is not None
    judge = RememberedJudge(opened, 60 * options.minutes)
    names, totals, odds, labels = (
        np.array(column) for column in zip(*_measured(judge), strict=True)
    )
    worth = totals.std()
    print(f"JUDGE = Weight({odds.mean():.3f}, {odds.std():.3f}, {worth:.3f})  # now {JUDGE}")
    both = totals + worth * (odds - odds.mean()) / odds.std()
    for name in sorted(set(names)):
        own, judged, together = (
            roc_auc_score(labels[names == name], values[names == name])
            for values in (totals, odds, both)
        )
        print(f"{name}, {sum(names == name)} sentences: {own:.3f}, {judged:.3f}, {together:.3f}")


def _measured(judge: RememberedJudge) -> Iterator[tuple[str, float, float, int]]:
    """The set, the log-odds of the checks in code and of the judge, and the label."""
    embeddings = OnnxEmbeddings()
    without, asking = Checker(embeddings), Checker(embeddings, judge=judge)
    asking.language = without.language
    for name, article, sentence, label in _rows():
        given = [Article(id="article", text=article)]
        try:
            asking.check_text(sentence, given)
        except UnknownError:
            continue
        score = without.check_text(sentence, given).score
        if sentence in judge.said and 0 < score < 1:
            yield name, _log_odds(score), _log_odds(judge.said[sentence]), label


def _rows() -> Iterator[Row]:
    pairs = sample((item for item in read("bump") if not half(item["article"])), PAIRS)
    for item in pairs:
        texts = (item["reference_summary"], item["edited_summary"])
        one, other = ([sentence.text for sentence in split(text)] for text in texts)
        yield from (("bump", item["article"], text, 1) for text in one if text not in other)
        yield from (("bump", item["article"], text, 0) for text in other if text not in one)
    for name in ("qags_cnndm", "qags_xsum"):
        for item in sample((one for one in read(name) if not half(one["article"])), SUMMARIES):
            for sentence in item["sentences"]:
                yield "qags", item["article"], sentence["sentence"], sentence["label"]


def _log_odds(probability: float) -> float:
    kept = max(SURE, min(1 - SURE, probability))
    return math.log(kept / (1 - kept))


if __name__ == "__main__":
    main()
