from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.grounding import dates, quantities
from bot.grounding.language import is_english
from bot.grounding.opposites import are_alike, are_opposite
from bot.grounding.synonyms import are_synonyms

PUBLISHED = datetime(2026, 3, 12, 9, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12,000 homes", 12_000, ""),
        ("12 thousand homes", 12_000, ""),
        ("twelve thousand homes", 12_000, ""),
        ("two hundred and fifty people", 250, ""),
        ("twenty-one people", 21, ""),
        ("a dozen eggs", 12, ""),
        ("a million people", 1_000_000, ""),
        ("3.2 percent", 3.2, "percent"),
        ("3.2%", 3.2, "percent"),
        ("3 per cent", 3, "percent"),
        ("3 percentage points", 3, "percentage point"),
        ("$1.2bn", 1_200_000_000, "dollar"),
        ("US$5 million", 5_000_000, "dollar"),
        ("5 million dollars", 5_000_000, "dollar"),
        ("£45m", 45_000_000, "pound"),
        ("the third time", 3, "ordinal"),
        ("the 3rd time", 3, "ordinal"),
    ],
)
def test_quantities_have_a_value_and_a_unit(text: str, value: float, unit: str) -> None:
    (found,) = quantities.find(text)

    assert (found.low, found.high, found.unit) == (value, value, unit)
    assert text[found.start : found.end] == found.text


def test_fractions_and_ranges_are_quantities() -> None:
    third, ten_to_twenty = quantities.find("a third of them are 10 to 20 years old")

    assert third.low == pytest.approx(1 / 3)
    assert (ten_to_twenty.low, ten_to_twenty.high) == (10, 20)


@pytest.mark.parametrize("text", ["in the 1990s", "the Boeing in the hangar", "a few people"])
def test_what_counts_nothing_is_no_quantity(text: str) -> None:
    assert quantities.find(text) == ()


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("12 thousand", "12,000"),
        ("twelve", "12"),
        ("about 900", "892"),
        ("around 900", "about 900"),
        ("1.2 million people", "1,234,567 people"),
        ("more than 100", "105"),
        ("more than 100", "over 100"),
        ("fewer than 30", "29"),
        ("15", "10 to 20"),
        ("12", "$12"),
    ],
)
def test_a_source_carries_a_quantity(claim: str, source: str) -> None:
    assert quantities.agrees(quantities.find(claim)[0], quantities.find(source)[0])


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("12", "21"),
        ("871", "around 870"),
        ("about 871", "870"),
        ("more than 870", "870"),
        ("fewer than 870", "about 870"),
        ("more than 100", "1,000"),
        ("$12", "£12"),
        ("3 percentage points", "3 percent"),
        ("3 percent", "3"),
        ("the third", "three"),
    ],
)
def test_a_source_does_not_carry_another_quantity(claim: str, source: str) -> None:
    assert not quantities.agrees(quantities.find(claim)[0], quantities.find(source)[0])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("12 March 2026", date(2026, 3, 12), date(2026, 3, 12)),
        ("March 12, 2026", date(2026, 3, 12), date(2026, 3, 12)),
        ("Mar. 12", date(2026, 3, 12), date(2026, 3, 12)),
        ("2026-03-12", date(2026, 3, 12), date(2026, 3, 12)),
        ("December 30", date(2025, 12, 30), date(2025, 12, 30)),
        ("today", date(2026, 3, 12), date(2026, 3, 12)),
        ("yesterday", date(2026, 3, 11), date(2026, 3, 11)),
        ("Tuesday", date(2026, 3, 10), date(2026, 3, 10)),
        ("Thursday", date(2026, 3, 12), date(2026, 3, 12)),
        ("next Thursday", date(2026, 3, 19), date(2026, 3, 19)),
        ("three days ago", date(2026, 3, 9), date(2026, 3, 9)),
        ("last week", date(2026, 3, 2), date(2026, 3, 8)),
        ("last month", date(2026, 2, 1), date(2026, 2, 28)),
        ("two years ago", date(2024, 1, 1), date(2024, 12, 31)),
        ("February 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("in May", date(2026, 5, 1), date(2026, 5, 31)),
        ("1997", date(1997, 1, 1), date(1997, 12, 31)),
    ],
)
def test_dates_are_resolved_from_the_publication(text: str, first: date, last: date) -> None:
    (found,) = dates.find(text, PUBLISHED)

    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("text", ["he may march", "2,000 people", "30 percent", "the 1990s"])
def test_what_names_no_time_is_no_date(text: str) -> None:
    assert dates.find(text, PUBLISHED) == ()


def test_dates_agree_when_they_can_be_one_day() -> None:
    yesterday, week, other = (
        dates.find(text, PUBLISHED)[0] for text in ("yesterday", "this week", "last month")
    )

    assert dates.agrees(yesterday, week)
    assert not dates.agrees(yesterday, other)


def test_without_a_publication_date_the_words_decide() -> None:
    tuesday, again, friday = (dates.find(text)[0] for text in ("Tuesday", "last Tuesday", "Friday"))

    assert tuesday.first is None
    assert dates.agrees(tuesday, again)
    assert not dates.agrees(tuesday, friday)


def test_impossible_dates_are_unresolved() -> None:
    assert dates.find("31 February 2026", PUBLISHED)[0].first is None


@pytest.mark.parametrize(
    ("word", "other"),
    [("rise", "fall"), ("win", "lose"), ("legal", "illegal"), ("likely", "unlikely")],
)
def test_opposites_hold_in_either_order(word: str, other: str) -> None:
    assert are_opposite(word, other)
    assert are_opposite(other, word)
    assert not are_opposite(word, word)


def test_words_on_one_side_are_alike() -> None:
    assert are_alike("rise", "increase")
    assert not are_alike("rise", "fall")


def test_synonyms_share_a_sense() -> None:
    assert are_synonyms("buy", "purchase")
    assert not are_synonyms("buy", "sell")
    assert not are_synonyms("buy", "no-such-word")


def test_english_is_told_from_other_languages() -> None:
    assert is_english("The council rejected the plan.")
    assert is_english("Atlantic Lines shares fall 7%")
    assert not is_english("Der Rat hat den Plan nicht angenommen.")
    assert not is_english("Совет отклонил план.")
