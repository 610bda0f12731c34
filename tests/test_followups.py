from __future__ import annotations

import pytest

from bot.writing.drafts import Turn
from bot.writing.followups import depends_on_history, names, standalone

VISIT = Turn("Why did Kim Jong Un visit Russia?", "Kim Jong Un met Vladimir Putin.")


@pytest.mark.parametrize(
    "question",
    [
        "What about sanctions?",
        "why?",
        "What did the US say about it?",
        "How long did they talk?",
        "Tell me more about this",
        "What about the others?",
    ],
)
def test_a_follow_up_carries_the_names_over(question: str) -> None:
    assert depends_on_history(question, [VISIT])
    assert standalone(question, [VISIT]) == f"{question} (Kim Jong Un, Russia)"


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the ECB?",
        "Did Putin say that he would travel?",
        "Which ships will Kim see?",
        "Which ferry struck the harbour wall?",
        "When did the strike end?",
    ],
)
def test_a_question_that_names_its_own_subject_stands(question: str) -> None:
    assert standalone(question, [VISIT]) == question


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("And when did he leave?", "And when did Kim Jong Un leave?"),
        ("What was his plan?", "What was Kim Jong Un’s plan?"),
        ("Who went with him?", "Who went with Kim Jong Un?"),
        ("Did anyone see her?", "Did anyone see Kim Jong Un?"),
        ("What is her view?", "What is Kim Jong Un’s view?"),
    ],
)
def test_a_name_takes_the_place_of_a_pronoun(question: str, alone: str) -> None:
    assert standalone(question, [VISIT]) == alone


def test_without_history_nothing_changes() -> None:
    assert standalone("And when did he leave?", []) == "And when did he leave?"
    assert not depends_on_history("And when did he leave?", [])


def test_the_topic_survives_a_chain_of_follow_ups() -> None:
    turns = [VISIT, Turn("And when did he leave?", "On Sunday.")]
    assert standalone("Who went with him?", turns) == "Who went with Kim Jong Un?"


def test_a_new_topic_replaces_the_old_one() -> None:
    turns = [VISIT, Turn("Who leads the ECB?", "Christine Lagarde leads it.")]
    assert standalone("How big is it?", turns) == "How big is it? (ECB)"


def test_a_name_that_is_said_again_is_not_repeated() -> None:
    assert standalone("And what about Russia?", [VISIT]) == "And what about Russia? (Kim Jong Un)"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Why did Kim Jong Un visit Russia?", ["Kim Jong Un", "Russia"]),
        ("The Bank of England met.", ["Bank of England"]),
        ("In London, it rained.", ["London"]),
        ("what happened?", []),
        ("", []),
    ],
)
def test_names_are_found_by_their_capitals(text: str, found: list[str]) -> None:
    assert names(text) == found


CANCER = Turn("What is throat cancer?", "")


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("Is it treatable?", "Is it treatable? (throat cancer)"),
        ("What are its symptoms?", "What are its symptoms? (throat cancer)"),
        ("And in children?", "And in children? (throat cancer)"),
        ("major risks", "major risks (throat cancer)"),
        ("Is that dangerous?", "Is that dangerous? (throat cancer)"),
    ],
)
def test_what_was_asked_about_is_added(question: str, alone: str) -> None:
    assert standalone(question, [CANCER]) == alone


@pytest.mark.parametrize(
    ("before", "alone"),
    [
        ("Tell me more about the ferry strike.", "When does it end? (ferry strike)"),
        ("What about heat pumps?", "When does it end? (heat pumps)"),
        ("What is the history of toilets?", "When does it end? (toilets)"),
    ],
)
def test_the_subject_of_a_question_is_found(before: str, alone: str) -> None:
    assert standalone("When does it end?", [Turn(before, "")]) == alone


def test_a_question_put_in_other_words_keeps_what_was_asked() -> None:
    turns = [Turn("Where can I park in San Francisco?", "")]
    alone = standalone("I mean the downtown of SF", turns)
    assert alone == "I mean the downtown of SF (Where can I park in San Francisco)"
