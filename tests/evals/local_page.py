"""What the local model as a writer came to, as tables: tests/evals/local_writer.md."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.grounding.judging import Judge
from bot.grounding.relevance import THRESHOLD, relevance
from bot.writing.drafts import Draft, Purpose, Task
from bot.writing.extractive import ExtractiveWriter
from bot.writing.followups import standalone
from tests.evals import written
from tests.evals.asked import Asked, realtime_questions
from tests.evals.datasets import read
from tests.evals.kept import Kept
from tests.evals.retrieval import KeptEmbeddings
from tests.evals.test_answers import MOST_WORDS, _holds
from tests.evals.test_followups import (
    bleu,
    follow_ups,
    means,
    open_collections,
    scores,
    turns,
)

PAGE = Path(__file__).with_name("local_writer.md")
LONGEST = 700  # words of an article; reading one takes a slow machine most of its time
SENTENCES = 4  # of an answer


def open_kept(model: str) -> tuple[Kept, Kept, Kept, Kept]:
    """What is kept of the model's claims, its answers, and its follow-ups of the two sets."""
    claims, answers, cast, retrieval = (
        Kept(f"written-{part}-{model}") for part in ("claims", "answers", "cast", "mtrag")
    )
    return claims, answers, cast, retrieval


def answer_task(asked: Asked) -> Task:
    return Task(
        purpose=Purpose.ANSWER, passages=asked.passages, question=asked.text, bullets=SENTENCES
    )


def bears(asked: Asked, embeddings: KeptEmbeddings) -> bool:
    return relevance(asked.text, asked.passages, embeddings.embed) >= THRESHOLD


def cast_key(row: dict[str, Any]) -> str:
    return repr((row["history"], row["raw"]))


def search_key(row: dict[str, Any]) -> str:
    return repr((row["asked"], sorted(row["wanted"])))


def write_page(model: str, judge: Judge | None = None) -> None:
    """Writes what is known of the model so far."""
    claims, answers, cast, retrieval = open_kept(model)
    PAGE.write_text(
        "\n".join(
            [
                "# The local model as a writer",
                "",
                f"Measured on {date.today():%d %B %Y} with {model}, guided, on",
                f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.0f}, by "
                "`python -m tests.evals.local_writer`.",
                *_summaries(claims, judge),
                *_answers(answers),
                *_followups(cast, retrieval),
                "",
            ]
        ),
        encoding="utf-8",
    )


def _summaries(claims: Kept, judge: Judge | None) -> Iterator[str]:
    yield from (
        "",
        "## Summaries",
        "",
        "Five bullets of each article: the user's, and a seeded sample of the two sets' articles",
        f"of at most {LONGEST} words. What was shown was read against the sentences that it cites,",
        "in random order and without verdicts; the labels are in written_labels.csv.",
        "",
        "| What | |",
        "|---|---|",
        f"| Articles | {len(claims)} |",
    )
    yield from written.describe(claims, judge.support if judge else None)


def _answers(answers: Kept) -> Iterator[str]:
    if not len(answers):
        return
    yield from (
        "",
        "## Answers",
        "",
        "RealTime QA of 2026, a seeded sample but for the first row. The answer must stand in the",
        f"first {MOST_WORDS} words. What can be answered is labelled by a string match, and noisy.",
        "",
        "| Who | Holds the answer | Answers the answerable | Silent at the others |",
        "|---|---|---|---|",
    )
    embeddings = KeptEmbeddings()
    writer = ExtractiveWriter(embeddings.embed)
    asked = {one.text: one for one in realtime_questions(embeddings)}
    extractive = {text: _extractively(writer, one, embeddings) for text, one in asked.items()}
    sampled = dict(answers.items())
    closed = {text: row["closed"] for text, row in sampled.items()}
    ways = {
        "extractive, all": extractive,
        "extractive": {text: extractive[text] for text in sampled},
        "the model": {text: " ".join(row["claims"]) for text, row in sampled.items()},
        "the model, closed book": {
            text: "" if "do not know" in reply else reply for text, reply in closed.items()
        },
    }
    for name, texts in ways.items():
        yield _answer_row(name, [(asked[question], text) for question, text in texts.items()])


def _extractively(writer: ExtractiveWriter, asked: Asked, embeddings: KeptEmbeddings) -> str:
    if not bears(asked, embeddings):
        return ""
    drafts = (piece for piece in writer.write(answer_task(asked)) if isinstance(piece, Draft))
    return " ".join(draft.text for draft in drafts)


def _answer_row(name: str, answers: Sequence[tuple[Asked, str]]) -> str:
    answerable = [(one, text) for one, text in answers if one.answerable]
    held = sum(_holds(" ".join(text.split()[:MOST_WORDS]), one) for one, text in answerable)
    answered = sum(bool(text) for _, text in answerable)
    silent = sum(not text for one, text in answers if not one.answerable)
    return (
        f"| {name} | {held} of {len(answerable)} | {answered} of {len(answerable)} "
        f"| {silent} of {len(answers) - len(answerable)} |"
    )


def _followups(cast: Kept, retrieval: Kept) -> Iterator[str]:
    if not len(cast) + len(retrieval):
        return
    yield from (
        "",
        "## Follow-ups",
        "",
        "| What | Items | Raw last turn | Rules | The model |",
        "|---|---|---|---|---|",
    )
    yield from _cast(dict(cast.items()))
    yield from _retrieval(dict(retrieval.items()))


def _cast(known: dict[str, str]) -> Iterator[str]:
    rows = [row for row in read("trec_cast_rewrites") if cast_key(row) in known]
    ways = {
        "raw": [(row["raw"], row["rewrite"]) for row in rows],
        "rules": [(standalone(row["raw"], turns(row)), row["rewrite"]) for row in rows],
        "model": [(known[cast_key(row)], row["rewrite"]) for row in rows],
    }
    if rows:
        figures = " | ".join(f"{bleu(pairs):.1f}" for pairs in ways.values())
        yield f"| TREC CAsT, BLEU | {len(rows)} | {figures} |"


def _retrieval(known: dict[str, str]) -> Iterator[str]:
    rows = [row for row in follow_ups() if search_key(row) in known]
    found: list[list[tuple[float, float]]] = [[], [], []]
    with tempfile.TemporaryDirectory() as directory:
        names = {row["collection"] for row in rows}
        for name, retriever in open_collections(Path(directory), names):
            for row in (row for row in rows if row["collection"] == name):
                asked = row["asked"]
                queries = (asked, standalone(asked, row["history"]), known[search_key(row)])
                for pairs, query in zip(found, queries, strict=True):
                    pairs.append(scores(retriever, query, row["wanted"]))
    for place, figure in enumerate(("recall@5", "MRR@10") if rows else ()):
        figures = " | ".join(f"{means(pairs)[place]:.3f}" for pairs in found)
        yield f"| MT-RAG, {figure} | {len(rows)} | {figures} |"
