"""Support with the local judge: `make evals-local`, or by parts

    python -m tests.evals.local --summaries 100 --pairs 60 --people 20 --contradictions 30

A size counts items of a seeded sample, and 0 leaves a set out. What the judge has said is kept in
.cache/evals, so that a run takes up what another had to leave; after `--minutes` what is known is
measured. Writes tests/evals/local.md; the exit code says whether a floor was missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from bot.settings import read_settings
from bot.writing.judge import open_judge
from tests.evals.datasets import read
from tests.evals.judged import (
    KINDS,
    Figure,
    Scorer,
    auc,
    balanced_accuracy,
    figure,
    pairs_right,
    sample,
)
from tests.evals.remembered import RememberedJudge
from tests.evals.test_support import half

WRITTEN = Path(__file__).with_name("local.md")
CONTEXT = 3_000  # tokens, more than six sentences have
PATIENCE = 900.0  # seconds for an answer, on a machine that does something else too

# What is held, and what is aimed at; the other figures are reported.
FLOORS = {
    "summedits_news, balanced accuracy": (0.80, 0.86),
    "bump, pairs ranked right": (0.85, 0.95),
    "bump, AUC": (0.72, 0.80),
    "qags_cnndm, AUC": (None, 0.88),
    "qags_xsum, AUC": (None, 0.80),
}


def main() -> int:
    options = _options()
    settings = read_settings(judge_model=options.judge, context_tokens=CONTEXT, timeout=PATIENCE)
    judge = open_judge(settings)
    assert judge is not None
    scorer = Scorer(RememberedJudge(judge, 60 * options.minutes))
    figures: list[Figure] = []
    for measure, size in (
        (summaries, options.summaries),
        (pairs, options.pairs),
        (people, options.people),
        (contradictions, options.contradictions),
    ):
        for found in measure(scorer, size) if size else ():
            print(_row(found), flush=True)
            figures.append(found)
        WRITTEN.write_text(_page(figures, judge.name), encoding="utf-8")
    return any(
        found.values[0] < (FLOORS.get(found.name, (None, None))[0] or 0) for found in figures
    )


def summaries(scorer: Scorer, size: int) -> Iterator[Figure]:
    """Edited summaries of news against faithful ones."""
    done = list(
        scorer.score_all(sample(read("summedits_news"), size), lambda item: [item["summary"]])
    )
    if not done:
        return
    scores, articles = [scores[0] for _, scores in done], [item["article"] for item, _ in done]
    labels = [item["label"] for item, _ in done]
    name = "summedits_news, balanced accuracy"
    yield figure(name, scores, articles, balanced_accuracy(labels, articles))
    yield figure("summedits_news, AUC", scores, articles, auc(labels))


def pairs(scorer: Scorer, size: int) -> Iterator[Figure]:
    """Faithful references against unfaithful twins, of articles that nothing was fitted on."""
    items = sample((item for item in read("bump") if half(item["article"])), size)
    done = list(
        scorer.score_all(items, lambda item: [item["reference_summary"], item["edited_summary"]])
    )
    if not done:
        return
    articles = [item["article"] for item, _ in done]
    margins = [tuple(np.subtract(*scores)) for _, scores in done]
    yield figure("bump, pairs ranked right", margins, articles, pairs_right)
    both = [scores for _, pair in done for scores in pair]
    twice = [article for article in articles for _ in range(2)]
    yield figure("bump, AUC", both, twice, auc([1, 0] * len(done)))


def people(scorer: Scorer, size: int) -> Iterator[Figure]:
    """Summaries by machines that people judged, of articles that nothing was fitted on."""
    for name in ("qags_cnndm", "qags_xsum"):
        items = sample((item for item in read(name) if half(item["article"])), size)
        done = list(scorer.score_all(items, lambda item: [item["summary"]]))
        labels = [item["label"] for item, _ in done]
        if len(set(labels)) == 2:
            articles = [item["article"] for item, _ in done]
            yield figure(f"{name}, AUC", [scores[0] for _, scores in done], articles, auc(labels))


def contradictions(scorer: Scorer, size: int) -> Iterator[Figure]:
    """Sentences put into an article that contradict the rest of it, against those that agree."""
    items = sample(read("bump_selfcontra_derived"), size)
    for item in items:
        item["article"] = item["text"].replace(item["inserted"], "", 1)
    done = list(scorer.score_all(items, lambda item: [item["inserted"]]))
    if not done:
        return
    articles = [item["article"] for item, _ in done]
    agree = [1 - int(item["label"]) for item, _ in done]
    name = "bump_selfcontra_derived, AUC of agreeing with the rest"
    yield figure(name, [scores[0] for _, scores in done], articles, auc(agree))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures support with the local judge.")
    for name, size in (
        ("summaries", 344),
        ("pairs", 120),
        ("people", 60),
        ("contradictions", 60),
    ):
        parser.add_argument(f"--{name}", type=int, default=size, metavar="N")
    parser.add_argument("--minutes", type=float, default=60 * 24.0)
    parser.add_argument("--judge", default="local")
    return parser.parse_args()


def _aims(found: Figure) -> tuple[float | None, float | None]:
    return FLOORS.get(found.name, (None, None))


def _row(found: Figure) -> str:
    floor, aim = _aims(found)
    together, alone, without = (f"{value:.3f}" for value in found.values)
    cells = [
        found.name,
        f"{found.texts} of {found.articles} articles",
        f"{together} [{found.low:.3f}, {found.high:.3f}]",
        alone,
        without,
        f"{floor:.2f}{'' if found.values[0] >= floor else ' (missed)'}" if floor else "",
        f"{aim:.2f}" if aim else "",
    ]
    return f"| {' | '.join(cells)} |"


def _page(figures: list[Figure], judge: str) -> str:
    heads = ["What", "Items", *(kind.capitalize() for kind in KINDS), "Floor", "Aim"]
    lines = [
        "# Support with the local judge",
        "",
        f"Measured on {date.today():%d %B %Y} with {judge} on {_machine()}, by "
        f"`python -m tests.evals.local {' '.join(sys.argv[1:])}`".rstrip()
        + ".",
        "In brackets 95% intervals, bootstrapped by article. Nothing was fitted on SummEdits (the",
        "threshold of each half of its articles comes from the other half) nor on the articles of",
        "BUMP and QAGS that are measured here.",
        "",
        f"| {' | '.join(heads)} |",
        f"|{'---|' * len(heads)}",
        *map(_row, figures),
    ]
    return "\n".join(lines) + "\n"


def _machine() -> str:
    facts = Path("/proc/cpuinfo")
    names = [line for line in facts.read_text().splitlines() if line.startswith("model name")]
    name = names[0].partition(":")[2].strip() if names else platform.processor()
    load = f", load {os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores of {name or platform.machine()}{load}"


if __name__ == "__main__":
    sys.exit(main())
