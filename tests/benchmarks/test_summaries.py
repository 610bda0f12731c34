"""How long a summary takes, beside sumy's LexRank and TextRank on the same sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

import numpy as np
import pytest

from bot.entities import ArticleDetails, Passage
from bot.grounding.relevance import relevance
from bot.grounding.sentences import split
from bot.writing.drafts import Purpose, Task
from bot.writing.extractive import ExtractiveWriter
from tests.evals.datasets import read
from tests.evals.peers import lexrank, textrank
from vectorstore.embeddings import OnnxEmbeddings

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

WORDS = 1_000
ARTICLES = 10
MOST_SECONDS = 1.0


@pytest.fixture(scope="module")
def articles() -> list[Passage]:
    """Real articles cut to 1,000 words."""
    texts = [row["text"] for row in read("realtimeqa2022_retrieval_corpus")]
    long = [text for text in texts if len(text.split(" ")) >= WORDS][:ARTICLES]
    return [_passage(" ".join(text.split(" ")[:WORDS])) for text in long]


@pytest.fixture(scope="module")
def embeddings() -> OnnxEmbeddings:
    embeddings = OnnxEmbeddings()
    embeddings.load()
    return embeddings


def test_a_summary_of_a_thousand_words(
    articles: Sequence[Passage], embeddings: OnnxEmbeddings
) -> None:
    writer = ExtractiveWriter(embeddings.embed)

    def summarise(passage: Passage) -> object:
        return list(writer.write(Task(purpose=Purpose.SUMMARY, passages=(passage,))))

    ours = _seconds(summarise, articles)
    print(f"\na summary of {WORDS} words: Newsbot {_told(ours)}")
    for name, choose in (("LexRank", lexrank), ("TextRank", textrank)):
        peer = _seconds(lambda one, choose=choose: choose(_sentences(one)), articles)  # type: ignore[misc]
        print(f"  sumy's {name} {_told(peer)}")
    assert max(ours) < MOST_SECONDS


def test_an_answer_from_eight_chunks(
    articles: Sequence[Passage], embeddings: OnnxEmbeddings
) -> None:
    writer = ExtractiveWriter(embeddings.embed)
    chunks = tuple(_passage(" ".join(one.text.split(" ")[:180])) for one in articles[:8])
    question = "How many people were told to leave their homes?"
    task = Task(purpose=Purpose.ANSWER, passages=chunks, question=question)
    bearing = _seconds(lambda _: relevance(question, chunks, embeddings.embed), articles[:3])
    writing = _seconds(lambda _: list(writer.write(task)), articles[:3])
    print(f"\nrelevance {_told(bearing)}, an answer {_told(writing)}")


def _passage(text: str) -> Passage:
    return Passage(number=1, article=ArticleDetails(id="a"), start=0, end=len(text), text=text)


def _sentences(passage: Passage) -> list[str]:
    return [sentence.text for sentence in split(passage.text)]


def _seconds(work: Callable[[Passage], object], passages: Sequence[Passage]) -> list[float]:
    work(passages[0])
    times = []
    for passage in passages:
        started = perf_counter()
        work(passage)
        times.append(perf_counter() - started)
    return times


def _told(seconds: Sequence[float]) -> str:
    return f"median {1000 * np.median(seconds):.0f} ms, most {1000 * max(seconds):.0f} ms"
