"""What a condensed sentence may not do: add a detail, drop a hedge, drop who says it."""

from __future__ import annotations

from functools import cache

import pytest

from bot.claims import passage_of
from bot.entities import Article, Claim, Verdict
from bot.grounding.support import Checker
from vectorstore.embeddings import OnnxEmbeddings

TEXT = (
    "The harbour pilot Nils Dahl was apparently asleep when the ferry hit the quay. "
    "The ferry carried around 120 passengers to Bergen. "
    "“The company ignored every warning about its engines,” the union\u2019s leader said. "
    "The owners bought two new engines after the accident. "
    "Nobody was hurt, Norway's coast guard reported."
)
ARTICLE = Article(id="ferry", title="Ferry hits quay in Stavanger", text=TEXT)


@cache
def checker() -> Checker:
    return Checker(OnnxEmbeddings())


def closely(text: str) -> Claim:
    return checker().check_closely(text, [passage_of(ARTICLE, 1)], cited=(1,))


@pytest.mark.parametrize(
    "text",
    [
        "The owners bought two new engines after the accident.",
        "After the accident the owners purchased two new engines.",
        "The ferry carried about 120 passengers to Bergen.",
        "The pilot Nils Dahl was apparently asleep.",
        "Nobody was hurt.",
        "The union's leader said the company ignored every warning about its engines.",
    ],
)
def test_what_says_no_more_than_its_sentence_stays_supported(text: str) -> None:
    assert closely(text).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The owners bought two new expensive engines after the accident.", "“expensive”"),
        ("The pilot Nils Dahl was asleep when the ferry hit the quay.", "“apparently”"),
        ("The ferry carried 120 passengers to Bergen.", "“around”"),
        ("The company ignored every warning about its engines.", "does not say who"),
    ],
)
def test_what_takes_a_liberty_is_unsupported_and_told_why(text: str, reason: str) -> None:
    claim = closely(text)
    assert claim.verdict is Verdict.UNSUPPORTED
    assert any(reason in one for one in claim.reasons), claim.reasons


def test_a_word_of_the_headline_is_no_addition() -> None:
    assert closely("The ferry hit the quay in Stavanger.").verdict is not Verdict.UNSUPPORTED
