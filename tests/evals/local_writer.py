"""The local model as a writer: its claims, its answers, and its follow-ups.

    python -m tests.evals.local_writer --minutes 50 --judge-minutes 10

Four measurements of seeded samples, each item kept in .cache/evals as soon as it is known, so that
a run takes up what another had to leave. Summaries come first, then questions, then the follow-ups
of MT-RAG and of TREC CAsT; after `--minutes` what is known is measured, and written to
local_writer.md.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from bot.claims import drain, passage_of, review
from bot.entities import Article, Claim, ClaimChecked
from bot.grounding.judging import Judge
from bot.grounding.support import Checker
from bot.settings import read_settings
from bot.sources import read as read_source
from bot.writing.accounts import Account
from bot.writing.chat import ChatWriter
from bot.writing.drafts import Purpose, Task
from bot.writing.judge import open_judge
from bot.writing.models import find_chat_model
from tests.evals.asked import Asked, realtime_questions
from tests.evals.datasets import read
from tests.evals.kept import Kept
from tests.evals.local_page import (
    LONGEST,
    answer_task,
    bears,
    cast_key,
    open_kept,
    search_key,
    write_page,
)
from tests.evals.remembered import RememberedJudge, RememberedReplies, RememberingBooks
from tests.evals.retrieval import KeptEmbeddings
from tests.evals.test_followups import follow_ups, turns

PATIENCE = 900.0  # seconds for an answer, on a machine that does something else too
CONTEXT = 4_000
BULLETS = 5
CLOSED_BOOK = (
    "Answer the question about the news in one sentence. If you do not know, say only: "
    "I do not know.\n\nQuestion: "
)
USERS = Path(__file__).parents[2] / "seeds" / "000_5ff9f7e693aef6ae.txt"

T = TypeVar("T")
Step = Callable[[], object]  # measures one thing, unless it is known already


class Measurement:
    """The model, what checks it, and what is known of it so far."""

    def __init__(self, model: str) -> None:
        self._chat = find_chat_model(
            read_settings(model=model, follow_ups="model", context_tokens=CONTEXT, timeout=PATIENCE)
        )
        replies = RememberedReplies(Kept(f"replies-{self._chat.endpoint.model}"))
        self._writer = ChatWriter(self._chat, Account(RememberingBooks(remembered=replies)))
        self._embeddings = KeptEmbeddings()
        self._checker = Checker(self._embeddings._model)
        self.name = self._writer.name
        self.claims, self.answers, self.cast, self.retrieval = open_kept(self.name)

    def summaries(self, size: int) -> Iterator[Step]:
        """What becomes of the drafts for the user's article and `size` others."""
        for article in articles(size):
            yield partial(self.claims.measure, article.id, partial(self._summarise, article))

    def _summarise(self, article: Article) -> list[dict[str, Any]]:
        task = Task(purpose=Purpose.SUMMARY, passages=(passage_of(article, 1),), bullets=BULLETS)
        events = review(task, self._writer, self._checker)
        return [_row(event) for event in events if isinstance(event, ClaimChecked)]

    def questions(self, size: int) -> Iterator[Step]:
        """RealTime QA of 2026: answered from passages, and by what the model remembers."""
        for asked in sample(list(realtime_questions(self._embeddings)), size):
            answer = partial(self._answer, asked, bears(asked, self._embeddings))
            yield partial(self.answers.measure, asked.text, answer)

    def _answer(self, asked: Asked, bearing: bool) -> dict[str, Any]:
        reviewed = review(answer_task(asked), self._writer, self._checker)
        claims = drain(reviewed).claims if bearing else ()
        closed = self._chat.model.invoke(
            CLOSED_BOOK + asked.text, **self._chat.options(limit=120, schema=None)
        )
        return {
            "claims": [claim.text for claim in claims],
            "closed": closed.text,
        }

    def conversations(self, size: int) -> Iterator[Step]:
        """TREC CAsT: the last turn as it is, by the rules, and by the model."""
        rows = [row for row in read("trec_cast_rewrites") if row["history"]]
        for row in sample(rows, size):
            ask = partial(self._writer.standalone, row["raw"], turns(row))
            yield partial(self.cast.measure, cast_key(row), ask)

    def searches(self, size: int) -> Iterator[Step]:
        """MT-RAG: the last turn as it is searched for."""
        for row in sample(follow_ups(), size):
            ask = partial(self._writer.standalone, row["asked"], row["history"])
            yield partial(self.retrieval.measure, search_key(row), ask)


def articles(size: int) -> Iterator[Article]:
    """The user's article and `size` of the development sets, half of each."""
    yield from (one for one in read_source(USERS) if isinstance(one, Article))
    sets = {"news_writer_summaries": "article_id", "realsumm100": "id"}
    samples = [
        [Article(id=f"{name}:{row[key]}", text=row["article"]) for row in _short(read(name))]
        for name, key in sets.items()
    ]
    mixed = zip(*(sample(one, size // 2) for one in samples), strict=True)
    yield from chain.from_iterable(mixed)


def _short(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if len(row["article"].split()) <= LONGEST]


def sample(rows: Sequence[T], size: int) -> list[T]:
    return random.Random(7).sample(list(rows), min(size, len(rows)))


def _judge() -> Judge:
    judge = open_judge(read_settings(judge_model="local", timeout=PATIENCE))
    assert judge is not None
    return judge


def _row(event: ClaimChecked) -> dict[str, Any]:
    claim: Claim | None = event.claim
    return {
        "draft": event.draft,
        "reasons": event.reasons,
        "text": claim and claim.text,
        "quotes": claim and [citation.quote for citation in claim.citations],
        "origin": claim and claim.origin,
        "verdict": claim and claim.verdict,
        "score": claim and claim.score,
    }


def main() -> int:
    options = _options()
    measurement = Measurement(options.model)
    deadline = time.monotonic() + 60 * options.minutes

    def in_time(step: Step) -> None:
        if time.monotonic() < deadline:
            step()
            print(".", end="", flush=True)

    asked = measurement.questions(options.questions)
    followups = (
        measure(options.followups) for measure in (measurement.searches, measurement.conversations)
    )
    steps = chain(measurement.summaries(options.articles), asked, *followups)
    with ThreadPoolExecutor(2) as pool:  # as many as the local server answers at once
        deque(pool.map(in_time, steps), maxlen=0)
    judge = RememberedJudge(_judge(), 60 * options.judge_minutes) if options.judge_minutes else None
    write_page(measurement.name, judge)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--model", default="local")
    parser.add_argument("--articles", type=int, default=20)
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--followups", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--judge-minutes", type=float, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
