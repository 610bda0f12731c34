"""Passages as a prompt shows them: numbered, dated, fenced, and fitted to a budget of tokens.

Articles are hostile input. Each passage stands between two lines that carry a code drawn at random
for the process, which no article can know and which is taken out of its text; what a chat template
would read as a control token, and what looks like a citation mark of ours, is defused.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.entities import ArticleDetails, Passage, Precision
from bot.grounding import sentences
from bot.writing.marks import defuse_marks

Count = Callable[[str], int]

# <|im_end|>, </s>, <start_of_turn>, <think>: llama.cpp reads these as tokens wherever they stand.
_CONTROL = re.compile(r"<(?=[|/]?[^\s<>]{1,40}>)")
_LLAMA = re.compile(r"\[(/?(?:INST|SYS\w*|AVAILABLE_TOOLS|TOOL\w*))\]", re.IGNORECASE)
_GAP = re.compile(r"[^\S\n]{3,}")  # where an instruction was blanked out


@dataclass(frozen=True, slots=True)
class Block:
    """A passage or a part of one as it stands in a prompt, and its length in tokens."""

    number: int
    text: str
    tokens: int


def new_fence() -> str:
    """A code, for as long as the process lasts."""
    return secrets.token_hex(4)


def defuse(text: str, code: str) -> str:
    """Text of an article without anything that could pass for a part of the prompt."""
    text = _CONTROL.sub("‹", text.replace(code, ""))
    return defuse_marks(_LLAMA.sub(r"(\1)", _GAP.sub(" ", text)))


def fence(text: str, label: str, code: str) -> str:
    """The text between its two lines; both are defused already."""
    return f"--- {label} --- {code}\n{text}\n--- end --- {code}"


def block(passage: Passage, code: str, count: Count) -> Block:
    """The passage as it stands in a prompt."""
    text = fence(defuse(passage.text, code), _label(passage, code), code)
    return Block(passage.number, text, count(text) + 2)  # and the blank line behind it


def parts(passage: Passage, code: str, count: Count, budget: int) -> list[Block]:
    """The passage as blocks of at most `budget` tokens, cut between sentences.

    A sentence that is longer than that by itself is left out.
    """
    whole = block(passage, code, count)
    if whole.tokens <= budget:
        return [whole]
    room = budget - block(replace(passage, text=""), code, count).tokens
    texts = _packed(passage.text, count, room)
    return [block(replace(passage, text=text), code, count) for text in texts]


def fit(blocks: Sequence[Block], budget: int) -> tuple[list[Block], list[Block]]:
    """The blocks that fit, the first ones first, and those that do not. None is cut."""
    kept: list[Block] = []
    left: list[Block] = []
    for candidate in blocks:
        used = sum(one.tokens for one in kept)
        (kept if used + candidate.tokens <= budget else left).append(candidate)
    return kept, left


def batch(blocks: Sequence[Block], budget: int) -> list[list[Block]]:
    """The blocks in runs that fit a prompt each, in order."""
    batches: list[list[Block]] = []
    used = 0
    for candidate in blocks:
        if not batches or used + candidate.tokens > budget:
            batches.append([])
            used = 0
        batches[-1].append(candidate)
        used += candidate.tokens
    return batches


def fold(notes: Sequence[str], code: str, count: Count, budget: int) -> list[Block]:
    """The notes, a line each, in as few fenced blocks of at most `budget` tokens as need be."""
    empty = count(fence("", "notes", code))
    lines = [Block(0, note, count(note) + 1) for note in notes]
    texts = ["\n".join(line.text for line in run) for run in batch(lines, budget - empty)]
    fenced = [fence(_CONTROL.sub("‹", text), "notes", code) for text in texts]
    return [Block(0, text, count(text)) for text in fenced]


def join(blocks: Sequence[Block]) -> str:
    """The blocks as one text."""
    return "\n\n".join(one.text for one in blocks)


def _packed(text: str, count: Count, room: int) -> list[str]:
    """Runs of whole sentences of at most `room` tokens each, with the text between them.

    The counts of single sentences add up to no less than the count of their run.
    """
    runs: list[tuple[int, int]] = []
    used = 0
    for sentence in sentences.split(text):
        tokens = count(sentence.text) + 2  # the space between two, a line break at most
        if tokens > room:
            continue
        if runs and used + tokens <= room and sentence.start - runs[-1][1] < 4:
            runs[-1] = (runs[-1][0], sentence.end)
            used += tokens
        else:
            runs.append((sentence.start, sentence.end))
            used = tokens
    return [text[start:end] for start, end in runs]


def _label(passage: Passage, code: str) -> str:
    article = passage.article
    facts = [f"[{passage.number}]", article.outlet or "outlet unknown", _date(article)]
    if article.title:
        facts.append(article.title)
    line = " | ".join(" ".join(defuse(fact, code).split()) for fact in facts[1:])
    return f"{facts[0]} {line}"


def _date(article: ArticleDetails) -> str:
    if article.published is None:
        return "undated"
    shape = "%A %d %B %Y" if article.precision is Precision.DAY else "%A %d %B %Y %H:%M %Z"
    return article.published.strftime(shape).strip()
