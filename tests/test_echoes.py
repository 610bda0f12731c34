from __future__ import annotations

import pytest

from bot.entities import ArticleDetails, Citation, Passage
from bot.grounding.echoes import are_copies, are_echoes, find_echoes

SENTENCE = "The collision injured 14 people, three of them seriously, the harbour authority said."


@pytest.mark.parametrize(
    "other",
    [
        SENTENCE,
        "The collision injured 14 people - three of them seriously - the harbour authority said.",
        "PORT ELLERY (Wire) — The collision injured 14 people, three of them seriously, the harbour"
        " authority said.",
        "The collision injured 14 people, three of them seriously, harbour authority said Monday"
        ".".replace(" Monday", ""),
    ],
)
def test_the_same_in_nearly_the_same_words_is_an_echo(other: str) -> None:
    assert are_echoes(SENTENCE, other)


@pytest.mark.parametrize(
    "other",
    [
        "The collision injured 23 people, three of them seriously, the harbour authority said.",
        "The collision injured 14 people, none of them seriously, the harbour authority said.",
        "The collision injured 14 people, four of them seriously, the harbour authority said.",
        "The collision never injured 14 people, three of them seriously, the authority said.",
        "The collision injured 14 people, three of them seriously, the Skerry authority said.",
        "The crash hurt 14 people, three of them badly, according to those who run the harbour.",
    ],
)
def test_another_number_name_or_wording_is_none(other: str) -> None:
    assert not are_echoes(SENTENCE, other)


def test_a_few_words_say_too_little() -> None:
    assert not are_echoes("He was there.", "He was there.")


def test_each_other_article_is_cited_once_where_its_sentence_stands() -> None:
    text = f"Fog lay on the water. {SENTENCE} It was a Monday. {SENTENCE}"
    passages = [
        Passage(
            number=n, article=ArticleDetails(id=name), start=100, end=100 + len(text), text=text
        )
        for n, name in enumerate(("a", "b", "b"), 1)
    ]
    known = [Citation("a", 1, 122, 122 + len(SENTENCE), SENTENCE)]
    (found,) = find_echoes(SENTENCE, passages, known)
    assert (found.article, found.start) == ("b", 122)
    assert text[found.start - 100 : found.end - 100] == found.quote


def test_copies_are_told_though_they_are_cut_elsewhere() -> None:
    report = " ".join(
        f"Sentence {n} tells of harbour wall number {n} in the fog." for n in range(20)
    )
    assert are_copies(report[:700], report[300:])
    assert not are_copies(
        report, "Another outlet tells of the fog at the harbour in words of its own."
    )
    assert not are_copies("", "")
