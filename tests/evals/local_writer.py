"""Follow-ups rewritten by the local model, beside the rules and the raw last turn.

    python -m tests.evals.local_writer --model local --questions 50 --minutes 60

Takes a seeded sample of each set and measures what it got through in the time. Writes
tests/evals/local_writer.md, with date and machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.settings import read_settings
from bot.writing.chat import ChatWriter, open_chat_writer
from bot.writing.followups import standalone
from tests.evals.datasets import read
from tests.evals.test_followups import (
    bleu,
    follow_ups,
    means,
    open_collections,
    scores,
    turns,
)

WRITTEN = Path(__file__).with_name("local_writer.md")
PATIENCE = 900.0  # seconds for an answer, on a machine that does something else too


def main() -> int:
    options = _options()
    writer = open_chat_writer(
        read_settings(model=options.model, context_tokens=4_000, timeout=PATIENCE)
    )
    deadline = time.monotonic() + 60 * options.minutes
    rows = [
        *_cast(writer, options.questions, time.monotonic() + 30 * options.minutes),
        *_retrieval(writer, options.questions, deadline),
    ]
    WRITTEN.write_text(_page(rows, writer.name), encoding="utf-8")
    return 0


def _cast(writer: ChatWriter, size: int, deadline: float) -> Iterator[str]:
    written: dict[str, list[tuple[str, str]]] = {"raw": [], "rules": [], "model": []}
    rows = [row for row in read("trec_cast_rewrites") if row["history"]]
    for row in _sample(rows, size):
        if time.monotonic() > deadline:
            break
        asked, wanted, history = row["raw"], row["rewrite"], turns(row)
        written["raw"].append((asked, wanted))
        written["rules"].append((standalone(asked, history), wanted))
        written["model"].append((writer.standalone(asked, history), wanted))
    if written["raw"]:
        figures = " | ".join(f"{bleu(pairs):.1f}" for pairs in written.values())
        yield f"| TREC CAsT, BLEU | {len(written['raw'])} | {figures} |"


def _retrieval(writer: ChatWriter, size: int, deadline: float) -> Iterator[str]:
    found: dict[str, list[tuple[float, float]]] = {"raw": [], "rules": [], "model": []}
    with tempfile.TemporaryDirectory() as directory:
        rows = _sample(follow_ups(), size)
        collections = {row["collection"] for row in rows}
        for collection, retriever in open_collections(Path(directory), collections):
            for row in (row for row in rows if row["collection"] == collection):
                if time.monotonic() > deadline:
                    break
                asked, history = row["asked"], row["history"]
                for way, query in (
                    ("model", writer.standalone(asked, history)),
                    ("rules", standalone(asked, history)),
                    ("raw", asked),
                ):
                    found[way].append(scores(retriever, query, row["wanted"]))
    if found["raw"]:
        counted = len(found["raw"])
        for place, name in enumerate(("recall@5", "MRR@10")):
            figures = " | ".join(f"{means(pairs)[place]:.3f}" for pairs in found.values())
            yield f"| MT-RAG, {name} | {counted} | {figures} |"


def _sample(rows: Sequence[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    return random.Random(7).sample(list(rows), min(size, len(rows)))


def _page(rows: Sequence[str], name: str) -> str:
    load = os.getloadavg()[0]
    return "\n".join(
        [
            "# Follow-ups rewritten by the local model",
            "",
            f"Measured on {date.today():%d %B %Y} with {name} on {os.cpu_count()} cores "
            f"({platform.machine()}), load {load:.0f}, by "
            f"`python -m tests.evals.local_writer {' '.join(sys.argv[1:])}`.",
            "",
            "| What | Items | Raw last turn | Rules | The model |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--model", default="local")
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=60)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
