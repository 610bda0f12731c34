from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document

from vectorstore.chunking import SentenceSplitter, chunk_text, chunk_title


def sentences(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\S[^.]*\.?", text)]


def sentence(n: int, words: int = 10) -> str:
    return " ".join([f"s{n}", *["word"] * (words - 1)]) + "."


def split(text: str, words: int = 30, **metadata: object) -> list[Document]:
    given_metadata = {"article": "a", "revision": 2, **metadata}
    return SentenceSplitter(sentences, words).split_documents(
        [Document(text, metadata=given_metadata)]
    )


def test_chunks_are_whole_sentences_of_like_length() -> None:
    text = " ".join(sentence(n) for n in range(10))
    chunks = split(text)
    assert [chunk.page_content.count(".") for chunk in chunks] == [2, 3, 2, 3]
    assert all(re.match(r"s\d", chunk.page_content) for chunk in chunks)


def test_a_chunk_is_a_verbatim_span_under_its_title() -> None:
    text = "  " + "\n\n".join(sentence(n) for n in range(10))
    for n, chunk in enumerate(split(text, title="A\n headline", outlet="Wire", published=5)):
        start, end = chunk.metadata["start"], chunk.metadata["end"]
        assert chunk.page_content == f"A headline\n\n{text[start:end]}"
        assert (chunk_title(chunk), chunk_text(chunk)) == ("A headline", text[start:end])
        assert chunk.id == chunk.metadata["id"] == f"a:2:{n}"
        assert chunk.metadata["n"] == n
        assert chunk.metadata["outlet"] == "Wire"
        assert chunk.metadata["published"] == 5
        assert "title" not in chunk.metadata


def test_a_chunk_without_title_is_the_text_alone() -> None:
    (chunk,) = split("One. Two.", title="", published=None)
    assert chunk.page_content == "One. Two."
    assert chunk_title(chunk) == ""
    assert "published" not in chunk.metadata


def test_a_sentence_without_end_is_cut_between_words() -> None:
    text = " ".join(f"w{n}" for n in range(100))
    chunks = split(text)
    assert " ".join(chunk.page_content for chunk in chunks) == text
    assert all(len(chunk.page_content.split()) <= 30 for chunk in chunks)


def test_a_word_without_end_is_cut() -> None:
    chunks = split("x" * 50_000)
    assert "".join(chunk.page_content for chunk in chunks) == "x" * 50_000
    assert max(len(chunk.page_content) for chunk in chunks) <= 30 * 200


def test_empty_text_has_no_chunks() -> None:
    assert split("") == []
    assert split(" \n ") == []


@given(st.text(alphabet="ab. \n\u00e9\U0001f600", max_size=400), st.integers(1, 20))
def test_chunks_cover_every_sentence_once_and_in_order(text: str, words: int) -> None:
    spans = SentenceSplitter(sentences, words).split_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(len(text[start:end].split()) <= words for start, end in spans)


def test_scripts_without_spaces_are_cut_as_often_as_others() -> None:
    sentence = "受台风影响，沿海三个城市周二停课停工。"
    text = sentence * 60

    def sentences(text: str) -> list[tuple[int, int]]:
        starts = range(0, len(text), len(sentence))
        return [(start, start + len(sentence)) for start in starts]

    spans = SentenceSplitter(sentences).split_spans(text)
    assert max(end - start for start, end in spans) <= 400
    assert "".join(text[start:end] for start, end in spans) == text
