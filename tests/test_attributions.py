"""One quotation in two mouths is a conflict; what two people may both say is none."""

from __future__ import annotations

import pytest

from bot.entities import Article, Conflict, ConflictKind
from bot.grounding.conflicts import find_conflicts
from bot.grounding.language import Language
from vectorstore.embeddings import OnnxEmbeddings

QUOTE = "“We will rebuild every school by the end of the year,”"
FIRST = f"{QUOTE} Maria Duarte told reporters in Lisbon on Monday."


@pytest.fixture(scope="module")
def language() -> Language:
    return Language(OnnxEmbeddings())


def conflicts(language: Language, *texts: str) -> tuple[Conflict, ...]:
    articles = [Article(id=str(number), text=text) for number, text in enumerate(texts)]
    return find_conflicts(articles, language)


@pytest.mark.parametrize(
    "second",
    [
        f"{QUOTE} Thomas Berg said at the opening of the fair.",
        f"Thomas Berg said: {QUOTE.replace(',”', '.”')}",
        f"{QUOTE} said Thomas Berg, who leads the council.",
        QUOTE.replace("“", '"').replace("”", '"') + " Thomas Berg added later.",
    ],
)
def test_one_quotation_of_two_people_is_a_conflict(language: Language, second: str) -> None:
    between = conflicts(language, FIRST, second)
    within = conflicts(language, f"{FIRST} The road to the port was closed. {second}")

    for found in (between, within):
        assert [conflict.kind for conflict in found] == [ConflictKind.ATTRIBUTION]
        assert "to Maria Duarte and to Thomas Berg" in found[0].reason
        assert {found[0].first.quote, found[0].second.quote} == {FIRST, second}


@pytest.mark.parametrize(
    "second",
    [
        f"{QUOTE} Duarte said at the opening of the fair.",  # the same person
        f"{QUOTE} she said at the opening of the fair.",  # who may be the same person
        f"{QUOTE} the mayor said at the opening of the fair.",
        f"{QUOTE} the statement said, according to Thomas Berg.",
        "“We will rebuild,” Thomas Berg said at the opening of the fair.",  # too short to be one
        "“Nobody will rebuild a school before the next election,” Thomas Berg said.",
        f"“We heard this before,” Thomas Berg said after Maria Duarte said {QUOTE}",
    ],
)
def test_what_may_be_one_speaker_or_another_quotation_is_none(
    language: Language, second: str
) -> None:
    assert conflicts(language, FIRST, second) == ()
