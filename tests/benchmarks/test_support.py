"""How long it takes to check a summary of five sentences against an article of 1,000 words."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import pytest

from bot.entities import Article
from bot.grounding.sentences import split
from bot.grounding.support import Checker
from tests.evals.datasets import read
from vectorstore.embeddings import OnnxEmbeddings

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(600)]

WORDS = 1_000
CLAIMS = 5
MOST_SECONDS = 1.5  # warm: the models are loaded, the article is new
ARTICLES = 5


def article(number: int, text: str) -> Article:
    return Article(id=str(number), text=" ".join(text.split()[:WORDS]))


def test_a_summary_is_checked_while_one_waits() -> None:
    items = sorted(read("news_writer_summaries"), key=lambda item: -len(item["article"].split()))
    checker = Checker(OnnxEmbeddings())
    checker.check_text("The council has rejected it.", [article(0, items[-1]["article"])])
    seconds = []
    for number, item in enumerate(items[:ARTICLES], 1):
        # sentences of another summary too: what is not in the article takes as long
        written = " ".join([*item["writer_summaries"], *items[-number]["writer_summaries"]])
        claims = " ".join(sentence.text for sentence in split(written)[:CLAIMS])
        start = perf_counter()
        checker.check_text(claims, [article(number, item["article"])])
        seconds.append(perf_counter() - start)
    print(
        f"\n{CLAIMS} claims against {WORDS} words: {median(seconds):.2f} s, most {max(seconds):.2f}"
    )
    assert median(seconds) <= MOST_SECONDS
