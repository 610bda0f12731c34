"""Near-duplicates: what is an edited copy, and what is another report or a later version."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.alternates import find_alternates
from bot.entities import Article

WORDS = (
    "council river harbour bridge minister budget vote strike train station market price storm "
    "rescue doctor school teacher court judge hearing witness company factory worker union plan "
    "road traffic island ferry captain engine smoke alarm meeting letter report figure winter"
).split()
MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)


def text(seed: int, words: int = 300) -> str:
    """News of a kind: the words of one vocabulary in an order of its own, with a few numbers."""
    chance = random.Random(seed)
    chosen = [chance.choice(WORDS) for _ in range(words)]
    for place in range(20, words, 60):
        chosen[place] = str(chance.randrange(100, 1000))
    return " ".join(chosen)


def article(identity: str, text: str, hours: int = 0) -> Article:
    return Article(id=identity, text=text, published=MORNING + timedelta(hours=hours))


def edited(original: str, every: int) -> str:
    """Every so many words another word, as somebody who edits leaves it; numbers stay."""
    words = original.split()
    for place in range(3, len(words), every):
        if not words[place].isdigit():
            words[place] = "changed"
    return " ".join(words)


@pytest.mark.parametrize("every", [20, 10, 7])
def test_a_copy_with_words_changed_here_and_there_is_an_alternate(every: int) -> None:
    original = text(1)
    copy = edited(original, every)
    assert find_alternates([article("a", original), article("b", copy, 1)]) == {"b": "a"}


def test_a_copy_with_its_parts_in_another_order_is_an_alternate() -> None:
    parts = [text(seed, 60) for seed in range(5)]
    moved = " ".join(edited(part, 12) for part in reversed(parts))
    assert find_alternates([article("a", " ".join(parts)), article("b", moved, 1)]) == {"b": "a"}


def test_a_later_version_with_a_new_passage_is_no_alternate() -> None:
    original = text(1)
    later = f"{text(2, 60)} {edited(original, 20)}"
    assert find_alternates([article("a", original), article("b", later, 1)]) == {}


def test_numbers_in_each_others_places_make_another_report() -> None:
    original = edited(text(1), 20)
    numbers = {word for word in original.split() if word.isdigit()}
    other = " ".join(str(int(w) + 1) if w in numbers else w for w in original.split())
    assert numbers
    assert find_alternates([article("a", original), article("b", other, 1)]) == {}


def test_a_number_that_was_left_out_makes_none() -> None:
    original = text(1)
    number = next(word for word in original.split() if word.isdigit())
    assert find_alternates(
        [article("a", original), article("b", original.replace(number, ""), 1)]
    ) == {"b": "a"}


def test_short_texts_that_share_their_form_are_two() -> None:
    first = "The match between Brenmoor and Ellery was won by Brenmoor after a late goal by Hale"
    second = "The match between Norvale and Skerry was won by Norvale after a late goal by Lind"
    assert find_alternates([article("a", first), article("b", second, 1)]) == {}


def test_other_texts_are_not_compared_with_everything() -> None:
    articles = [article(str(number), text(number)) for number in range(30)]
    assert find_alternates(articles) == {}
