from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grounding.sentences import LONGEST, split, words


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in split(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The U.S. Senate voted on Jan. 5.", "It passed 51-49."],
        ["Mr. Smith (R-Ky.) paid $3.5 million.", "Gov. Jones agreed."],
        ['"We will go," he said.', '"No."', "She left."],
        ["It is 5 p.m. Eastern.", "He left at 5 p.m.", "The U.N. said no."],
        ["Is it true?", "Yes!", "No... maybe.", "🎉 Great."],
        ["They met in Poland.", "Putin left New York last week.", "Nobody came."],
        ["He voted no.", "Apple is No. 5 and Nos. 6 and 7 fell.", 'He said "no."', "Bo left."],
        ["Lt. Gov. Kathy Hochul met Reps. Cheney and Kinzinger.", "Sec. Blinken said so."],
        ["It 's late .", "He did n't go .", "£ 3.50 was paid ."],
    ],
)
def test_splits_news_sentences(sentences: list[str]) -> None:
    assert texts(" ".join(sentences)) == sentences


def test_spans_are_verbatim_and_trimmed() -> None:
    text = "  First one. \t Second\xa0one!\n\n   Third "
    found = split(text)
    assert [text[sentence.start : sentence.end] for sentence in found] == texts(text)
    assert texts(text) == ["First one.", "Second\xa0one!", "Third"]


def test_a_headline_ends_with_its_line() -> None:
    text = "Leader holds talks\nThe leader met the president. They spoke.\n\nNext steps\nNone."
    assert texts(text) == [
        "Leader holds talks",
        "The leader met the president.",
        "They spoke.",
        "Next steps",
        "None.",
    ]


def test_list_markers_are_no_part_of_a_sentence() -> None:
    assert texts("- One thing.\n* Another\n# A heading\n> 10 people came.") == [
        "One thing.",
        "Another",
        "A heading",
        "10 people came.",
    ]


def test_wrapped_lines_are_read_as_one() -> None:
    text = (
        "North Korean leader Kim Jong Un has met with Russian President Vladimir\n"
        "Putin at the Vostochny space center in Russia. Kim arrived in Russia via\n"
        "his private armored train, and the discussions between the two leaders\n"
        "have sparked speculations.\n\n"
        "During the meeting, Putin mentioned the possibility of supporting the\n"
        "satellite."
    )
    assert [sentence.split()[0] for sentence in texts(text)] == ["North", "Kim", "During"]
    assert texts(text)[0].endswith("Vladimir\nPutin at the Vostochny space center in Russia.")


def test_ideographic_stops_end_sentences() -> None:
    assert texts("他去了北京。她说：“好！”今天很好") == ["他去了北京。", "她说：“好！”", "今天很好"]


def test_an_endless_sentence_is_cut_at_clauses() -> None:
    text = "; ".join(f"clause number {number} goes on, and on" for number in range(200))
    found = split(text)
    assert all(len(sentence.text) <= LONGEST for sentence in found)
    assert all(sentence.text.endswith(";") for sentence in found[:-1])
    assert max(len(sentence.text) for sentence in split("x" * 5_000)) == LONGEST


@pytest.mark.parametrize("text", ["", " \n\t ", "***\n---\n…", "?!" * 50])
def test_text_without_words_has_no_sentences(text: str) -> None:
    assert split(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "The council met. It voted on the plan of Mr. Brown for the U.K.\n\n" * 16_000,
        "word " * 200_000,
        "?" * 1_000_000,
        "a. " * 330_000,
        "\n" * 1_000_000,
        "- a\n" * 250_000,
    ],
    ids=["news", "no stops", "marks", "initials", "newlines", "list"],
)
def test_a_megabyte_takes_no_time(text: str) -> None:
    split("Load it.")
    started = time.process_time()
    split(text)
    assert time.process_time() - started < 5  # about .2 to 2 s; quadratic time would be minutes


@given(st.text(alphabet=st.sampled_from("aB1 .?!\n\r,;:\"'”。-*#🎉é\u2028\u0301"), max_size=300))
def test_any_text_gives_ordered_verbatim_sentences(text: str) -> None:
    position = 0
    for sentence in split(text):
        assert position <= sentence.start < sentence.end
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip()
        position = sentence.end


def test_threads_share_the_segmenter() -> None:
    lines = ["Mr. Brown met Dr. Jones.", "It passed 51-49.", "Rain fell!"]
    generator = random.Random(1)
    shuffled = [" ".join(generator.choices(lines, k=50)) for _ in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert [len(found) for found in pool.map(split, shuffled)] == [50] * 40


def test_words_are_lower_case_and_keep_numbers_whole() -> None:
    assert words("U.S. aid of $3.5m — it's 10:30!") == ("u.s", "aid", "of", "3.5m", "it's", "10:30")
