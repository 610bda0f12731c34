"""What is contradicted and what only looks so: opposites, negations, numbers and dates in place."""

from __future__ import annotations

import pytest

from bot.entities import Article, Passage, Verdict
from bot.grounding.support import Checker
from vectorstore.embeddings import OnnxEmbeddings


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(OnnxEmbeddings())


def verdict(checker: Checker, claim: str, text: str) -> tuple[Verdict, tuple[str, ...]]:
    article = Article(id="article", text=text)
    whole = Passage(number=1, article=article.details, start=0, end=len(text), text=text)
    found = checker.check_sentence(claim, [whole])
    return found.verdict, found.reasons


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (
            "Anna Berg is the wife of the mayor, who was arrested in May.",
            "It was in May that Anna's husband, the mayor, was arrested after a search.",
        ),
        (
            "With no video available, the player accepted the verdict.",
            "With no video available in the final, the player declined to try an appeal.",
        ),
        (
            "The aim was to unite the two halves of the city.",
            "The mayor said that the bridge was not meant to divide the city.",
        ),
        (
            "Many singers own a house on the lake.",
            "While they don't own the very same house, all of them swim together.",
        ),
        (
            "Inspectors said that pupils had made no adequate progress in reading.",
            "The progress of the pupils in reading was inadequate, inspectors said.",
        ),
        (
            "The driver is in custody after being arrested on Sunday morning.",
            "The driver had hurt himself in the leg before his arrest on Sunday morning.",
        ),
        (
            "A crowd gathered around the van when it stopped to attack the driver.",
            "A crowd that gathered around the van tried to attack the driver when it stopped.",
        ),
        (
            "A new post will be created without the duties of a manager.",
            "The new post that is created has none of the duties of a manager.",
        ),
        (
            "The coach warned his team against getting carried away.",
            "The coach told his team not to get carried away.",
        ),
        (
            "The college is cutting two programmes to save money.",
            "The college agreed to cut two of its six programmes to save money.",
        ),
        ("The film has over 2,000 viewers.", "The film has had 2,000 viewers so far."),
        ("Rovers need two more points.", "Rovers have 25 points after the draw."),
        ("The fair is open on June 4th and 5th.", "The fair will be open on 4 and 5 June."),
        ("He was attacked in July 2014.", "He was attacked by two dogs last July."),
        ("One in 12 drivers was drunk.", "One in 12 drivers was drunk; some drive for 16 hours."),
        ("Bookmakers offer 4/6 on a warm spring.", "Bookmakers offer 4/6 on spring, 2/1 on May."),
        (
            "A fan sent the club a list worth £300m.",
            "The club have made a £21.5m offer for the captain.",
        ),
    ],
)
def test_what_only_looks_otherwise_is_not_contradicted(
    checker: Checker, claim: str, text: str
) -> None:
    assert verdict(checker, claim, text)[0] is not Verdict.CONTRADICTED


@pytest.mark.parametrize(
    ("claim", "text", "reason"),
    [
        (
            "The man was jailed for eighteen months.",
            "Moore, a teacher from Ascot, was jailed for nine months at a crown court.",
            "nine, not eighteen",
        ),
        (
            "The firm opened its first branch in Italy in 2017.",
            "The firm opened its first branch in Italy in 2018 and was mocked.",
            "2018, not 2017",
        ),
        (
            "Visitors were allowed into the tower after the fire.",
            "Visitors were allowed into the tower before the fire.",
            "before, not after",
        ),
    ],
)
def test_what_is_told_otherwise_is_contradicted(
    checker: Checker, claim: str, text: str, reason: str
) -> None:
    found, reasons = verdict(checker, claim, text)

    assert found is Verdict.CONTRADICTED
    assert any(reason in given for given in reasons), reasons


DIAGNOSED = (
    "The singer was diagnosed with the illness in 1990, a year before her first record."
    " She was honoured by the city in 2005."
)


def test_a_date_that_belongs_to_something_else_is_contradicted(checker: Checker) -> None:
    taken = verdict(checker, "The singer was diagnosed with the illness in 2005.", DIAGNOSED)
    own = verdict(checker, "The singer was diagnosed with the illness in 1990.", DIAGNOSED)

    assert taken == (Verdict.CONTRADICTED, ("the article says 1990, not 2005",))
    assert own == (Verdict.SUPPORTED, ())


def test_a_date_of_a_deed_that_another_sentence_gives_is_its_own(checker: Checker) -> None:
    again = f"{DIAGNOSED} Doctors diagnosed the illness in 2005 for the second time."

    found, _ = verdict(checker, "The singer was diagnosed with the illness in 2005.", again)

    assert found is not Verdict.CONTRADICTED
