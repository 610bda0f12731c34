"""What a weak model may leave out of a sentence, and what not."""

from __future__ import annotations

import pytest

from bot.writing import shortening

FERRY = "The ferry struck the wall in fog on Monday, the harbour authority said."


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        (FERRY, ("said",)),
        ("Kim may not have left Moscow, officials say.", ("may", "not", "say")),
        ("Kim left Moscow in May.", ()),  # the month
        ("Kim didn’t leave, according to Tass.", ("didn’t", "according to")),
        ("At least 14 of about 90 people were hurt.", ("at least", "about")),
        ("The fire, which some reported, allegedly spread.", ("some", "reported", "allegedly")),
        ("Nobody denied that close to 20,000 left.", ("nobody", "denied", "close to")),
    ],
)
def test_who_says_so_and_what_is_denied_or_doubted_must_stay(
    sentence: str, kept: tuple[str, ...]
) -> None:
    assert shortening.kept(sentence) == kept


@pytest.mark.parametrize(
    ("short", "is_shortened"),
    [
        ("The ferry struck the wall, the harbour authority said.", True),
        ("The ferry struck the wall in fog on Monday.", False),
        (FERRY.replace("struck", "hit"), False),  # as long as it was
    ],
)
def test_what_is_shorter_and_keeps_them_is_shortened(short: str, is_shortened: bool) -> None:
    assert shortening.is_shortened(short, FERRY) is is_shortened


def test_thoughts_before_the_sentence_are_left_out() -> None:
    reply = '<think>Hm.</think>{"sentence": "The ferry  struck\\nthe wall."}'
    assert shortening.read(reply) == "The ferry struck the wall."
