"""Splits text into chunks that begin and end with sentences: a LangChain `TextSplitter`.

A chunk's text is always a verbatim span of its source, `text[start:end]`, so that a citation found
in a chunk holds in the source. Chunks of about 180 words with the title in front fill the 256
tokens that the embedding model reads (chunks of 100 words retrieve worse).

Where sentences end is told by a callable that the caller passes in; this module knows no language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.documents import Document
from langchain_text_splitters import TextSplitter

Span = tuple[int, int]
WORDS = 180

_WORD = re.compile(r"\S+")
# Two characters of scripts that put no spaces between words are about a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2}")
_LONGEST_WORD = 200  # characters; a run without spaces (a hash, an encoded file) counts as several


class SentenceSplitter(TextSplitter):
    """Groups whole sentences into chunks of at most `words` words.

    `sentences` gives the spans of a text's sentences, in order. A sentence longer than `words` is
    cut between words. Chunks are of like length: a text of 200 words gives two of about 100, never
    180 and 20.

        splitter = SentenceSplitter(sentences)
        splitter.split_documents([Document(text, metadata={"article": "a1", "revision": 1})])
    """

    def __init__(self, sentences: Callable[[str], Sequence[Span]], words: int = WORDS) -> None:
        super().__init__(chunk_size=words, chunk_overlap=0, length_function=_count_words)
        self._sentences = sentences
        self._words = words

    def split_text(self, text: str) -> list[str]:
        """The text of each chunk, verbatim."""
        return [text[start:end] for start, end in self.split_spans(text)]

    def split_spans(self, text: str) -> list[Span]:
        """The `(start, end)` of each chunk in characters, in order and without overlap."""
        pieces = [
            (start, end, _count_words(text[start:end]))
            for span in self._sentences(text)
            for start, end in _cut(text, span, self._words)
        ]
        limit = _even_limit(sum(words for _, _, words in pieces), self._words)
        return [(group[0][0], group[-1][1]) for group in _group(pieces, limit, self._words)]

    def create_documents(
        self, texts: list[str], metadatas: list[dict[Any, Any]] | None = None
    ) -> list[Document]:
        """A chunk for each span of each text, its title in front: `title + "\\n\\n" + span`.

        A text's metadata names its `article` and `revision` and may hold a `title`, which moves
        into the chunk's text; the rest (`published`, `outlet`) is kept. Each chunk gains `n`,
        `start`, `end` and the `id` "article:revision:n".
        """
        return [
            make_chunk(text, span, n, metadata)
            for text, metadata in zip(texts, metadatas or [{} for _ in texts], strict=True)
            for n, span in enumerate(self.split_spans(text))
        ]


def chunk_title(chunk: Document) -> str:
    """The title in front of a chunk's text, or ''."""
    return chunk.page_content[: len(chunk.page_content) - _length(chunk)].rstrip("\n")


def chunk_text(chunk: Document) -> str:
    """The verbatim text of a chunk, without the title."""
    return chunk.page_content[len(chunk.page_content) - _length(chunk) :]


def _length(chunk: Document) -> int:
    length: int = chunk.metadata["end"] - chunk.metadata["start"]
    return length


def make_chunk(text: str, span: Span, n: int, metadata: Mapping[Any, Any]) -> Document:
    """The `n`th chunk of a text with this metadata, as `create_documents` describes it."""
    start, end = span
    kept = {key: value for key, value in metadata.items() if key != "title" and value is not None}
    title = " ".join(str(metadata.get("title") or "").split())
    identity = f"{kept.get('article', '')}:{kept.get('revision', 1)}:{n}"
    return Document(
        id=identity,
        page_content=f"{title}\n\n{text[start:end]}" if title else text[start:end],
        metadata={**kept, "id": identity, "n": n, "start": start, "end": end},
    )


def _count_words(text: str) -> int:
    count = sum(1 + (end - start) // _LONGEST_WORD for start, end in _words(text))
    return count if text.isascii() else count + len(_UNSPACED.findall(text))


def _words(text: str) -> Iterator[Span]:
    return (match.span() for match in _WORD.finditer(text))


def _even_limit(total: int, most: int) -> float:
    """Words for each of as few chunks as can hold `total` words."""
    return total / max(1, -(-total // most))


def _group(
    pieces: Sequence[tuple[int, int, int]], limit: float, most: int
) -> Iterator[list[tuple[int, int, int]]]:
    """Groups of pieces near `limit` words each, never over `most`.

    A piece belongs to the `limit` words that its middle falls into.
    """
    group: list[tuple[int, int, int]] = []
    size = before = number = 0
    for piece in pieces:
        words = piece[2]
        now = int((before + words / 2) / limit)
        if group and (now > number or size + words > most):
            yield group
            group, size = [], 0
        group.append(piece)
        size, before, number = size + words, before + words, now
    if group:
        yield group


def _cut(text: str, span: Span, most: int) -> Iterator[Span]:
    """The span itself, or its parts of at most `most` words when it is longer."""
    start, end = span
    if _count_words(text[start:end]) <= most:
        if start < end:
            yield span
        return
    first = last = start
    size = 0
    for word_start, word_end in _parts(text, span):
        if size == most:
            yield (first, last)
            first, size = word_start, 0
        elif size == 0:
            first = word_start
        last = word_end
        size += 1
    yield (first, last)


def _parts(text: str, span: Span) -> Iterator[Span]:
    """The words of a span, those without end cut into parts of `_LONGEST_WORD` characters."""
    for start, end in _words(text[span[0] : span[1]]):
        for part in range(start, end, _LONGEST_WORD):
            yield span[0] + part, span[0] + min(part + _LONGEST_WORD, end)
