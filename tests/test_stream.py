"""Drafts out of streamed text: sentences, citation marks, and what is no part of the reply."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.writing.drafts import Draft
from bot.writing.stream import NOT_ANSWERED, DraftReader, is_refusal

Drafts = list[tuple[str, tuple[int, ...]]]

SENTENCES = [
    "Kim arrived in Vladivostok on Tuesday",
    "The deal cost $3.5 million, said Mr. Kim of the U.S. Army",
    'He called it "a great day" at 3 p.m. local time',
    "Putin left",
]


def read(text: str, *cuts: int, passages: int = 9) -> tuple[Drafts, str]:
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    read = list(DraftReader(range(1, passages + 1)).read(pieces))
    drafts = [(piece.text, piece.passages) for piece in read if isinstance(piece, Draft)]
    return drafts, "".join(piece for piece in read if isinstance(piece, str))


def drafts(text: str, passages: int = 9) -> Drafts:
    every_character, _ = read(text, *range(len(text)), passages=passages)
    at_once, _ = read(text, passages=passages)
    assert every_character == at_once
    return at_once


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Kim arrived on Tuesday [1].", (1,)),
        ("Kim arrived on Tuesday. [1]", (1,)),
        ("Kim arrived on Tuesday.[1]", (1,)),
        ("Kim arrived on Tuesday [1][3].", (1, 3)),
        ("Kim arrived on Tuesday [1, 3].", (1, 3)),
        ("Kim arrived on Tuesday [1-3].", (1, 2, 3)),
        ("Kim arrived on Tuesday【2】.", (2,)),
        ("Kim arrived on Tuesday【2†source】.", (2,)),
        ("Kim arrived on Tuesday [Passage 2].", (2,)),
        ("Kim arrived on Tuesday (passages 1, 2).", (1, 2)),
        ("Kim arrived [2] on Tuesday [1].", (2, 1)),
        ("[1] Kim arrived on Tuesday.", (1,)),
        ("Kim arrived on Tuesday.", ()),
    ],
)
def test_marks_are_taken_out_in_every_form(text: str, cited: tuple[int, ...]) -> None:
    assert drafts(text) == [("Kim arrived on Tuesday.", cited)]


def test_citations_of_passages_that_do_not_exist_are_dropped() -> None:
    assert drafts("Kim arrived. [1][7]", passages=2) == [("Kim arrived.", (1,))]


def test_marks_belong_to_the_sentence_before_them() -> None:
    text = "Kim arrived. [1] Putin left. [2][3] It rained [1, 2]. It ended."
    assert drafts(text) == [
        ("Kim arrived.", (1,)),
        ("Putin left.", (2, 3)),
        ("It rained.", (1, 2)),
        ("It ended.", ()),
    ]


def test_marks_belong_to_the_sentence_behind_them_where_a_line_begins_with_one() -> None:
    assert drafts("[1] Kim arrived. [2] Putin left.") == [
        ("Kim arrived.", (1,)),
        ("Putin left.", (2,)),
    ]


@pytest.mark.parametrize("bullet", ["- ", "* ", "• ", "1. ", "2) ", "  - ", "– "])
def test_bullets_and_numbers_are_stripped(bullet: str) -> None:
    text = f"{bullet}Kim arrived. [1]\n{bullet}Putin left. [2]\n"
    assert drafts(text) == [("Kim arrived.", (1,)), ("Putin left.", (2,))]


@pytest.mark.parametrize(
    "around",
    [
        "Here are the 3 bullets:\n\n{}",
        "Sure! Here is the summary.\n{}",
        "Certainly, here's a summary of the articles:\n{}",
        "## Summary\n{}",
        "**Summary:**\n\n{}",
        "```markdown\n{}\n```",
        "Answer: {}",
        "<think>Passage [2] says so. Hm.</think>\n\n{}",
        "\n\n{}\n\n---\n",
    ],
)
def test_what_is_no_part_of_the_reply_is_left_out(around: str) -> None:
    text = around.format("Kim arrived on Tuesday. [1]")
    assert drafts(text) == [("Kim arrived on Tuesday.", (1,))]
    assert read(text, *range(len(text)))[1].strip() == "Kim arrived on Tuesday."


def test_markdown_is_taken_out_of_a_sentence() -> None:
    assert drafts("- **Kim** arrived at the `base` *today* [1].") == [
        ("Kim arrived at the base today.", (1,))
    ]


def test_stars_and_underscores_within_words_stay() -> None:
    assert drafts("The file_name_here costs 3*4 dollars. [1]") == [
        ("The file_name_here costs 3*4 dollars.", (1,))
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "It cost $3.5 million.",
        "Mr. Kim met Gen. Shoigu of the U.S. Army at 3 p.m. on Sept. 13.",
    ],
)
def test_stops_within_a_sentence_do_not_end_it(sentence: str) -> None:
    assert drafts(f"{sentence} [1] Putin left. [2]") == [(sentence, (1,)), ("Putin left.", (2,))]


@pytest.mark.parametrize(
    "text",
    [
        NOT_ANSWERED,
        f"{NOT_ANSWERED}.",
        f"**{NOT_ANSWERED}**",
        "Not answered.",
        f"- {NOT_ANSWERED}\nThe passages are about something else.",
        "",
        " \n\n",
        "...",
    ],
)
def test_a_reply_that_does_not_answer_is_empty(text: str) -> None:
    assert read(text) == ([], "")
    assert read(text, *range(len(text))) == ([], "")


def test_what_was_answered_before_the_sentinel_stays() -> None:
    assert drafts(f"Kim arrived. [1]\n{NOT_ANSWERED}\nMore.") == [("Kim arrived.", (1,))]


def test_a_sentence_that_only_begins_like_the_sentinel_is_one() -> None:
    assert drafts("Not a single delegate came. [1]") == [("Not a single delegate came.", (1,))]


def test_an_unfinished_sentence_is_not_a_draft() -> None:
    reader = DraftReader({1})
    pieces = list(reader.feed("Kim arrived. [1] Putin is said to have"))
    assert Draft(text="Kim arrived.", passages=(1,)) in pieces
    assert sum(isinstance(piece, Draft) for piece in pieces) == 1


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4),
    st.sampled_from([". [1]\n", " [2].\n", ". [1][2] ", ".【3】 ", "! "]),
    st.sampled_from(["", "- ", "1. "]),
    st.lists(st.integers(0, 400), max_size=12),
)
def test_how_a_reply_is_cut_into_pieces_changes_nothing(
    sentences: list[str], ending: str, bullet: str, cuts: list[int]
) -> None:
    bullet = bullet if "\n" in ending else ""
    text = "".join(f"{bullet}{sentence}{ending}" for sentence in sentences)
    at_once, _ = read(text)
    in_pieces, shown = read(text, *cuts)
    assert in_pieces == at_once
    assert [text.rstrip(".!") for text, _ in at_once] == sentences
    assert shown.split() == " ".join(text for text, _ in at_once).split()


@settings(deadline=None)
@given(st.text(alphabet="ab. \n[]12()*-#`_:<>think/NOT_ANSWERED\"'…【】", max_size=120))
def test_no_text_breaks_the_reader(text: str) -> None:
    at_once, _ = read(text)
    assert all(draft and draft == " ".join(draft.split()) for draft, _ in at_once)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm sorry, but I can't help with that.", True),
        ("I cannot assist with that request.", True),
        ("I am unable to provide a summary of this.", True),
        ("Kim said he could not help the refugees.", False),
        ("The passages do not mention it.", False),
    ],
)
def test_a_refusal_in_words_is_recognised(text: str, expected: bool) -> None:
    assert is_refusal(text) is expected
