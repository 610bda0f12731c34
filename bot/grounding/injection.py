"""Recognises text in an article that is meant for a language model and not for its readers.

What is found is quarantined: shown as such, never chosen as a bullet, an answer or a headline, and
masked before an article goes to a chat model. Two signals, both of which a person can follow:

- a cue (`bot.grounding.cues`) in the sentence, also behind a disguise (`bot.grounding.disguises`);
- a request for a piece of work ("Write a poem about ...") that has nothing in common with the rest
  of a text that otherwise reports: out of place, as in BIPIA (Yi et al. 2023).

`is_statement` is the wider gate for what may be shown as a claim: a question, a request or a line
of code says nothing that could be true, wherever it stands, so it is no claim and no attack either.
The module does not know writers or prompts, and cannot see an instruction phrased as a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.entities import Article, ArticleDetails, Citation, Passage, Sentence
from bot.grounding import cues, disguises, moods
from bot.grounding.sentences import split

Span = tuple[int, int]

WITHHELD = "Headline withheld: it addresses a model"

_CONTEXT = 3  # with fewer other sentences nothing tells what a text is about
_REPORTING = 0.7  # the share of statements that makes a text a report, not a set of instructions
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
# Seen in the whole text only, since a sentence loses its list mark and ends at an exclamation mark.
_FRAME = re.compile(
    r"^#{2,}[^\S\n]*(?:instructions?|system|response|user|assistant)\b[^\n]*$"
    r"|!\[[^\]\n]{0,200}\]\(\s*https?://[^)\s]{0,500}[?&=${][^)\n]{0,500}\)",
    re.IGNORECASE | re.MULTILINE,
)
_PIECES = 4  # that an instruction is cut into, at most
_CUT = 300  # characters of two pieces
_SHORT = 4  # words of a piece that ends like a sentence
_ENDED = re.compile(r"[.!?…:;。！？][\"”'’)\]\s]*$")
_WORD = re.compile(r"[^\W\d_]{4,}")
_LONG = 20_000  # characters; no sentence is longer, so longer ones are not read in every disguise


def find_instructions(text: str) -> tuple[Sentence, ...]:
    """The spans of a text that address a model, in order and without overlap.

    A span is a sentence, an HTML comment or an encoded token; `text[start:end] == span.text`.
    """
    sentences = split(text)
    hidden = [
        *disguises.comments(text),
        *(span for span, _ in disguises.encoded(text)),
        *(match.span() for match in _FRAME.finditer(text)),
    ]
    spoken = [(s.start, s.end) for s in sentences if is_instruction(s.text)]
    spoken += _broken_up(sentences)
    displaced = [(s.start, s.end) for s in _out_of_place(sentences)]
    spans = _merge([*hidden, *_with_code(text, spoken), *displaced])
    return tuple(Sentence(start, end, text[start:end]) for start, end in spans)


def quarantine(article: Article) -> tuple[Citation, ...]:
    """The instructions in an article's text, as citations to be shown and never obeyed."""
    return tuple(
        Citation(article.id, article.revision, found.start, found.end, found.text)
        for found in find_instructions(article.text)
    )


def is_instruction(sentence: str) -> bool:
    """Whether one sentence, or a headline, addresses a language model, plainly or in disguise."""
    return reason(sentence) is not None


@lru_cache(maxsize=4096)
def reason(sentence: str) -> str | None:
    """Why a sentence counts as an instruction to a model, in words for a person; else None."""
    if len(sentence) > _LONG:
        return cues.cue(disguises.plain(sentence))
    found = (cues.cue(reading) for reading in disguises.readings(sentence))
    return next((name for name in found if name), None)


def is_statement(sentence: str) -> bool:
    """Whether a sentence can be shown as a claim: it states something, to readers.

    It serves for headlines too, which may also be questions: ask `is_instruction` for those.
    """
    shown = disguises.plain(sentence)
    silent = moods.is_question(shown) or moods.is_command(shown) or moods.is_code(shown)
    return not silent and moods.is_prose(shown) and not is_instruction(sentence)


def disarm(passage: Passage) -> Passage:
    """The passage as a model may read it: what addresses one is blanked out, at its old length."""
    text = mask(passage.text, find_instructions(passage.text))
    return replace(passage, text=text, article=disarm_details(passage.article))


def disarm_details(article: ArticleDetails) -> ArticleDetails:
    """The article's facts without a headline, an outlet or an author that address a model."""
    hostile = [
        name
        for name in ("title", "outlet", "author")
        if (said := getattr(article, name)) and is_instruction(said)
    ]
    blanks = {name: WITHHELD if name == "title" else None for name in hostile}
    return replace(article, **blanks) if blanks else article  # type: ignore[arg-type]


def mask(text: str, spans: Sequence[Sentence]) -> str:
    """The text with each span blanked out, every other character at its old offset."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _out_of_place(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Requests that share no content word with the rest of a text which otherwise reports."""
    asking = [s for s in sentences if moods.is_request(disguises.plain(s.text))]
    if len(sentences) - len(asking) < _CONTEXT:
        return []
    if len(asking) > (1 - _REPORTING) * len(sentences):
        return []
    told = {word for s in sentences if s not in asking for word in _stems(s.text)}
    return [s for s in asking if not _stems(s.text) & told]


def _broken_up(sentences: Sequence[Sentence]) -> Iterator[Span]:
    """Runs of pieces, cut by line ends and stray full stops, that as one speak to a model."""
    spoken = [is_instruction(sentence.text) for sentence in sentences]
    for first, start in enumerate(sentences):
        said = start.text.strip()
        for place in range(first + 1, min(first + _PIECES, len(sentences))):
            before, piece = sentences[place - 1], sentences[place]
            if any(spoken[first : place + 1]) or not _goes_on(before.text, piece.text):
                break
            said = f"{said.rstrip('.!…')} {piece.text.strip()}"
            if cues.cue(disguises.plain(said)):
                yield start.start, piece.end
                break


def _goes_on(piece: str, after: str) -> bool:
    """Whether two pieces may be one sentence that was cut."""
    if len(piece) + len(after) > _CUT:
        return False  # a paragraph, a table
    short = len(piece.split()) <= _SHORT and len(after.split()) <= _SHORT
    return short or not _ENDED.search(piece)


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _WORD.findall(text.lower())}


def _with_code(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, each stretched over the fenced code that it touches or introduces."""
    fences = [match.span() for match in _FENCE.finditer(text)]
    near = [(span, fence) for span in spans for fence in fences if _touch(span, fence)]
    return [*spans, *((min(a, c), max(b, d)) for (a, b), (c, d) in near)]


def _touch(span: Span, fence: Span) -> bool:
    return span[0] <= fence[1] and fence[0] <= span[1] + 2  # two line ends may stand between


def _merge(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
