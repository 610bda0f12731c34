from datetime import UTC, datetime

from bot.entities import Answer, ArticleDetails
from bot.suggestions import find_suggestions


def headline(title: str, day: int) -> ArticleDetails:
    return ArticleDetails(id=title, title=title, published=datetime(2026, 11, day, tzinfo=UTC))


ARTICLES = [
    headline("Ferry strikes harbour wall in fog", 3),
    headline("Dozens shaken as ferry hits harbour", 4),
    headline("Tram estimate rises to $455 million", 5),
    headline("An article with a headline that nobody " + "ever " * 30, 6),
    headline("Heat pumps recalled after fires", 2),
]


def answered(question: str) -> Answer:
    return Answer(question=question, abstained="Tram" in question)


def test_suggestions_are_of_the_newest_headlines_that_are_answered_once_an_event() -> None:
    assert find_suggestions(ARTICLES, answered, 3) == (
        "What about “Dozens shaken as ferry hits harbour”?",
        "What about “Heat pumps recalled after fires”?",
    )
    assert len(find_suggestions(ARTICLES, answered, 1)) == 1


def test_nothing_is_suggested_where_nothing_is_answered() -> None:
    tried: list[str] = []

    def decline(question: str) -> Answer:
        tried.append(question)
        return Answer(question=question, abstained=True)

    many = [headline(f"{n:04d}word {n:04d}other", 1) for n in range(50)]
    assert find_suggestions(many, decline, 3) == ()
    assert len(tried) == 12
