from __future__ import annotations

from functools import cache

import pytest

from bot.entities import ArticleDetails, Passage
from bot.grounding.asking import topic_of
from bot.grounding.relevance import THRESHOLD, relevance
from vectorstore.embeddings import OnnxEmbeddings

TEXT = (
    "The passenger ferry Saint Brannoc struck the outer wall of Port Ellery harbour in thick fog."
    " The collision injured 14 people, the harbour authority said. Blue Strait Lines, which owns"
    " the ferry, cancelled all sailings to Skerry Island until Wednesday."
)
FERRY = Passage(
    number=1,
    article=ArticleDetails(id="ferry", title="Ferry strikes harbour wall at Port Ellery"),
    start=0,
    end=len(TEXT),
    text=TEXT,
)


@cache
def embeddings() -> OnnxEmbeddings:
    return OnnxEmbeddings()


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What happened to the ferry?", "the ferry"),
        ("what's happening with the ferry now?", "the ferry"),
        ("Tell me about the ferry.", "the ferry"),
        ("Please tell me more about the ferry", "the ferry"),
        ("Any update on the ferry?", "the ferry"),
        ("Is there any news about the ferry?", "the ferry"),
        ("What is known about the ferry so far?", "the ferry"),
        ("What's the latest on the ferry?", "the ferry"),
        ("Could you give me a short overview of the ferry?", "the ferry"),
        ("Tell me what happened to the ferry", "the ferry"),
        ("Summarise what the articles say about the ferry", "the ferry"),
        ("Do you know anything about the ferry?", "the ferry"),
        ("Explain the quarrel over the ferry", "the quarrel over the ferry"),
        ("Latest news on Kim’s visit", "Kim’s visit"),
    ],
)
def test_an_open_question_is_about_its_topic(question: str, topic: str) -> None:
    assert topic_of(question) == topic


@pytest.mark.parametrize(
    "question",
    [
        "How many were injured in the ferry collision?",
        "Who owns the ferry?",
        "What did the harbour authority say about the ferry?",
        "Tell me who owns the ferry",
        "What news did the captain bring?",
        "Can I get a ticket for the ferry?",
        "What happened?",
        "When was the news of the collision broken?",
        "",
    ],
)
def test_other_questions_ask_for_one_thing(question: str) -> None:
    assert topic_of(question) == ""


@pytest.mark.parametrize(
    ("question", "bears"),
    [
        ("What happened to the ferry?", True),
        ("Tell me about the collision", True),
        ("Any update on the sailings to Skerry Island?", True),
        ("What is known about the Saint Brannoc?", True),
        ("What happened to the Titanic?", False),
        ("Tell me about quantum computing", False),
        ("Any update on the World Cup?", False),
        ("What is known about the strike at the airport?", False),
    ],
)
def test_passages_bear_on_an_open_question_by_its_topic(question: str, bears: bool) -> None:
    found = relevance(question, [FERRY], embeddings().embed)
    assert (found >= THRESHOLD) is bears
