"""Near-duplicates are set aside, articles on one event are grouped, and stories are ranked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.entities import Article, Precision
from bot.grounding.witnesses import independent_outlets
from bot.stories import group
from tests.kept_groups import find_alternates

MONDAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
FLOOD = (
    "The river Lune burst its banks on Monday and flooded 120 houses in the old town, the fire "
    "service said. Some 300 people were brought to the sports hall, where volunteers served soup. "
    "“The water came in ten minutes,” said Ada Brook, a baker on Mill Street. The mayor, Tom Reed, "
    "asked the government for 4 million pounds and promised to raise the wall along the quay."
)
STRIKE = (
    "Bus drivers in Carrow will strike for two days from Thursday, their union said after talks on "
    "pay broke down. The company had offered 3 per cent, and the drivers ask for 7. “We have not "
    "had a rise since 2023,” said the union's secretary, Joan Field. Schools will stay open."
)


def article(name: str, text: str = FLOOD, days: float | None = 0, **fields: object) -> Article:
    published = None if days is None else MONDAY + timedelta(days=days)
    made = Article(id=name, text=text, title=text[:30], published=published)
    return replace(made, **fields)  # type: ignore[arg-type]


def directions(*numbers: int) -> np.ndarray:
    """One unit vector an article: the same number, the same direction."""
    return np.eye(8, dtype=np.float32)[list(numbers)]


def test_a_copy_is_an_alternate_of_what_was_published_first() -> None:
    copy = article("copy", "LUNE (Wire) — " + FLOOD.replace("asked the", "asked its"), days=0.1)
    assert find_alternates([copy, article("first"), article("other", STRIKE)]) == {"copy": "first"}


def test_of_copies_from_one_time_the_longest_stays() -> None:
    longer = article("longer", FLOOD + " More rain is expected.")
    assert find_alternates([article("shorter"), longer]) == {"shorter": "longer"}


def test_a_day_without_a_time_is_not_midnight() -> None:
    day = article("day", published=MONDAY.replace(hour=0), precision=Precision.DAY)
    assert find_alternates([day, article("nine o'clock")]) == {"day": "nine o'clock"}


def test_an_undated_copy_is_the_alternate() -> None:
    assert find_alternates([article("undated", days=None), article("dated")]) == {
        "undated": "dated"
    }


def test_reports_from_one_template_are_not_copies() -> None:
    def shares(day: str, points: str, percent: str, gold: str) -> str:
        return (
            f"Shares in the city closed {percent} per cent higher at {points} points after a quiet "
            f"session on the {day}, led by banks and by makers of building materials, while the "
            f"price of gold fell to {gold} dollars an ounce, traders in the main hall said."
        )

    one = article("one", shares("12th", "7,104", "0.4", "1,950"))
    other = article("other", shares("13th", "7,161", "0.8", "1,932"), days=1)
    assert find_alternates([one, other]) == {}


def test_a_notice_under_unlike_headlines_makes_no_copies() -> None:
    notice = "Please accept cookies to go on reading this page, or subscribe to our newsletter."
    one = article("one", notice, title="River floods old town - The Post")
    again = notice.replace("this page", "our page")
    other = article("other", again, title="Bus drivers announce strike - The Post")
    assert find_alternates([one, other]) == {}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([FLOOD, STRIKE, "", "Rain.", "雨が降った。" * 20]), max_size=6))
def test_who_stands_for_an_alternate_is_none_itself(texts: list[str]) -> None:
    articles = [article(str(number), text) for number, text in enumerate(texts)]
    alternates = find_alternates(articles)
    assert not alternates.keys() & set(alternates.values())
    assert find_alternates(articles[::-1]) == alternates


def test_articles_on_one_event_are_one_story() -> None:
    articles = [article("a"), article("b", STRIKE), article("c", days=1), article("d", STRIKE)]
    stories = group(articles, directions(0, 1, 0, 1))
    assert sorted(sorted(one.id for one in story) for story in stories) == [["a", "c"], ["b", "d"]]


def test_the_same_words_a_month_later_are_another_story() -> None:
    articles = [article("a"), article("b", days=40)]
    near = np.array([[1, 0], [0.85, 0.527]], dtype=np.float32)
    assert len(group(articles, near)) == 2
    assert len(group([articles[0], article("c", days=2)], near)) == 1


def test_the_story_of_most_outlets_comes_first_then_the_larger_then_the_later() -> None:
    articles = [
        *(article(f"one outlet {number}", outlet="Post") for number in range(3)),
        article("two outlets 1", STRIKE, outlet="Post"),
        article("two outlets 2", STRIKE, outlet="Courier"),
        article("late", "A comet passed on Sunday night.", days=3, outlet="Post"),
        article("early", "The museum reopened its west wing.", outlet="Post"),
    ]
    stories = group(articles, directions(0, 0, 0, 1, 1, 2, 3))
    assert [story[0].id.rstrip(" 0123") for story in stories] == [
        "two outlets",
        "one outlet",
        "late",
        "early",
    ]


def test_the_most_central_article_comes_first_in_its_story() -> None:
    vectors = np.array([[1, 0], [0.9, 0.4359], [0.6, 0.8]], dtype=np.float32)
    ((first, *_),) = group([article("left"), article("middle"), article("right")], vectors)
    assert first.id == "middle"


def test_no_articles_no_stories_and_one_article_one_story() -> None:
    assert group([], np.zeros((0, 8), dtype=np.float32)) == []
    only = article("only", "")
    assert group([only], directions(0)) == [(only,)]


def test_every_article_is_in_one_story_whatever_the_order() -> None:
    generator = np.random.default_rng(1)
    vectors = generator.normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    articles = [article(str(number), FLOOD[number:], days=number % 9) for number in range(60)]
    stories = group(articles, vectors)
    assert sorted(one.id for story in stories for one in story) == sorted(a.id for a in articles)
    again = group(articles[::-1], vectors[::-1])
    assert {frozenset(a.id for a in s) for s in again} == {
        frozenset(a.id for a in s) for s in stories
    }


def test_outlets_count_once_however_written_and_copies_with_their_original() -> None:
    def by(name: str, outlet: str | None) -> Article:
        return article(name, outlet=outlet)

    guardian = [by("a", "The Guardian"), by("b", "www.theguardian.com"), by("c", "guardian.co.uk")]
    assert independent_outlets(guardian) == 1
    assert independent_outlets([by("a", "bbc.co.uk"), by("b", "BBC"), by("c", "Le Monde")]) == 2
    assert independent_outlets([by("a", None), by("b", None), by("c", "Post")]) == 2
    assert independent_outlets([by("a", "Post"), by("b", "Courier")], {"b": "a"}) == 1
    assert independent_outlets([by("b", "Courier")], {"b": "a"}) == 1
    assert independent_outlets([]) == 0


def test_outlets_of_one_publisher_count_once() -> None:
    def count(*outlets: str) -> int:
        return independent_outlets([article(name, outlet=name) for name in outlets])

    assert count("BBC News", "BBC Sport", "www.bbc.co.uk") == 1
    assert count("The Times", "The Sunday Times", "The Sun") == 1
    assert count("Daily Mirror", "Sunday Mirror", "Daily Express") == 1
    assert count("CNN", "CNN Business") == 1
    assert count("The Times", "Times of India", "New York Times") == 3
    assert count("Daily News", "Sports World") == 2
