from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import Newsbot, read_settings
from bot.entities import Answer, Article, Citation, Claim, Verdict
from bot.grounding.language import Language
from bot.suggestions import find_suggestions
from vectorstore.embeddings import OnnxEmbeddings

ARTICLES = {
    one.id: one
    for one in (
        Article(id=title, title=title, text=text, published=datetime(2026, 11, day, tzinfo=UTC))
        for title, text, day in (
            ("Ferry strikes harbour wall", "The ferry Saint Brannoc struck the outer wall.", 3),
            ("Dozens shaken as ferry hits harbour", "The ferry Saint Brannoc hit a wall.", 4),
            ("Tram line approved", "Brenmoor city council approved a tram line on Thursday.", 5),
            ("A thought", "It is what it is.", 6),
            ("Pumps recalled after fires", "Norvale is recalling 48,000 heat pumps.", 2),
        )
    )
}


@pytest.fixture(scope="module")
def language() -> Language:
    return Language(OnnxEmbeddings())


def answered(question: str, by: str | None = None) -> Answer:
    """An answer by the sentence that has a name of the question, or by `by`."""
    name = next(name for name in ("Norvale", "Brenmoor", "Brannoc") if name in question)
    text = by or next(one.text for one in ARTICLES.values() if name in one.text)
    citation = Citation(article="a", revision=1, start=0, end=len(text), quote=text)
    claim = Claim(text=text, citations=(citation,), verdict=Verdict.SUPPORTED)
    return Answer(question=question, claims=(claim,))


def find(language: Language, answer: Callable[[str], Answer], count: int = 3) -> tuple[str, ...]:
    articles = [one.details for one in ARTICLES.values()]
    return find_suggestions(articles, ARTICLES.__getitem__, language.read, answer, count)


def test_questions_are_drawn_from_the_newest_articles_once_an_event(language: Language) -> None:
    found = find(language, answered)
    assert found[0] == "What did Brenmoor city council approve?"
    assert found[-1] == "How many heat pumps is Norvale recalling?"
    assert sum("Saint Brannoc" in question for question in found) <= 1
    assert find(language, answered, 1) == found[:1]


def test_a_question_whose_answer_lacks_its_words_is_not_shown(language: Language) -> None:
    assert find(language, lambda asked: answered(asked, by="Another sentence.")) == ()


def test_nothing_is_suggested_where_nothing_is_answered(language: Language) -> None:
    assert find(language, lambda asked: Answer(question=asked, abstained=True)) == ()


def test_the_sample_is_asked_for_what_it_tells(copy_seeds: Callable[[], Path]) -> None:
    with Newsbot(read_settings(data=copy_seeds())) as newsbot:
        found = newsbot.suggestions()
        assert found  # how many there are, a busy machine's patience decides
        for question in found:
            assert question.split()[0] in ("What", "How", "Where", "When")
            assert not newsbot.ask(question).abstained
