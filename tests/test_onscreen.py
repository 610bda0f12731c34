"""Questions about the briefing on screen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import Article, Briefing, Newsbot, Story, read_settings
from bot.onscreen import point

BRIEFING = Briefing(
    created=datetime(2026, 11, 24, tzinfo=UTC),
    stories=(
        Story(headline="Ferry strikes harbour wall", headline_article="f", articles=("f", "g")),
        Story(
            headline="Tram line approved",
            headline_article="t",
            articles=("t",),
            alternates=("t2",),
        ),
        Story(headline="Comet has two tails", headline_article="c", articles=("c",)),
    ),
)
FERRY, TRAM, COMET = ("f", "g"), ("t", "t2"), ("c",)


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("Who was hurt in story 1?", FERRY),
        ("Tell me more about the second story", TRAM),
        ("What does the 3rd item say?", COMET),
        ("More on the last one, please", COMET),
        ("And the first?", FERRY),
        ("What will the tram story cost?", TRAM),
        ("What is the most important thing in this briefing?", FERRY + TRAM + COMET),
        ("Which of these stories is about space?", FERRY + TRAM + COMET),
        ("Is anybody hurt, by what is said above?", FERRY + TRAM + COMET),
    ],
)
def test_what_a_question_points_at(question: str, articles: tuple[str, ...]) -> None:
    pointed = point(question, BRIEFING)
    assert pointed is not None
    assert pointed.articles == articles


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the ECB?",
        "Was it the first time that a ferry struck the wall?",
        "Who met at the briefing room of the White House on Monday?",
        "What did story 9 say?",
        "Tell me the whole inside story",
        "Which floors are above the harbour?",
    ],
)
def test_other_questions_do_not_point(question: str) -> None:
    assert point(question, BRIEFING) is None


def test_a_story_is_searched_for_by_its_headline() -> None:
    pointed = point("Tell me more about story 3", BRIEFING)
    assert pointed is not None
    assert pointed.question == "Tell me more about Comet has two tails"


def test_an_answer_is_limited_to_the_story(tmp_path: Path) -> None:
    texts = {
        "ferry": "The ferry struck the harbour wall. The collision injured 14 people on Monday.",
        "train": "The train hit a fallen tree. The collision injured 23 people on Monday.",
    }
    with Newsbot(read_settings(data=tmp_path)) as newsbot:
        for name, text in texts.items():
            newsbot.ingest(Article(id=name, title=f"Collision of a {name}", text=text, outlet=name))
        briefing = newsbot.brief()
        assert len(briefing.stories) == 2
        for number, story in enumerate(briefing.stories, start=1):
            question = f"How many people were injured in story {number}?"
            answer = newsbot.ask(question, on_screen=briefing)
            assert {article.id for article in answer.articles} == set(story.articles)
            assert answer.question == question
            assert ("14" if "ferry" in story.articles else "23") in answer.claims[0].text
