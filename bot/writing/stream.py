"""A model's text, as it streams in, becomes drafts: whole sentences with the passages they cite.

    DraftReader(passages={1, 2, 3}).read(["Kim arri", "ved. [1]\\nPu", "tin left. [3]"])

Text is passed on as it can be read (without marks, bullets and Markdown), then each sentence once
more as a `Draft` when it is complete. What only leads up to the sentences is left out: "Here are
the bullets:", headings, code fences. `NOT_ANSWERED` ends the reading.

A sentence counts as complete when a line ends, or when the first word of the next sentence is
there: sentence splitting looks no further, so a later piece cannot undo it ("3." + "5 million").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from bot.grounding import sentences
from bot.writing.drafts import Draft
from bot.writing.marks import begins_with_mark, take_marks, without_open_mark

NOT_ANSWERED = "NOT_ANSWERED"  # as the prompts have it

_BULLET = re.compile(r"\s*(?:(?:[-*•–—+>]|\(?\d{1,2}[.)])\s+)+")
_LABEL = re.compile(
    r"\s*\W{0,2}(?:answer|bullet \d+|(?:corrected )?sentence)\W{0,2}:\W{0,2}\s*", re.IGNORECASE
)
_SURE = 16  # characters, after which a line is known not to be a label or the sentinel
_LEADING_UP = re.compile(
    r"\W*(?:here(?:'s|\s+(?:are|is))|sure|certainly|of course|okay|below|the following|"
    r"(?:brief )?summary|answer|bullets)\b",
    re.IGNORECASE,
)
_DECLINED = re.compile(rf"\W*{NOT_ANSWERED}\b|\W*not[_ ]answered\W*$", re.IGNORECASE)
_TALK = re.compile(r"\b(?:summary|bullets?|answers?|sentences?|points?|list)\b", re.IGNORECASE)
_MARKUP = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=[\w.!?,])[*_](?!\w)")
_NEXT_WORD = re.compile(r"\S+\s")
_MAYBE_ENDED = re.compile(r"(?<=[.!?…])([^\w\s]*)\s+\S*$")
_BOUNDARY = re.compile(r"[.!?…][^\w\s]*(?:\s*[\[【(][^\])】]{0,40}[\])】])*\s+\S+\s")
_REFUSAL = re.compile(
    r"\bI(?:['’]m| am)?\s+(?:(?:can(?:not|['’]?t)|won['’]?t|unable to|not able to)\s+)+"
    r"(?:\w+\s+){0,2}(?:assist|help|comply|fulfil|provide|continue)",
    re.IGNORECASE,
)
_THOUGHT = ("<think>", "</think>")


class DraftReader:
    """Reads one reply. `passages` are the numbers that exist; others are not cited."""

    def __init__(self, passages: Collection[int]) -> None:
        self.declined = False
        self._passages = frozenset(passages)
        self._line = ""
        self._shown = ""
        self._gap = ""  # what separates the next sentence from the last one shown

    def read(self, pieces: Iterable[str]) -> Iterator[str | Draft]:
        """Everything that the pieces of a reply hold, without its thoughts."""
        for piece in without_thoughts(pieces):
            yield from self.feed(piece)
            if self.declined:
                return
        yield from self.finish()

    def feed(self, piece: str) -> Iterator[str | Draft]:
        """What this piece of the reply adds: text to show, and the sentences now complete."""
        self._line += piece
        while "\n" in self._line and not self.declined:
            line, _, self._line = self._line.partition("\n")
            yield from self._end_line(line)
        if not self.declined:
            yield from self._take_complete()
            yield from self._show(self._readable(self._line))

    def finish(self) -> Iterator[str | Draft]:
        """The last sentence, when the reply ended as it should."""
        line, self._line = self._line, ""
        if not self.declined:
            yield from self._end_line(line)

    def _end_line(self, line: str) -> Iterator[str | Draft]:
        if _DECLINED.match(line):
            self.declined = True
            return
        if not _is_decoration(line):
            for part in _split(_body(line)):
                yield from self._complete(part)
        self._shown = ""
        self._gap = "\n" if self._gap else ""

    def _take_complete(self) -> Iterator[str | Draft]:
        """Drafts of the sentences in the current line that have another sentence behind them."""
        if not _BOUNDARY.search(self._line) or _is_decoration(self._line):
            return
        *complete, rest = _split(_body(self._line))
        if complete and _NEXT_WORD.match(take_marks(rest).text.lstrip()):
            for part in complete:
                yield from self._complete(part)
            self._line = rest

    def _complete(self, part: str) -> Iterator[str | Draft]:
        text, numbers = _tidy(_body(part))
        if _leads_up(text, numbers):
            self._shown = ""
            return
        yield from self._show(text)
        # What was shown of the next sentence already is not shown again.
        self._shown = self._shown[len(text) :].lstrip() if self._shown.startswith(text) else ""
        self._gap = " "
        yield Draft(text=text, passages=tuple(n for n in numbers if n in self._passages))

    def _readable(self, line: str) -> str:
        """The part of an unfinished line that is certainly text, "" when that is still open."""
        body = _body(line)
        if (
            len(body) < _SURE
            or _is_decoration(line)
            or _DECLINED.match(body)
            or _LEADING_UP.match(body)
        ):
            return ""
        text = take_marks(without_open_mark(body)).text
        return _tidy(_MAYBE_ENDED.sub(r"\1", text))[0].rstrip("*_`")

    def _show(self, text: str) -> Iterator[str]:
        if len(text) > len(self._shown) and text.startswith(self._shown):
            gap = "" if self._shown else self._gap
            yield gap + text[len(self._shown) :]
            self._shown = text


def is_refusal(text: str) -> bool:
    """Whether a sentence that cites nothing is the model declining, in its own words."""
    return _REFUSAL.search(text) is not None


def without_thoughts(pieces: Iterable[str]) -> Iterator[str]:
    """The reply without a <think> part at its beginning, which some servers leave in."""
    opening, closing = _THOUGHT
    held: str | None = ""
    for piece in pieces:
        if held is None:
            yield piece
            continue
        held += piece
        start = held.lstrip()
        if start.startswith(opening) and closing in start:
            yield start.partition(closing)[2].lstrip()
            held = None
        elif not start.startswith(opening) and not opening.startswith(start):
            yield held
            held = None
    if held and not held.lstrip().startswith(opening):
        yield held


def _is_decoration(line: str) -> bool:
    """Whether this line is a heading, a rule or the fence of a code block."""
    return line.lstrip().startswith(("#", "```", "---"))


def _body(line: str) -> str:
    """The line without its bullet, number or label."""
    bullet = _BULLET.match(line)
    body = line[bullet.end() if bullet else 0 :]
    label = _LABEL.match(body)
    return body[label.end() if label else 0 :]


def _split(body: str) -> list[str]:
    """The line's sentences, each with its marks: those behind it, or before it where the line
    begins with one."""
    text, _, origins = take_marks(body)
    spans = sentences.split(text)
    if begins_with_mark(body):
        cuts = [origins[sentence.end - 1] + 1 for sentence in spans[:-1]]
    else:
        cuts = [origins[sentence.start] for sentence in spans[1:]]
    return [body[start:end] for start, end in pairwise((0, *cuts, len(body)))]


def _tidy(part: str) -> tuple[str, tuple[int, ...]]:
    """A sentence as people read it, and the numbers that it cites."""
    text, numbers, _ = take_marks(part)
    text = _MARKUP.sub("", text.replace(NOT_ANSWERED, "").rstrip())
    text = re.sub(r"\s*[\[【]\s*\d{0,3}$", "", text)
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split())), numbers


def _leads_up(text: str, numbers: tuple[int, ...]) -> bool:
    """Whether this is no sentence of the reply but leads up to one, or is nothing."""
    if not any(character.isalnum() for character in text):
        return True
    if numbers:
        return False
    if _LEADING_UP.match(text) and _TALK.search(text):
        return True
    return text.endswith(":") or len(text.split()) < 2
